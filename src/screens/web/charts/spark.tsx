// A line without axes: how a value went lately.

import type { Paint } from '../../present/index.ts';
import type { Theme } from '../shell/screen.ts';
import { largest, type Values } from './columns.ts';
import { colourOf } from './units.ts';

export interface SparkProps {
  readonly values: Values;
  readonly paint: Paint;
  /** What it shows, in words: `in, last minute, at most 38 Mb/s`. */
  readonly label: string;
  readonly theme: Theme;
  /** Columns of the whole width; left out: as many as there are values. */
  readonly columns?: number;
}

const width = 120;
const height = 24;

/** Points of the line, left to right; newer values stand on the right. */
export function sparkPoints(values: Values, columns: number): string {
  const most = largest(values) || 1;
  const shown = values.slice(-columns);
  const step = columns > 1 ? width / (columns - 1) : 0;
  return shown
    .map((value, i) => [width - (shown.length - 1 - i) * step, height - 1 - ((value ?? 0) / most) * (height - 3)])
    .map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`)
    .join(' ');
}

export function Spark({ values, paint, label, theme, columns = values.length }: SparkProps) {
  const points = sparkPoints(values, columns);
  const colour = colourOf(paint, theme);
  const first = points.slice(0, points.indexOf(','));
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {values.length > 1 && (
        <>
          <polygon points={`${first},${height} ${points} ${width},${height}`} fill={colour} fill-opacity="0.18" />
          <polyline
            points={points}
            fill="none"
            stroke={colour}
            stroke-width="1.5"
            vector-effect="non-scaling-stroke"
            stroke-linejoin="round"
          />
        </>
      )}
    </svg>
  );
}
