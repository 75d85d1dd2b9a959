// Rows of a table, a page at a time, and how many there are.

import type { AskOptions, RowsRequest, Scope, Sort } from '../history.ts';
import type { Result, Statement } from '../store.ts';
import type { ColumnKind, Table } from '../tables/column.ts';
import { countHosts, hostRows, hostsStatement } from './hosts/host-rows.ts';
import { hosts } from './hosts/hosts.ts';
import { type Asking, ask, bounded, columnCalled, tableCalled } from './statement/asking.ts';
import { Draft, quoted } from './statement/draft.ts';
import { settled } from './statement/scope.ts';
import { kindsOf, rowsFrom, tieBreakers } from './statement/source.ts';

const mostRows = 100_000;

/** A page as one statement. `kinds` are those of its columns. */
export interface RowsStatement extends Statement {
  readonly kinds: Readonly<Record<string, ColumnKind>>;
  readonly limit: number;
}

/** Which columns, in which order, and from where to where. */
export interface Page {
  readonly columns: readonly string[];
  readonly sortedBy: readonly string[];
  readonly limit: number;
  /** `ORDER BY … LIMIT … OFFSET …`. */
  readonly sql: string;
}

/**
 * All rows that a request finds as one statement, in any order unless it says which; no limit unless it says one.
 * Throws BAD_QUERY, BAD_FILTER.
 */
export async function exportStatement(
  asking: Asking,
  request: RowsRequest,
  options: AskOptions = {},
): Promise<Statement> {
  const table = tableToRead(asking, request.table);
  // How many rows a page may have says nothing about an export.
  const { limit: _, ...all } = request;
  const page = { ...pageOf(asking, table, all, 0), sql: exportPage(asking, table, request) };
  return table === hosts
    ? hostsStatement(asking, request, page, options)
    : tableStatement(asking, table, request, page, options);
}

function exportPage(asking: Asking, table: Table, { sort, limit, offset = 0 }: RowsRequest): string {
  const order = sort?.length ? `ORDER BY ${orderTerms(asking, table, sort).join(', ')}` : '';
  const most = limit === undefined ? '' : `LIMIT ${bounded('the limit', limit, 1, 1, Number.MAX_SAFE_INTEGER)}`;
  return `${order} ${most} ${offset === 0 ? '' : `OFFSET ${offset}`}`.trim();
}

export async function rows(asking: Asking, request: RowsRequest, options: AskOptions = {}): Promise<Result> {
  const table = tableToRead(asking, request.table);
  // One row more than is given tells whether there are more.
  const page = pageOf(asking, table, request, 1);
  if (table === hosts) return hostRows(asking, request, page, options);
  const statement = await tableStatement(asking, table, request, page, options);
  return ask(asking, statement, statement.kinds, options, page.limit);
}

export async function count(
  asking: Asking,
  request: Scope & { readonly table: string },
  options: AskOptions = {},
): Promise<number> {
  const table = tableToRead(asking, request.table);
  if (table === hosts) return countHosts(asking, request, options);
  const scope = await settled(asking, request, options);
  const draft = new Draft();
  const sql = `SELECT count(*) AS "n" ${rowsFrom(asking, table, scope, draft)}`;
  const { rows } = await ask(asking, draft.statement(sql), { n: 'u64' }, options);
  return Number(rows[0][0]);
}

async function tableStatement(
  asking: Asking,
  table: Table,
  request: RowsRequest,
  page: Page,
  options: AskOptions,
): Promise<RowsStatement> {
  const scope = await settled(asking, request, options);
  const draft = new Draft();
  const sql = `SELECT ${page.columns.map(quoted).join(', ')} ${rowsFrom(asking, table, scope, draft)} ${page.sql}`;
  return { ...draft.statement(sql), kinds: kindsOf(table, page.columns), limit: page.limit };
}

function tableToRead(asking: Asking, name: string): Table {
  return tableCalled([...asking.tables, hosts], name);
}

/** @param ahead rows to ask for beyond the limit */
function pageOf(asking: Asking, table: Table, request: RowsRequest, ahead: number): Page {
  const columns = [...new Set(request.columns ?? table.columns.map(({ name }) => name))];
  for (const name of columns) columnCalled(table, name);
  const limit = bounded('the limit', request.limit, 100, 1, mostRows);
  const offset = bounded('the offset', request.offset, 0, 0, Number.MAX_SAFE_INTEGER);
  const sort = request.sort?.length ? request.sort : [{ column: table.time, descending: true }];
  return {
    columns,
    sortedBy: sort.map(({ column }) => column),
    limit,
    sql: `ORDER BY ${orderTerms(asking, table, sort).join(', ')} LIMIT ${limit + ahead} OFFSET ${offset}`,
  };
}

/** Both ways together: words to sort by that are no columns. */
const bothWays: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  flows: {
    bytes: '"bytes_fwd" + "bytes_rev"',
    packets: '"pkts_fwd" + "pkts_rev"',
    repeated: '"repeated_fwd" + "repeated_rev"',
  },
  hosts: { bytes: '"bytes_tx" + "bytes_rx"', packets: '"pkts_tx" + "pkts_rx"', flows: '"flows_out" + "flows_in"' },
};

/** Ties come always in the same order, so that pages do not overlap. */
function orderTerms(asking: Asking, table: Table, sort: readonly Sort[]): string[] {
  const terms = sort.map(({ column, descending }) => {
    const sum = Object.hasOwn(bothWays[table.name] ?? {}, column) ? bothWays[table.name][column] : null;
    return `${sum ?? quoted(columnCalled(table, column).name)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`;
  });
  const given = new Set(sort.map(({ column }) => column));
  const ties = tieBreakers(asking, table).filter((name) => !given.has(name));
  return [...terms, ...ties.map((name) => `${quoted(name)} ASC`)];
}
