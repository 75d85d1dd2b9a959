// The schema of a file: made, brought up to date, or refused.

import { createHash } from 'node:crypto';
import { Failure } from '../../../../core/index.ts';
import type { Table } from '../../tables/index.ts';
import type { Bindings, Connection } from './bindings.ts';
import { emptyLiteral, literal, quoted, sqlTypes } from './column-types.ts';
import { macros } from './macros.ts';
import { textRows } from './rows-of.ts';
import { inTransaction } from './transaction.ts';

/** Counted up when older programs could no longer read or write a file; a migration then leads to it. */
export const schemaVersion = 1;

/** SQL that leads from a version to the next: `migrations[1]` from 1 to 2. New tables and columns need none. */
const migrations: Readonly<Record<number, string>> = {};

/** A column as it lies in the file, in the file's order. */
export interface StoredColumn {
  readonly name: string;
  readonly type: string;
}

export type StoredTables = ReadonlyMap<string, readonly StoredColumn[]>;

/** Tables of the file with their columns. */
export async function storedTables(duckdb: Bindings, connection: Connection): Promise<StoredTables> {
  const rows = await textRows(
    duckdb,
    connection,
    `SELECT table_name, column_name, data_type FROM duckdb_columns()
     WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal
     ORDER BY table_name, column_index`,
  );
  const tables = new Map<string, StoredColumn[]>();
  for (const [table, name, type] of rows) {
    const columns = tables.get(table) ?? [];
    columns.push({ name, type });
    tables.set(table, columns);
  }
  return tables;
}

/** What the file says of itself; empty for an empty one. */
async function storedMeta(
  duckdb: Bindings,
  connection: Connection,
  stored: StoredTables,
): Promise<ReadonlyMap<string, string>> {
  if (stored.size === 0) return new Map();
  const rows = stored.has('meta') ? await textRows(duckdb, connection, 'SELECT key, value FROM meta') : [];
  const meta = new Map(rows.map(([key, value]) => [key, value]));
  if (/^\d+$/.test(meta.get('schema') ?? '')) return meta;
  throw new Failure(
    'STORE_FAILED',
    'the file is a DuckDB database, but not a store of taplight',
    'Choose another folder.',
  );
}

function refuseNewer(version: number): void {
  if (version <= schemaVersion) return;
  throw new Failure(
    'STORE_FAILED',
    `the store was written by a newer version of taplight (schema ${version}, this one knows ${schemaVersion})`,
    'Update taplight, or choose another folder with --store.',
  );
}

function creationOf({ name, columns }: Table): string {
  const declared = columns.map((column) => `${quoted(column.name)} ${sqlTypes[column.kind]}`);
  return `CREATE TABLE ${quoted(name)}(${declared.join(', ')})`;
}

/** SQL that brings a table to what is declared; throws STORE_FAILED where a column has another type. */
function changesOf(table: Table, stored: readonly StoredColumn[]): string[] {
  const changes: string[] = [];
  for (const column of table.columns) {
    const there = stored.find((each) => each.name === column.name);
    const type = sqlTypes[column.kind];
    if (there === undefined) {
      const empty = emptyLiteral(column.kind, column.nullable === true);
      changes.push(`ALTER TABLE ${quoted(table.name)} ADD COLUMN ${quoted(column.name)} ${type} DEFAULT ${empty}`);
    } else if (there.type !== type) {
      const what = `column ${column.name} of table ${table.name} is ${there.type}, not ${type}`;
      throw new Failure('STORE_FAILED', `the store does not fit: ${what}`, 'Choose another folder with --store.');
    }
  }
  return changes;
}

/** Makes what is missing. A file that is only read has to be complete. */
export async function prepareSchema(
  duckdb: Bindings,
  connection: Connection,
  tables: readonly Table[],
  readOnly: boolean,
): Promise<StoredTables> {
  const before = await storedTables(duckdb, connection);
  const meta = await storedMeta(duckdb, connection, before);
  const version = meta.has('schema') ? Number(meta.get('schema')) : null;
  if (version !== null) refuseNewer(version);
  if (readOnly) {
    if (version !== null) return before;
    throw new Failure('NO_SUCH_STORE', 'the store is empty', 'Keep something first: taplight -i IFACE --store DIR.');
  }
  // Opening a store that is as it should be writes nothing: that also works where the disk is full.
  if (version === null) {
    await allOrNone(duckdb, connection, [
      'CREATE TABLE meta(key VARCHAR PRIMARY KEY, value VARCHAR)',
      setMeta('schema', String(schemaVersion)),
    ]);
  }
  for (let from = version ?? schemaVersion; from < schemaVersion; from++) {
    await allOrNone(duckdb, connection, [migrations[from], setMeta('schema', String(from + 1))]);
  }
  const creations: string[] = [];
  for (const table of tables) {
    const stored = before.get(table.name);
    if (stored === undefined) creations.push(creationOf(table));
    // A transaction cannot change a table twice. Where it ends in the middle, the next one goes on.
    else for (const sql of changesOf(table, stored)) await duckdb.query(connection, sql);
  }
  const macrosHash = createHash('sha256').update(macros.join(';')).digest('hex');
  if (meta.get('macros') !== macrosHash) creations.push(...macros, setMeta('macros', macrosHash));
  if (creations.length > 0) await allOrNone(duckdb, connection, creations);
  return storedTables(duckdb, connection);
}

const setMeta = (key: string, value: string): string =>
  `INSERT OR REPLACE INTO meta VALUES (${literal(key)}, ${literal(value)})`;

function allOrNone(duckdb: Bindings, connection: Connection, statements: readonly string[]): Promise<void> {
  return inTransaction(duckdb, connection, async () => {
    for (const sql of statements) await duckdb.query(connection, sql);
  });
}
