// How large a store is.

import { statSync } from 'node:fs';
import type { Table } from '../../tables/column.ts';
import type { Bindings, Connection } from '../opening/bindings.ts';
import { quoted } from '../opening/column-types.ts';
import { textRows } from '../opening/rows-of.ts';

/**
 * Bytes that hold something: blocks in use and the log. The file itself may be larger, as blocks of deleted rows are
 * used again but not given back.
 */
export async function usedBytes(duckdb: Bindings, connection: Connection, walPath: string | null): Promise<number> {
  const sql = 'SELECT (block_size * used_blocks)::VARCHAR FROM pragma_database_size()';
  const [[blocks]] = await textRows(duckdb, connection, sql);
  return Number(blocks) + (walPath === null ? 0 : sizeOf(walPath));
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
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
