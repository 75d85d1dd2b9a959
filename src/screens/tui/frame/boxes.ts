// Parts of a frame under headings, side by side and one below the other, divided by hairlines.

import { cellsOf, fit, nothing, type Span, type Spans, span, widthOf } from './lines.ts';
import type { Look } from './view.ts';

/** The same without the mark at its beginning, for parts that stand beside others. */
export const sideHeading = (title: string, cells: number, look: Look, note = ''): Span[] =>
  heading(title, cells + 1, look, nothing, note).slice(1);

/** `▎Title  more ─────────── note ──`, exactly `cells` wide. */
export function heading(title: string, cells: number, look: Look, more: Spans = nothing, note = ''): Span[] {
  const begins: Spans = [
    span('▎', 'focus'),
    span(title, 'strong'),
    span(more.length > 0 ? '  ' : ' '),
    ...more,
    span(more.length > 0 ? ' ' : ''),
  ];
  const room = cells - widthOf(begins);
  const end = note === '' || cellsOf(note) + 5 > room ? '' : ` ${note} ──`;
  const rule = '─'.repeat(Math.max(0, room - cellsOf(end)));
  const ends: Spans = end === '' ? [] : [span(` ${note} `, 'muted'), span('──', 'line')];
  return fit([...begins, span(rule, 'line'), ...ends], cells, look);
}

/** Exactly so many rows: what is too much is left out, what is missing is empty. */
export function rowsOf(rows: readonly Spans[], count: number): Spans[] {
  const most = Math.max(0, count);
  return Array.from({ length: most }, (_, i) => rows[i] ?? nothing);
}

/** Two parts side by side with a line between them; both begin with their headings. */
export function beside(
  [left, leftCells]: readonly [readonly Spans[], number],
  [right, rightCells]: readonly [readonly Spans[], number],
  rows: number,
  look: Look,
): Spans[] {
  const heads = (i: number): Span => (i === 0 ? span('┬─', 'line') : span('│ ', 'line'));
  return rowsOf(left, rows).map((row, i) => [
    ...fit(row, leftCells, look),
    heads(i),
    ...fit(right[i] ?? nothing, rightCells, look),
  ]);
}

/** Cells between two parts that stand side by side. */
export const betweenCells = 2;

/** Label and value pairs in one row, with room between them; those that do not fit are left out, the last ones first. */
export function facts(pairs: readonly (readonly [label: string, value: string])[], cells: number): Spans {
  const row: Span[] = [];
  let used = 1;
  for (const [label, value] of pairs) {
    const width = cellsOf(label) + cellsOf(value) + (label === '' ? 0 : 1);
    if (used + width > cells) continue;
    row.push(span(row.length === 0 ? ' ' : '   '));
    if (label !== '') row.push(span(`${label} `, 'muted'));
    row.push(span(value));
    used += width + 3;
  }
  return row;
}
