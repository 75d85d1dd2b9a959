// Questions answered by an engine, whichever it is.

import type { AskOptions, History, RowsRequest } from '../history.ts';
import type { Engine, Store } from '../store.ts';
import type { ColumnKind, Table } from '../tables/column.ts';
import { diff } from './diff/diff.ts';
import { runs, sensors } from './kept.ts';
import { count, exportStatement, rows } from './rows.ts';
import type { Asking } from './statement/asking.ts';
import { speeches } from './statement/speech.ts';
import { series } from './sums/series.ts';
import { top } from './sums/top.ts';

/** @param tables all tables of the store */
export function openHistory(engine: Engine, tables: readonly Table[]): History {
  const asking = askingOf(engine, tables);
  const kinds = kindsByName(tables);
  return {
    rows: (request, options) => rows(asking, request, options),
    count: (request, options) => count(asking, request, options),
    top: (request, options) => top(asking, request, options),
    series: (request, options) => series(asking, request, options),
    diff: (request, options) => diff(asking, request, options),
    sql: (text, options) => engine.select({ sql: text, params: [] }, { kinds, ...options }),
    runs: (options) => runs(asking, options),
    sensors: (options) => sensors(asking, options),
  };
}

/** Writes all rows that a request finds as a Parquet file. Throws BAD_QUERY, BAD_FILTER, WRITE_FAILED. */
export async function exportRows(
  store: Store,
  tables: readonly Table[],
  request: RowsRequest,
  path: string,
  options: AskOptions = {},
): Promise<void> {
  await store.exportParquet(await exportStatement(askingOf(store, tables), request, options), path, options);
}

function askingOf(engine: Engine, tables: readonly Table[]): Asking {
  return { engine, tables, speech: speeches[engine.dialect] };
}

/** Addresses and hashes are bytes and numbers to an engine: columns called like ours are read like ours. */
function kindsByName(tables: readonly Table[]): Record<string, ColumnKind> {
  const columns = tables.flatMap((table) => table.columns);
  const isOurs = (kind: ColumnKind): boolean => kind === 'address' || kind === 'hash';
  const kinds = columns.filter(({ kind }) => isOurs(kind)).map(({ name, kind }) => [name, kind] as const);
  // A name that is something else in another table says nothing.
  return Object.fromEntries(
    kinds.filter(([name, kind]) => columns.every((column) => column.name !== name || column.kind === kind)),
  );
}
