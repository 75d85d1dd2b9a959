// Rows of a window by the names of their columns, found by their place in the whole list.

import type { Cell, Row, RowWindow } from '../../../api/index.ts';
import { formatBytes, formatCount } from '../../../present/index.ts';
import type { Known, Place, Room, Wants } from '../../frame/view.ts';

/** Rows of one answer. */
export interface Rows {
  /** Rows that can be reached: of those in another order than newest first, not the very last. */
  readonly total: number;
  /** Rows that fit. */
  readonly found: number;
  readonly kept: number;
  readonly forgotten: number;
  /** Null where the answer does not have it (yet). */
  at(index: number): Row | null;
}

const mostAsked = 200;
/** So deep goes a window that is sorted: scenes would have to sort all of it. */
const deepestSorted = 10_000;

/** What to ask so that a page is there, and the pages beside it as well. */
export function asking(place: Place, rows: number, wants: Omit<Wants, 'from' | 'count'>): Wants {
  const page = Math.max(1, Math.min(rows, mostAsked));
  const deepest = wants.sort === undefined ? Number.MAX_SAFE_INTEGER : deepestSorted - mostAsked;
  // From whole pages: while the cursor goes down a page, the question stays the same.
  const step = Math.max(1, Math.min(page, mostAsked - 2 * page));
  const from = Math.min(deepest, Math.floor(Math.max(0, place.first - page) / step) * step);
  const filter = place.filter.trim();
  return { ...(filter === '' ? {} : { filter }), ...wants, from, count: Math.min(mostAsked, page * 3) };
}

/**
 * Rows of a table; null while there is no answer about it.
 *
 * @param filter with which they must have been asked for; left out: that of the place
 */
export function rowsOfWindow(
  { window, asked }: Known,
  place: Place,
  table: string,
  filter = place.filter.trim(),
): Rows | null {
  if (window === null || (asked !== null && (asked.table !== table || (asked.filter ?? '') !== filter))) return null;
  const from = asked?.from ?? Math.max(0, place.first);
  const read = new Map<number, Row>();
  const at = (index: number): Row | null => {
    const cells = window.rows[index - from];
    if (cells === undefined) return null;
    const row = read.get(index) ?? rowOf(window, cells);
    read.set(index, row);
    return row;
  };
  const total = asked?.sort === undefined ? window.total : Math.min(window.total, deepestSorted);
  return { total, found: window.total, kept: window.kept, forgotten: window.forgotten, at };
}

function rowOf({ columns }: RowWindow, cells: readonly Cell[]): Row {
  const row: Record<string, Cell> = {};
  for (let i = 0; i < columns.length; i++) row[columns[i].name] = cells[i] ?? null;
  return row;
}

/** What a row is known by while the order changes: a flow, a host, an alert; null where there is no row. */
export function keyAt(rows: Rows | null, index: number): string | null {
  const row = rows?.at(index) ?? null;
  if (row === null) return null;
  const { run, alert_id: alert, flow_id: flow, start_ts: since, ip } = row;
  return [run, alert ?? (flow === undefined ? ip : `${flow} ${since}`)].join(' ');
}

export const textAt = (row: Row, column: string): string => {
  const value = row[column];
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length > 0 ? String(value[0]) : '';
  return typeof value === 'number' ? String(value) : '';
};

export const numberAt = (row: Row, column: string): number | null => {
  const value = row[column];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

export const textsAt = (row: Row, column: string): string[] => {
  const value = row[column];
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' && value !== '' ? [value] : [];
};

/** In full where it fits, otherwise with three digits: a number is never cut. */
export function shortCount(count: number, cells: number): string {
  const whole = formatCount(count);
  return whole.length <= cells ? whole : formatBytes(count).replace(/ ?B$/, '');
}

/** Rows that fit below headings. */
export const rowsFor = (room: Room, above: number): number => Math.max(1, room.rows - above);
