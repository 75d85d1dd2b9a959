// Rows under headings: as many columns as the room has place for, the least needed left out first.

import type { ShownColumn } from '../../present/index.ts';
import { cellsOf, fit, type Span, type Spans, selected, span } from './lines.ts';
import type { Look } from './view.ts';

/** A column with the cells it takes. */
export interface FittedColumn extends ShownColumn {
  readonly cells: number;
}

const gap = 2;
/** The mark of the row under the cursor, and a space. */
const markCells = 3;

/** Cells that a column is comfortable with: numbers take what they need, text a share of what it could. */
function comfortable({ title, least, most, align }: ShownColumn, cells: number): number {
  const share = cells >= 180 ? 0.6 : cells >= 110 ? 0.4 : 0.2;
  if (align === 'right') return most;
  return Math.max(Math.min(cellsOf(title), most), Math.round(least + (most - least) * share));
}

/**
 * Columns that fit into `cells`, by rank, with their widths. Widths depend on the room alone, never on what is shown, so
 * that nothing jumps while rows change.
 *
 * @param kept a column that is never left out: the one that rows are sorted by
 */
export function fitColumns(columns: readonly ShownColumn[], cells: number, kept: string | null): FittedColumn[] {
  const order = columns
    .map((column, i) => ({ column, i, rank: column.column === kept ? 0 : column.rank }))
    .sort((a, b) => a.rank - b.rank || a.i - b.i);
  const widths = new Map<ShownColumn, number>();
  let room = cells - markCells + gap;
  for (const { column, rank } of order) {
    const wanted = comfortable(column, cells);
    const width =
      wanted + gap <= room
        ? wanted
        : rank <= 1 && column.least + gap <= room
          ? room - gap
          : rank === 0
            ? Math.min(column.least, room - gap)
            : 0;
    if (width < 3) continue;
    widths.set(column, width);
    room -= width + gap;
  }
  grow(
    order.map(({ column }) => column),
    widths,
    room,
  );
  return columns
    .filter((column) => widths.has(column))
    .map((column) => ({ ...column, cells: widths.get(column) ?? 0 }));
}

/** What is left over goes to those that can use it, a cell at a time in turn. */
function grow(columns: readonly ShownColumn[], widths: Map<ShownColumn, number>, left: number): void {
  let room = left;
  for (let hasGrown = true; hasGrown && room > 0; ) {
    hasGrown = false;
    for (const column of columns) {
      const width = widths.get(column);
      if (width === undefined || width >= column.most || room <= 0) continue;
      widths.set(column, width + 1);
      room--;
      hasGrown = true;
    }
  }
}

export interface TableHead {
  readonly sort: { readonly column: string; readonly descending: boolean } | null;
  /** Column under the cursor; null: rows alone are chosen. */
  readonly cursor: string | null;
}

/** Titles of columns: ▼▲ where rows are sorted by one, the one under the cursor set off. */
export function headRow(columns: readonly FittedColumn[], { sort, cursor }: TableHead, look: Look): Span[] {
  const row: Span[] = [span(' '.repeat(markCells))];
  for (const [i, { column, title, cells, align }] of columns.entries()) {
    const arrow = sort?.column === column ? (sort.descending ? '▼' : '▲') : '';
    const isCursor = column === cursor;
    const words = isCursor && look.depth === 0 ? title.toUpperCase() : title;
    const whole = [span(`${words}${arrow}`, isCursor ? 'underlined' : 'muted')];
    const isLast = i === columns.length - 1;
    row.push(...fit(whole, cells, look, align), span(isLast ? '' : '  '));
  }
  return row;
}

/** One row: a mark where the cursor is, which is seen without colour, too. */
export function tableRow(
  columns: readonly FittedColumn[],
  cellOf: (column: FittedColumn) => Spans,
  isSelected: boolean,
  look: Look,
): Spans {
  const row: Span[] = [span(isSelected ? ' ▌ ' : '   ', 'focus')];
  for (const [i, column] of columns.entries()) {
    if (i > 0) row.push(span('  '));
    row.push(...fit(cellOf(column), column.cells, look, column.align));
  }
  return isSelected ? selected(row) : row;
}

/** A list without columns: the mark, then what it says. */
export function listRow(spans: Spans, isSelected: boolean, cells: number, look: Look): Spans {
  const row = [span(isSelected ? ' ▌ ' : '   ', 'focus'), ...fit(spans, Math.max(0, cells - markCells), look)];
  return isSelected ? selected(row) : row;
}

/** The middle left out, so that both ends of an address or a name can be told; text is printable and of narrow letters. */
export function cutMiddle(text: string, cells: number, look: Look): string {
  if (cellsOf(text) <= cells || cells < 5 || cellsOf(text) !== text.length) return text;
  const tail = Math.floor((cells - 1) / 2);
  return `${text.slice(0, cells - 1 - tail)}${look.unicode ? '…' : '~'}${text.slice(-tail)}`;
}

/** The beginning left out: of the name of a server, its end says more. */
export function cutStart(text: string, cells: number, look: Look): string {
  if (cellsOf(text) <= cells || cells < 2) return text;
  const chars = [...text];
  let from = chars.length;
  for (let used = 1; from > 0; from--) {
    used += cellsOf(chars[from - 1]);
    if (used > cells) break;
  }
  return `${look.unicode ? '…' : '~'}${chars.slice(from).join('')}`;
}

/** Rows to show of a list, from and to, so that the one under the cursor is seen in any room. */
export function shownRows(
  { first, selected }: { readonly first: number; readonly selected: number },
  total: number,
  rows: number,
): readonly [from: number, to: number] {
  const from = firstShown(first, Math.max(0, Math.min(selected, total - 1)), rows);
  return [from, Math.min(total, from + rows)];
}

/** First row to show so that the one under the cursor is seen. */
export function firstShown(first: number, at: number, rows: number): number {
  if (at < first) return at;
  return at >= first + rows ? at - Math.max(1, rows) + 1 : Math.max(0, first);
}
