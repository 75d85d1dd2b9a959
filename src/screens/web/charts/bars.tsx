// Horizontal bars with names and numbers: how much more one thing is than another. A click filters.

import type { ComponentChildren } from 'preact';
import { formatPercent, type Paint } from '../../present/index.ts';
import type { Screen } from '../shell/screen.ts';
import { ChartFigure } from './figure.tsx';
import { colourOf } from './units.ts';

export interface BarRow {
  readonly label: string;
  /** Ready to be shown. */
  readonly value: string;
  /** Of all, 0 to 1: said as a percentage; the bar's length is by the largest share. */
  readonly share: number;
  readonly paint: Paint;
  /** One term of the filter language: a click narrows to it. */
  readonly term?: string | undefined;
  /** Goes there instead of narrowing. */
  readonly href?: string | undefined;
  /** Second line, muted. */
  readonly note?: string | undefined;
}

export interface BarsProps {
  readonly screen: Pick<Screen, 'theme' | 'narrow'>;
  readonly rows: readonly BarRow[];
  readonly title: string;
  /** What the numbers are: heading of their column in the table. */
  readonly measure: string;
  readonly sentence?: string;
  /** Shares are no parts of a whole: no percentage. */
  readonly isPlain?: boolean;
  /** What stands there when there are no rows. */
  readonly empty?: string;
}

function barSentence({ rows, measure, isPlain }: BarsProps): string {
  if (rows.length === 0) return 'Nothing to show yet.';
  const [first] = rows;
  const share = isPlain ? '' : `, ${formatPercent(first.share, 1)}`;
  return `${rows.length} ${rows.length === 1 ? 'row' : 'rows'} by ${measure}; the largest is ${first.label}: ${first.value}${share}.`;
}

export function Bars(props: BarsProps) {
  const { rows, title, measure, isPlain, empty = 'Nothing yet.' } = props;
  const most = Math.max(...rows.map(({ share }) => share), 0) || 1;
  const table = () => ({
    columns: isPlain ? [title, measure] : [title, measure, 'share'],
    rows: rows.map(({ label, value, share }) => (isPlain ? [label, value] : [label, value, formatPercent(share, 1)])),
  });
  return (
    <ChartFigure title={title} sentence={props.sentence ?? barSentence(props)} table={table}>
      {rows.length === 0 ? (
        <p class="muted">{empty}</p>
      ) : (
        <ul class="bars">
          {rows.map((row) => (
            <Bar key={row.label} row={row} length={row.share / most} isPlain={isPlain === true} screen={props.screen} />
          ))}
        </ul>
      )}
    </ChartFigure>
  );
}

interface BarProps {
  readonly row: BarRow;
  /** Of the longest, 0 to 1. */
  readonly length: number;
  readonly isPlain: boolean;
  readonly screen: Pick<Screen, 'theme' | 'narrow'>;
}

function Bar({ row, length, isPlain, screen }: BarProps) {
  const colour = colourOf(row.paint, screen.theme.value);
  const inner = (
    <>
      <span class="bar-label">{row.label}</span>
      <svg class="bar-mark" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect x="0" y="0" height="10" width={Math.max(length * 100, row.share > 0 ? 0.5 : 0)} fill={colour} />
      </svg>
      <span class="bar-value num">{row.value}</span>
      {!isPlain && <span class="bar-share num muted">{formatPercent(row.share, 1)}</span>}
      {row.note !== undefined && <span class="bar-note muted">{row.note}</span>}
    </>
  );
  return (
    <li class={isPlain ? 'bar bar-plain' : 'bar'}>
      <BarControl row={row} screen={screen}>
        {inner}
      </BarControl>
    </li>
  );
}

function BarControl({
  row,
  screen,
  children,
}: {
  readonly row: BarRow;
  readonly screen: Pick<Screen, 'narrow'>;
  readonly children: ComponentChildren;
}) {
  const { term, href } = row;
  if (href !== undefined) {
    return (
      <a class="bar-line" href={href}>
        {children}
      </a>
    );
  }
  if (term === undefined) return <span class="bar-line">{children}</span>;
  return (
    <button
      type="button"
      class="bar-line"
      title={`${term}: click only this, Alt-click not this`}
      onClick={(event) => screen.narrow(term, event.altKey)}
    >
      {children}
    </button>
  );
}
