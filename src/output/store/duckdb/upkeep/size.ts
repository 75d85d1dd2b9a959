// How large a store is.

import type { Table } from '../../tables/column.ts';
import type { Bindings, Connection } from '../opening/bindings.ts';
import { quoted } from '../opening/column-types.ts';
import { textRows } from '../opening/rows-of.ts';
import type { Log } from './log.ts';

/**
 * Bytes that hold something: blocks in use and the log. The file itself may be larger, as blocks of deleted rows are
 * used again but not given back.
 */
export async function usedBytes(duckdb: Bindings, connection: Connection, log: Log): Promise<number> {
  const sql = 'SELECT (block_size * used_blocks)::VARCHAR FROM pragma_database_size()';
  const [[blocks]] = await textRows(duckdb, connection, sql);
  return Number(blocks) + log.bytes;
}

/** Rows by table. */
export async function rowCounts(
  duckdb: Bindings,
  connection: Connection,
  tables: readonly Table[],
): Promise<Record<string, number>> {
  if (tables.length === 0) return {};
  const counts = tables.map(({ name }) => `(SELECT count(*) FROM ${quoted(name)})::VARCHAR`);
  const [row] = await textRows(duckdb, connection, `SELECT ${counts.join(', ')}`);
  return Object.fromEntries(tables.map(({ name }, i) => [name, Number(row[i])]));
}
