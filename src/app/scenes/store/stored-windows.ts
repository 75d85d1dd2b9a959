// Windows on the rows of a store, with the columns that live rows have; what the store cannot say is null or empty.

import { bindFilter, Failure, parseFilter } from '../../../core/index.ts';
import {
  type Column,
  filterFields,
  type History,
  hosts,
  type RowsRequest,
  type Scope,
  type StoredRow,
  type Table,
} from '../../../output/store/index.ts';
import type { Cell, Row, RowWindow, TimeRange, WindowRequest } from '../../../screens/api/index.ts';
import { asnText, type Geo } from '../geo/geo.ts';
import { liveFlowColumns } from '../live/flows/flow-columns.ts';
import { liveHostColumns } from '../live/hosts/host-columns.ts';
import { windowRows } from '../scene-parts.ts';
import { storedRows, withSums } from './asked-flow.ts';
import { bestNames } from './stored-names.ts';

export interface StoredWindowParts {
  readonly history: History;
  readonly tables: readonly Table[];
  readonly geo: Geo | null;
  readonly runs: Scope['runs'];
}

/** What a derived column is sorted by. */
const sortedBy: Readonly<Record<string, string>> = { bytes_in: 'bytes_rx', bytes_out: 'bytes_tx' };
/** Counts that are remembered: what lies in the past changes little while it is looked at. */
const mostCounts = 64;
const countHoldsMs = 10_000;

export class StoredWindows {
  readonly #parts: StoredWindowParts;
  readonly #counts = new Map<string, { readonly madeMs: number; readonly count: Promise<number> }>();

  constructor(parts: StoredWindowParts) {
    this.#parts = parts;
  }

  /** Throws what the history throws. */
  async window(asked: WindowRequest, range: TimeRange): Promise<RowWindow> {
    const { table: name, filter = '', sort, from, count } = asked;
    if (count > windowRows || count < 1 || from < 0) throw badWindow();
    const table = this.#table(name);
    const more = moreColumns(table);
    const wanted = asked.columns ?? [...table.columns, ...more].map((column) => column.name);
    const columns = wanted.map((column) => columnCalled(table, more, column));
    const scope = this.#scope(table, filter, asked.range ?? range);
    const request: RowsRequest = {
      ...scope,
      table: name,
      limit: count,
      offset: from,
      ...(sort === undefined ? {} : { sort: [{ ...sort, column: sortedBy[sort.column] ?? sort.column }] }),
      // What is derived needs the rest.
      ...(asked.columns === undefined || columns.some((column) => more.includes(column)) ? {} : { columns: wanted }),
    };
    const [result, total, kept] = await Promise.all([
      this.#parts.history.rows(request),
      this.#count(name, scope),
      this.#count(name, this.#scope(table, '', asked.range ?? range)),
    ]);
    const rows = await this.#derived(table, storedRows(result), wanted);
    return {
      columns: columns.map(({ name: column, kind }) => ({ name: column, kind })),
      rows: rows.map((row) => wanted.map((column): Cell => row[column] ?? null)),
      total,
      kept,
      forgotten: 0,
    };
  }

