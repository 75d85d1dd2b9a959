// A report's data as a scene: it answers from what lies in the page, and asks nobody.

import { Failure } from '../../../core/index.ts';
import type { Cell, ReportData, RowWindow, Scene, WindowRequest } from '../../api/index.ts';

const notHere = (what: string): never => {
  throw new Failure('UNSUPPORTED', `${what} are not in a report`, 'Open the capture in Taplight.');
};

export function reportScene(data: ReportData): Scene {
  return {
    about: data.about,
    protocols: data.protocols,
    latest: () => data.snapshot,
    pulse: () => null,
    series: () => data.series,
    failure: () => null,
    subscribe: () => () => {},
    rows: async (request) => windowOf(data.tables[request.table], request),
    flow: async () => notHere('details of flows'),
    packets: async () => notHere('packets'),
    packetFile: () => notHere('packets'),
    setAlertState: async () => notHere('changes'),
    during: () => null,
  };
}

const nothing: RowWindow = { columns: [], rows: [], total: 0, kept: 0, forgotten: 0 };

/** Columns, order and place of a request; the filter is not read. */
export function windowOf(table: RowWindow | undefined, request: WindowRequest): RowWindow {
  if (table === undefined) return nothing;
  const { sort, from, count } = request;
  const at = sort === undefined ? -1 : table.columns.findIndex(({ name }) => name === sort.column);
  const sign = sort?.descending ? -1 : 1;
  const rows = at === -1 ? table.rows : [...table.rows].sort((a, b) => sign * compare(a[at], b[at]));
  const wanted = request.columns?.map((name) => table.columns.findIndex((column) => column.name === name));
  const part = rows.slice(from, from + count);
  if (wanted === undefined) return { ...table, rows: part };
  const known = wanted.filter((column) => column !== -1);
  return {
    ...table,
    columns: known.map((column) => table.columns[column]),
    rows: part.map((row) => known.map((column) => row[column])),
  };
}

function compare(a: Cell, b: Cell): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a ?? '') < String(b ?? '') ? -1 : 1;
}
