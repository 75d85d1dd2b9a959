// Everything over time: lines or stacked areas with a shared cursor, the same numbers below, and as a table.

import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { TimeRange } from '../../api/index.ts';
import { clockTime, type Paint } from '../../present/index.ts';
import { wantsLittleMotion } from '../look/theme.ts';
import type { Screen } from '../shell/screen.ts';
import { columnAt, fillColumns, type Reused, type TimeAxis, type Values } from './columns.ts';
import { ChartFigure } from './figure.tsx';
import { Legend } from './legend.tsx';
import { saveCanvas } from './picture.ts';
import { type Drawing, Plot } from './plot.ts';
import { chartSentence, chartTable } from './time-words.ts';
import type { Unit } from './units.ts';

export interface TimeLine {
  readonly title: string;
  readonly paint: Paint;
  /** One per column; null is a gap. Rates a second, not sums. */
  readonly values: Values;
  /** For what is compared with, such as the time before. */
  readonly isDashed?: boolean;
  /** A term of the filter language: a click on its name narrows to it. */
  readonly term?: string | undefined;
}

/** A moment worth a mark, such as an alert. */
export interface TimeMark {
  readonly timeUs: number;
  readonly title: string;
  readonly paint: Paint;
}

export interface TimeChartProps {
  readonly screen: Pick<Screen, 'theme' | 'cursorUs' | 'range' | 'setRange' | 'narrow'>;
  readonly title: string;
  readonly series: TimeAxis;
  readonly lines: readonly TimeLine[];
  readonly unit: Unit;
  readonly stacked?: boolean;
  readonly marks?: readonly TimeMark[];
  /** Packet time shown; left out: all columns. Its end glides with the newest column while it goes on. */
  readonly window?: TimeRange;
  /** The last column is still being counted and is left out. */
  readonly isOpenEnded?: boolean;
  /** A range was dragged; left out: the screen's range. */
  readonly onBrush?: (range: TimeRange) => void;
  /** CSS pixels; 220 when left out. */
  readonly height?: number;
  /** Left out: made from the lines. */
  readonly sentence?: string;
}

/** How often it is drawn at the most, and when people want no motion; milliseconds. */
const liveMs = 95;
const calmMs = 1000;

export function TimeChart(props: TimeChartProps) {
  const { screen, series, lines, unit, stacked = false, marks = [], height = 220 } = props;
  const room = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const columns = useRef<Reused[]>([]);
  const latest = useRef(props);
  latest.current = props;
  const theme = screen.theme.value;
  const all = Math.max(0, ...lines.map(({ values }) => values.length));
  const count = Math.max(0, props.isOpenEnded ? all - 1 : all);
  const shape = `${lines.map(({ title, isDashed }) => `${title}${isDashed ? '-' : ''}`).join('|')}/${stacked}/${unit}`;

  useLayoutEffect(() => {
    const element = room.current;
    if (element === null) return;
    const made = new Plot(element, { isStacked: stacked, unit, height, lines: lines.length }, () => latest.current);
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [shape, height]);

  // Copies the columns, and draws them when the page is visible.
  useLayoutEffect(() => {
    const drawing: Drawing = {
      data: fillColumns(
        columns.current,
        series,
        lines.map(({ values }) => values),
        count,
        stacked,
      ),
      range: props.window ?? null,
      theme,
      marks,
    };
    plot.current?.draw(drawing, wantsLittleMotion() ? calmMs : liveMs);
  });

  useEffect(() => screen.cursorUs.subscribe((us) => plot.current?.follow(us)), [screen]);

  const cursor = screen.cursorUs.value;
  const at = cursor === null ? null : columnAt(series, count, cursor);
  return (
    <ChartFigure
      title={props.title}
      sentence={props.sentence ?? chartSentence(props, count)}
      table={() => chartTable(latest.current, count)}
      onPicture={() => {
        const canvas = plot.current?.canvas();
        if (canvas !== undefined) saveCanvas(canvas, props.title, theme);
      }}
    >
      <div
        ref={room}
        class="chart-room"
        style={{ height: `${height}px` }}
        role="slider"
        tabIndex={0}
        aria-label={`${props.title}: moment`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, count - 1)}
        aria-valuenow={at ?? Math.max(0, count - 1)}
        aria-valuetext={momentText(props, at ?? count - 1)}
        onKeyDown={(event) => plot.current?.key(event, count)}
      />
      <Legend screen={screen} lines={lines} unit={unit} at={at ?? count - 1} isCursor={at !== null} axis={series} />
    </ChartFigure>
  );
}

function momentText({ lines, series }: TimeChartProps, at: number): string {
  if (at < 0 || lines.length === 0) return 'nothing yet';
  return clockTime((series.startSec + at * series.stepSec) * 1e6);
}
