// The list of flows: its columns, what a row says, and what the column under the cursor means in a filter.

import type { Row, SceneAbout } from '../../../api/index.ts';
import { cellText, flowColumns, flowStateText, type ShownColumn, unknown } from '../../../present/index.ts';
import { type Spans, span, text } from '../../frame/lines.ts';
import { type FittedColumn, fitColumns, headRow, shownRows, tableRow } from '../../frame/table.ts';
import type { Known, Look, Place } from '../../frame/view.ts';
import { appInk, endShort, nameOf, protocolTitle } from '../parts/names.ts';
import { numberAt, type Rows, textAt } from '../parts/rows.ts';
import { term } from '../parts/terms.ts';

/** Those with most to and fro now come first; of those that are still, the newest. */
const byRate = { column: 'rate_rev', descending: true } as const;
const byBytes = { column: 'bytes', descending: true } as const;

/** In a file and in the past nothing has a rate: the largest come first. */
export const flowOrder = (about: SceneAbout | undefined): typeof byRate | typeof byBytes =>
  about === undefined || about.isLive ? byRate : byBytes;

/** The order in words, while nobody chose another. */
export function orderWords(known: Known, place: Place): string {
  if (place.sort !== null) return '';
  if (!known.about.isLive) return 'by bytes, both ways';
  return isOver(known) ? 'newest first' : 'by rate, then newest';
}

/** Bytes have two cells more, for a sign of how much it is beside the others; protocols and states are not to be cut. */
const own: readonly ShownColumn[] = flowColumns.map((column) => {
  if (/^bytes_/.test(column.column)) return { ...column, least: 9, most: 10 };
  if (column.column === 'state') return { ...column, most: 11 };
  return column.column === 'app' ? { ...column, least: 7 } : column;
});
/** While traffic goes on, how fast it is counts more than how much it was. */
const liveRanks: Readonly<Record<string, number>> = { rate_rev: 1.5, rate_fwd: 1.5, state: 2.5 };
const whileLive = own.map((column) => ({ ...column, rank: liveRanks[column.column] ?? column.rank }));
/** Afterwards it is the other way round. */
const lateRanks: Readonly<Record<string, number>> = { bytes_rev: 1.5, bytes_fwd: 1.5, state: 2.5 };
const afterwards = own
  .filter(({ column }) => !/^rate_/.test(column))
  .map((column) => ({
    ...column,
    rank: lateRanks[column.column] ?? column.rank,
    // `open at end` is said only afterwards.
    least: column.column === 'state' ? column.most : column.least,
  }));

export const isOver = (known: Known): boolean => known.snapshot?.state === 'done' || !known.about.isLive;

/** Countries are shown where they can be known. */
export const placed = (columns: readonly ShownColumn[], { about }: Known): readonly ShownColumn[] =>
  about.can.places ? columns : columns.filter(({ column }) => column !== 'country');

/** Columns of the list in so many cells. */
export function flowListColumns(known: Known, place: Place, cells: number): FittedColumn[] {
  const shown = placed(isOver(known) ? afterwards : whileLive, known);
  return fitColumns(shown, cells, place.sort?.column ?? null);
}

/** The column under the cursor: the server's when nothing was chosen. */
export function cursorColumn(columns: readonly FittedColumn[], pane: number): FittedColumn {
  const start = Math.max(
    0,
    columns.findIndex(({ column }) => column === 'dst_ip'),
  );
  const at = (((start + pane) % columns.length) + columns.length) % columns.length;
  return columns[at];
}

/** Heads and rows: `count` lines below the heads at the most. */
export function flowTable(
  known: Known,
  place: Place,
  rows: Rows,
  cells: number,
  count: number,
  look: Look,
  hasCursor = true,
): Spans[] {
  const columns = flowListColumns(known, place, cells);
  const cursor = hasCursor ? cursorColumn(columns, place.pane).column : null;
  const out: Spans[] = [headRow(columns, { sort: place.sort ?? shownSort(known), cursor }, look)];
  const [from, to] = shownRows(place, rows.total, count);
  const largest = largestBytes(rows, from, to - from);
  for (let i = from; i < to; i++) {
    const row = rows.at(i);
    const cellOf = (column: FittedColumn): Spans =>
      row === null ? text('') : flowCell(column, row, largest, known, look);
    out.push(tableRow(columns, cellOf, i === place.selected, look));
  }
  return out;
}

