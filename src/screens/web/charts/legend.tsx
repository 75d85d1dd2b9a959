// Names, colours and numbers of lines: those at the cursor, else the newest.

import type { Screen } from '../shell/screen.ts';
import type { TimeAxis } from './columns.ts';
import type { TimeLine } from './time.tsx';
import { columnTime } from './time-words.ts';
import { colourOf, type Unit, unitText } from './units.ts';

interface LegendProps {
  readonly screen: Pick<Screen, 'theme' | 'narrow'>;
  readonly lines: readonly TimeLine[];
  readonly unit: Unit;
  /** The column; below 0: none. */
  readonly at: number;
  readonly isCursor: boolean;
  readonly axis: TimeAxis;
}

export function Legend({ screen, lines, unit, at, isCursor, axis }: LegendProps) {
  const theme = screen.theme.value;
  return (
    <ul class="legend">
      <li class="legend-time num">{at < 0 ? '–' : isCursor ? columnTime(axis, at) : 'latest'}</li>
      {lines.map(({ title, paint, values, isDashed, term }) => {
        const inner = (
          <>
            <svg class="legend-mark" viewBox="0 0 12 12" aria-hidden="true">
              {isDashed ? (
                <path d="M0 6h4M7 6h5" stroke={colourOf(paint, theme)} stroke-width="2" />
              ) : (
                <rect width="12" height="12" rx="2" fill={colourOf(paint, theme)} />
              )}
            </svg>
            {title} <span class="num muted">{unitText(unit, at < 0 ? null : values[at])}</span>
          </>
        );
        return (
          <li key={title}>
            {term === undefined ? (
              <span class="legend-line">{inner}</span>
            ) : (
              <button
                type="button"
                class="legend-line"
                title={`${term}: click only this, Alt-click not this`}
                onClick={(event) => screen.narrow(term, event.altKey)}
              >
                {inner}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