  /** Rows whose place in time lies in the range; of flows those that went on in it. Throws BAD_FILTER. */
  #scope(table: Table, filter: string, { fromUs, toUs }: TimeRange): Scope {
    const { tables, runs } = this.#parts;
    const origin = runs === undefined ? {} : { runs };
    if (table.name !== 'flows') return { ...origin, fromUs, toUs, filter };
    // Looked at alone first, so that what is wrong is told where it stands.
    if (filter.trim() !== '') bindFilter(parseFilter(filter), filterFields(table, tables));
    const began = `flows.start_ts < "${isoTime(toUs)}"`;
    return { ...origin, fromUs, filter: filter.trim() === '' ? began : `${began} and (${filter}\n)` };
  }

  #count(table: string, scope: Scope): Promise<number> {
    const key = `${table} ${JSON.stringify(scope)}`;
    const known = this.#counts.get(key);
    const madeMs = performance.now();
    if (known !== undefined && madeMs - known.madeMs < countHoldsMs) return known.count;
    if (this.#counts.size >= mostCounts) this.#counts.clear();
    const count = this.#parts.history.count({ ...scope, table });
    count.catch(() => this.#counts.delete(key));
    this.#counts.set(key, { madeMs, count });
    return count;
  }

  async #derived(table: Table, rows: readonly StoredRow[], wanted: readonly string[]): Promise<readonly Row[]> {
    const { history, geo, runs } = this.#parts;
    const asRows = rows as readonly Row[]; // cells of a store are cells
    if (table.name === 'flows') {
      const isNamed = wanted.includes('src_name') || wanted.includes('dst_name');
      const ips = isNamed ? asRows.flatMap(({ src_ip, dst_ip }) => [String(src_ip), String(dst_ip)]) : [];
      const names = await bestNames(history, runs, ips);
      return asRows.map((row) => {
        const outer = String(row.direction === 2 ? row.src_ip : row.dst_ip);
        const [src_name, dst_name] = [names.get(String(row.src_ip)) ?? '', names.get(String(row.dst_ip)) ?? ''];
        return { ...withSums(row), src_name, dst_name, ...placeOf(geo, outer) };
      });
    }
    if (table !== hosts) return asRows;
    const names = wanted.includes('name')
      ? await bestNames(
          history,
          runs,
          asRows.map(({ ip }) => String(ip)),
        )
      : null;
    return asRows.map((row) => hostRow(row, names?.get(String(row.ip)) ?? '', geo));
  }

  #table(name: string): Table {
    if (name === 'hosts') return hosts;
    const table = this.#parts.tables.find((each) => each.name === name);
    if (table !== undefined) return table;
    const hint = `Tables are ${['hosts', ...this.#parts.tables.map((each) => each.name)].join(', ')}.`;
    throw new Failure('BAD_QUERY', `there is no table '${name}'`, hint);
  }
}

function hostRow(row: Row, name: string, geo: Geo | null): Row {
  const sum = (a: string, b: string): number => Number(row[a]) + Number(row[b]);
  return {
    ...row,
    name,
    bytes_in: row.bytes_rx,
    bytes_out: row.bytes_tx,
    bytes: sum('bytes_tx', 'bytes_rx'),
    packets: sum('pkts_tx', 'pkts_rx'),
    flows: sum('flows_out', 'flows_in'),
    rate_in: 0,
    rate_out: 0,
    peers: null,
    ...placeOf(geo, String(row.ip)),
  };
}

function placeOf(geo: Geo | null, ip: string): { readonly country: string; readonly asn: string } {
  const place = geo?.look(ip) ?? null;
  return {
    country: place?.country ?? '',
    asn: asnText(place),
  };
}

function moreColumns(table: Table): readonly Column[] {
  return table.name === 'flows' ? liveFlowColumns : table === hosts ? liveHostColumns : [];
}

function columnCalled(table: Table, more: readonly Column[], name: string): Column {
  const found = [...table.columns, ...more].find((column) => column.name === name);
  if (found !== undefined) return found;
  const hint = `Columns are ${[...table.columns, ...more].map((column) => column.name).join(', ')}.`;
  throw new Failure('BAD_QUERY', `${table.name} has no column '${name}'`, hint);
}

/** As the filter language reads it, to the microsecond. */
function isoTime(us: number): string {
  const sec = Math.floor(us / 1e6);
  return `${new Date(sec * 1000).toISOString().slice(0, 19)}.${String(us - sec * 1e6).padStart(6, '0')}Z`;
}

function badWindow(): Failure {
  return new Failure('BAD_QUERY', `a window has 1 to ${windowRows} rows`, 'Ask for the next ones with another from.');
}
