// Answers as Parquet files, compressed with zstd; addresses as text.

import { copyFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '../../../../core/index.ts';
import type { Statement } from '../../store.ts';
import type { Bindings, Connection, LogicalType } from '../opening/bindings.ts';
import { literal } from '../opening/column-types.ts';
import { bindParams } from '../reading/bind.ts';
import { badQuery, prepare } from '../reading/prepare.ts';

let exports = 0;

/**
 * Writes the answer of a statement to a file. SQL may write only into the folder `exchange`; the file is moved to its
 * place when it is whole. Throws BAD_QUERY, WRITE_FAILED.
 */
export async function exportParquet(
  duckdb: Bindings,
  connection: Connection,
  statement: Statement,
  path: string,
  exchange: string,
): Promise<void> {
  const { statement: question } = await prepare(duckdb, connection, statement);
  const columns = Array.from({ length: duckdb.prepared_statement_column_count(question) }, (_, i) => ({
    name: duckdb.prepared_statement_column_name(question, i),
    type: duckdb.prepared_statement_column_logical_type(question, i),
  }));
  duckdb.destroy_prepare_sync(question);
  const part = join(exchange, `${process.pid}-${exports++}-${basename(path).replace(/[^\w.-]/g, '_')}`);
  const aliases = columns.map((_, i) => `c${i}`);
  const names = uniqueNames(columns.map(({ name }) => name));
  const values = columns.map(({ type }, i) => `${plain(duckdb, type, aliases[i])} AS ${anyName(names[i])}`);
  const inner = `${statement.sql.replace(/;\s*$/, '')}\n`;
  const sql = `COPY (SELECT ${values.join(', ')} FROM (${inner}) AS q(${aliases.join(', ')}))
    TO ${literal(part)} (FORMAT parquet, COMPRESSION zstd)`;
  try {
    await copy(duckdb, connection, { sql, params: statement.params });
    await move(part, path);
  } finally {
    await rm(part, { force: true });
  }
}

async function copy(duckdb: Bindings, connection: Connection, { sql, params }: Statement): Promise<void> {
  try {
    const prepared = await duckdb.prepare(connection, sql);
    bindParams(duckdb, prepared, params);
    await duckdb.execute_prepared(prepared);
    duckdb.destroy_prepare_sync(prepared);
  } catch (error) {
    throw error instanceof Failure ? error : badQuery(error, sql);
  }
}

async function move(part: string, path: string): Promise<void> {
  try {
    await rename(part, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EXDEV') throw error;
      return copyFile(part, path);
    });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new Failure('WRITE_FAILED', `${path} could not be written: ${words}`, 'Choose another place.', error);
  }
}

/** Addresses as text; see opening/macros.ts. */
function plain(duckdb: Bindings, type: LogicalType, alias: string): string {
  const text = (value: string): string =>
    `CASE WHEN octet_length(${value}) = 16 THEN ip_text(${value}) ELSE hex(${value}) END`;
  const id = duckdb.get_type_id(type);
  if (id === duckdb.Type.BLOB) return text(alias);
  if (id !== duckdb.Type.LIST) return alias;
  const item = duckdb.get_type_id(duckdb.list_type_child_type(type));
  return item === duckdb.Type.BLOB ? `list_transform(${alias}, lambda v: ${text('v')})` : alias;
}

const anyName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A file has each name once, whatever case. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let n = 2; taken.has(unique.toLowerCase()); n++) unique = `${name}_${n}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}
