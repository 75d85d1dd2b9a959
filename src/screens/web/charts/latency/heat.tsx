// Latency over time as a field of cells: to the right time, upwards longer waits, the stronger the more of them.

import { useLayoutEffect, useRef } from 'preact/hooks';
import { latencyBins, latencyBoundsUs } from '../../../../core/index.ts';
import { counted, formatCount, formatDuration, type Paint } from '../../../present/index.ts';
import type { Screen } from '../../shell/screen.ts';
import { ChartFigure, type ChartTable } from '../figure.tsx';
import { saveCanvas } from '../picture.ts';
import { columnTime } from '../time-words.ts';
import { colourOf } from '../units.ts';
import { allBins, type BinColumns, binFromUs, joinedColumns, percentileUs } from './percentiles.ts';

export interface HeatProps {
  readonly screen: Pick<Screen, 'theme' | 'cursorUs' | 'setRange'>;
  readonly title: string;
  readonly columns: BinColumns;
  readonly paint: Paint;
}

const mostColumns = 120;
const rowPixels = 11;
const height = latencyBins * rowPixels;
/** Bounds that have a name at the left. */
const named = [1e3, 1e4, 1e5, 1e6, 1e7];
const boundIndex = (us: number): number => (latencyBoundsUs as readonly number[]).indexOf(us);
/** The weakest cell that is not empty, so that one single answer can be seen. */
const faintest = 0.22;

const text = (us: number | null): string => (us === null ? '–' : formatDuration(us / 1e6));

/** How strong a cell is, 0 to 1: by the root, so that few beside many are still seen. */
export function strength(count: number, most: number): number {
  return count === 0 ? 0 : faintest + (1 - faintest) * Math.sqrt(count / most);
}

function heatSentence({ columns: { bins } }: HeatProps): string {
  const all = allBins(bins);
  const total = all.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 'Nothing was measured in this time.';
  const [half, most, nearly] = [0.5, 0.95, 0.99].map((part) => text(percentileUs(all, part)));
  return `${counted(total, 'measurement')}: half of them below ${half}, 95 % below ${most}, 99 % below ${nearly}.`;
}

function heatTable({ columns }: HeatProps): ChartTable {
  const { bins } = columns;
  const rows = bins.flatMap((column, i) => {
    const count = column.reduce((sum, each) => sum + each, 0);
    if (count === 0) return [];
    const parts = [0.5, 0.95, 0.99].map((part) => text(percentileUs(column, part)));
    return [[columnTime(columns, i), formatCount(count), ...parts]];
  });
  return { columns: ['time', 'measured', 'p50', 'p95', 'p99'], rows };
}

export function Heat(props: HeatProps) {
  const { screen, paint, title } = props;
  const columns = joinedColumns(props.columns, mostColumns);
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = screen.theme.value;
  const { startSec, stepSec, bins } = columns;
  const most = Math.max(1, ...bins.flat());
  useLayoutEffect(() => {
    if (canvas.current !== null && !document.hidden) drawCells(canvas.current, bins, colourOf(paint, theme), most);
  });
  const spanUs = bins.length * stepSec * 1e6;
  const cursor = screen.cursorUs.value;
  const at = cursor === null ? -1 : (cursor - startSec * 1e6) / spanUs;
  const point = (event: MouseEvent): number => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return startSec * 1e6 + ((event.clientX - box.left) / box.width) * spanUs;
  };
  return (
    <ChartFigure
      title={title}
      sentence={heatSentence(props)}
      table={() => heatTable({ ...props, columns })}
      onPicture={() => canvas.current !== null && saveCanvas(canvas.current, title, theme)}
    >
      <div class="heat">
        <ul class="heat-scale num muted" aria-hidden="true">
          {named.map((us) => (
            <li key={us} style={{ bottom: `${((boundIndex(us) + 1) / latencyBins) * 100}%` }}>
              {text(us)}
            </li>
          ))}
        </ul>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the pointer only moves the shared cursor; keys do so in charts of lines */}
        <div
          class="heat-field"
          style={{ height: `${height}px` }}
          onMouseMove={(event) => {
            screen.cursorUs.value = point(event);
          }}
          onMouseLeave={() => {
            screen.cursorUs.value = null;
          }}
          onDblClick={() => screen.setRange(null)}
        >
          <canvas ref={canvas} />
          {at >= 0 && at <= 1 && <div class="heat-cursor" style={{ left: `${at * 100}%` }} />}
        </div>
      </div>
      <p class="muted small">
        Upwards: longer. The stronger a cell, the more fell into it; the strongest holds {formatCount(most)}.{' '}
        {cursorWords(columns, at)}
      </p>
    </ChartFigure>
  );
}

function cursorWords(columns: BinColumns, at: number): string {
  const column = Math.floor(at * columns.bins.length);
  const bins = columns.bins[column];
  if (at < 0 || bins === undefined) return '';
  const fullest = bins.reduce((best, count, bin) => (count > bins[best] ? bin : best), 0);
  if (bins[fullest] === 0) return `${columnTime(columns, column)}: nothing measured.`;
  const to = latencyBoundsUs[fullest];
  const range = to === undefined ? `over ${text(binFromUs(fullest))}` : `${text(binFromUs(fullest))} to ${text(to)}`;
  return `${columnTime(columns, column)}: most often ${range}; p95 ${text(percentileUs(bins, 0.95))}.`;
}

function drawCells(canvas: HTMLCanvasElement, bins: BinColumns['bins'], colour: string, most: number): void {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.max(1, canvas.clientWidth);
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const brush = canvas.getContext('2d');
  if (brush === null) return;
  brush.scale(ratio, ratio);
  brush.fillStyle = colour;
  const cell = width / Math.max(1, bins.length);
  bins.forEach((column, x) => {
    column.forEach((count, bin) => {
      if (count === 0) return;
      brush.globalAlpha = strength(count, most);
      brush.fillRect(x * cell, height - (bin + 1) * rowPixels, Math.max(1, cell - 0.5), rowPixels - 1);
    });
  });
}
