// Traffic over time as an area of braille dots (two by four in a cell), or of letters where there is only ASCII.

import type { Ink } from '../../present/index.ts';
import { fit, type Span, type Spans, span } from './lines.ts';
import { resample } from './spark.ts';
import type { Look } from './view.ts';

export interface ChartLayer {
  readonly ink: Ink;
  readonly values: readonly number[];
}

export interface ChartOptions {
  readonly cells: number;
  /** Rows of the picture, and one for the times below it. */
  readonly rows: number;
  /** Words of a value at the axis. */
  readonly label: (value: number) => string;
  /** What stands below, by place from 0 (left) to 1 (right). */
  readonly times: readonly (readonly [at: number, words: string])[];
}

const leftDots = [0, 0x40, 0x44, 0x46, 0x47];
const rightDots = [0, 0x80, 0xa0, 0xb0, 0xb8];
const labelCells = 5;

/** The next of 1, 2, 3, 4, 5, 6, 8 times a power of ten: the top of an axis with round numbers on it. */
export function niceTop(max: number): number {
  if (!(max > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(max));
  const digit = [1, 2, 3, 4, 5, 6, 8, 10].find((each) => each * power >= max * 0.9999) ?? 10;
  return digit * power;
}

/** Rows that have a label, and what it says: the top, nothing, and what is round between. */
function labelsOf(top: number, rows: number, label: (value: number) => string): string[] {
  const out = Array<string>(rows).fill('');
  const parts = rows >= 8 ? 4 : rows >= 4 ? 2 : 1;
  for (let i = 1; i <= parts; i++) {
    const row = Math.round((1 - i / parts) * (rows - 1));
    out[row] = label((top * i) / parts);
  }
  out[rows - 1] = label(0);
  return out;
}

/** The picture with its axes; layers lie upon each other, the first at the bottom. */
export function areaChart(layers: readonly ChartLayer[], options: ChartOptions, look: Look): Spans[] {
  const { cells, label } = options;
  const rows = Math.max(1, options.rows - 1);
  const wide = Math.max(1, cells - labelCells - 1);
  const shown = look.depth === 0 && layers.length > 1 ? [{ ink: 'text' as Ink, values: sum(layers) }] : layers;
  const columns = shown.map(({ values }) => resample(values, wide * 2));
  const tops = stackedTops(columns);
  const top = niceTop(Math.max(0, ...(tops.at(-1) ?? [])));
  const labels = labelsOf(top, rows, label);
  const out: Spans[] = [];
  for (let row = 0; row < rows; row++) {
    const words = fit([span(labels[row], 'muted')], labelCells, look, 'right');
    out.push([...words, span(' '), ...pictureRow(shown, tops, { row, rows, wide, top }, look)]);
  }
  return [...out, timesRow(options, wide, look)];
}

function sum(layers: readonly ChartLayer[]): number[] {
  const length = Math.max(0, ...layers.map(({ values }) => values.length));
  return Array.from({ length }, (_, i) => layers.reduce((total, { values }) => total + (values[i] ?? 0), 0));
}

/** Upper edge of each layer, at each dot. */
function stackedTops(columns: readonly (readonly number[])[]): number[][] {
  const out: number[][] = [];
  for (const [i, values] of columns.entries()) {
    out.push(values.map((value, x) => Math.max(0, value) + (i > 0 ? out[i - 1][x] : 0)));
  }
  return out;
}

interface RowPlace {
  readonly row: number;
  readonly rows: number;
  readonly wide: number;
  readonly top: number;
}

/** One row of cells; a cell has the ink of the layer that takes most of it. */
function pictureRow(layers: readonly ChartLayer[], tops: readonly number[][], place: RowPlace, look: Look): Span[] {
  const { row, rows, wide, top } = place;
  const all = tops.at(-1) ?? [];
  const floor = (rows - 1 - row) * 4;
  const dotsAt = (value: number): number => {
    const dots = Math.min(rows * 4, value > 0 ? Math.max(1, Math.round((value / top) * rows * 4)) : 0);
    return Math.max(0, Math.min(4, dots - floor));
  };
  const spans: Span[] = [];
  let run = '';
  let ink: Ink = 'text';
  for (let x = 0; x < wide; x++) {
    const [a, b] = [dotsAt(all[2 * x] ?? 0), dotsAt(all[2 * x + 1] ?? 0)];
    const next: Ink = a + b === 0 ? ink : (layers[widest(tops, 2 * x, place)]?.ink ?? 'text');
    if (next !== ink) {
      if (run !== '') spans.push(span(run, ink));
      run = '';
      ink = next;
    }
    run += look.unicode
      ? a + b === 0
        ? ' '
        : String.fromCharCode(0x2800 | leftDots[a] | rightDots[b])
      : ' .::##'[Math.ceil(((a + b) * 5) / 8)];
  }
  if (run !== '') spans.push(span(run, ink));
  return spans;
}

/** The layer that takes most of the stretch of values that a cell stands for. */
function widest(tops: readonly number[][], x: number, { row, rows, top }: RowPlace): number {
  const low = ((rows - 1 - row) / rows) * top;
  const high = ((rows - row) / rows) * top;
  let best = 0;
  let most = -1;
  // Layers above the first that fills the cell have no part in it.
  for (let i = 0; i < tops.length; i++) {
    const edges = tops[i];
    const under = i > 0 ? tops[i - 1] : null;
    const taken = taking(edges, under, x, low, high) + taking(edges, under, x + 1, low, high);
    if (taken > most) {
      best = i;
      most = taken;
    }
    if (edges[x] >= high && (edges[x + 1] ?? 0) >= high) break;
  }
  return best;
}

/** How much of a stretch of values one layer takes at one place. */
function taking(
  edges: readonly number[],
  under: readonly number[] | null,
  x: number,
  low: number,
  high: number,
): number {
  const from = under === null ? low : Math.max(low, under[x] ?? 0);
  return Math.max(0, Math.min(high, edges[x] ?? 0) - from);
}

/** Times centred below where they belong; those that would touch the one before are left out. */
function timesRow({ times }: ChartOptions, wide: number, look: Look): Spans {
  let line = '';
  for (const [at, words] of times) {
    const from = Math.min(wide - words.length, Math.max(0, Math.round(at * wide - words.length / 2)));
    if (from < 0 || (line !== '' && from < line.length + 1)) continue;
    line = line.padEnd(from) + words;
  }
  return [span(' '.repeat(labelCells + 1)), ...fit([span(line, 'muted')], wide, look)];
}