/** Where the arrow stands: of bytes both ways there is no column. */
const shownSort = (known: Known): Place['sort'] => (isOver(known) ? null : byRate);

function largestBytes(rows: Rows, first: number, count: number): number {
  let most = 1;
  for (let i = first; i < first + count; i++) {
    const row = rows.at(i);
    if (row !== null) most = Math.max(most, numberAt(row, 'bytes_fwd') ?? 0, numberAt(row, 'bytes_rev') ?? 0);
  }
  return most;
}

/** One cell of a flow. */
export function flowCell(column: FittedColumn, row: Row, largest: number, known: Known, look: Look): Spans {
  const { column: name, cells } = column;
  if (name === 'src_ip') return text(endShort(row, 'src', cells, known, look));
  if (name === 'dst_ip') return text(endShort(row, 'dst', cells, known, look));
  if (name === 'app') {
    const app = textAt(row, 'app');
    return [span(app === '' ? transport(row) : protocolTitle(app, known), appInk(app, known))];
  }
  if (name === 'host') return text(detail(row, known));
  if (name === 'state') return stateSpans(row);
  const value = row[name] ?? null;
  if (value === 0) return [span(name.startsWith('bytes_') ? '0  ' : '0', 'muted')];
  if (name.startsWith('bytes_'))
    return [span(cellText({ name, kind: 'u64' }, value)), ...level(Number(value ?? 0), largest, look)];
  if (name === 'repeated') return repeated(row);

  const shown = cellText(
    { name, kind: name.endsWith('_ts') ? 'time' : typeof value === 'number' ? 'real' : 'text' },
    value,
  );
  return [span(shown, shown === unknown ? 'muted' : 'text')];
}

const transports: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6' };
export const transport = (row: Row): string => transports[numberAt(row, 'proto') ?? -1] ?? `IP ${textAt(row, 'proto')}`;

/** What it is about, unless the server's name says it already. */
export function detail(row: Row, known: Known): string {
  const said = textAt(row, 'detail') || textAt(row, 'host');
  if (said !== '' && said !== nameOf(textAt(row, 'dst_ip'), row, 'dst', known)) return said;
  return textAt(row, 'service');
}

const levels = '▁▂▃▄▅▆▇█';
const asciiLevels = '.:-=+*#@';

/** How much it is beside the most of the page, each step four times the one before: bytes differ by millions. */
function level(bytes: number, largest: number, look: Look): Spans {
  if (bytes <= 0) return text('  ');
  const step = Math.max(0, Math.min(7, 7 + Math.round(Math.log(bytes / largest) / Math.log(4))));
  return [span(' '), span((look.unicode ? levels : asciiLevels)[step], 'muted')];
}

function repeated(row: Row): Spans {
  const bytes =
    numberAt(row, 'repeated') ?? (numberAt(row, 'repeated_fwd') ?? 0) + (numberAt(row, 'repeated_rev') ?? 0);
  return bytes === 0 ? [span('0', 'muted')] : text(cellText({ name: 'bytes', kind: 'u64' }, bytes));
}

/** `▲` beside flows that an alert names. */
function stateSpans(row: Row): Spans {
  const state = stateOf(row);
  const mark = row.alerted === true ? [span('▲ ', 'medium')] : [];
  return [...mark, span(state === '' ? unknown : state, state === '' ? 'muted' : 'text')];
}

export const stateOf = (row: Row): string =>
  flowStateText(textAt(row, 'state'), textAt(row, 'end_reason'), row.is_open === true, textAt(row, 'conn_state'));

/** Columns that are found by another word of the filter language than their name. */
const words: Readonly<Record<string, string>> = {
  src_ip: 'ip.addr',
  dst_ip: 'ip.addr',
  app: 'app',
  host: 'host.name',
  state: 'state',
  verdict: 'verdict',
  country: 'country',
};

/** The value under the cursor as a term of the filter language; null where there is none. */
export function flowTerm(row: Row, column: string): string | null {
  const value = row[column];
  if (words[column] !== undefined) return typeof value === 'string' && value !== '' ? term(words[column], value) : null;
  if (column === 'rtt_us' && typeof value === 'number') return `rtt >= ${Math.floor(value)}us`;
  if (column.startsWith('bytes_') && typeof value === 'number') return `${column} >= ${value}`;
  return null;
}
