// Opens the file of a store, brings its schema up to date, and shuts what a store does not need.

import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../../../core/index.ts';
import type { DuckdbOptions } from '../duckdb-store.ts';
import { type Bindings, type Connection, type Database, loadBindings, storeFailure } from './bindings.ts';
import { literal } from './column-types.ts';
import { prepareSchema, type StoredTables } from './schema.ts';

export interface OpenFile {
  readonly duckdb: Bindings;
  readonly database: Database;
  /** The one that writes. */
  readonly connection: Connection;
  readonly stored: StoredTables;
  /** The only folder whose files SQL may touch: Parquet on its way in or out. */
  readonly exchange: string;
}

/** Name of the database in the store's folder. */
export const fileName = 'history.duckdb';

const defaultMemoryBytes = (): number => Math.min(2 ** 31, Math.floor(totalmem() / 8));

const megabytes = (bytes: number): string => `${Math.max(64, Math.floor(bytes / 1e6))}MB`;

export async function openFile(options: DuckdbOptions): Promise<OpenFile> {
  const { folder, tables, readOnly = false } = options;
  const duckdb = await loadBindings();
  const inMemory = folder === ':memory:';
  const path = inMemory ? ':memory:' : join(folder, fileName);
  if (readOnly && !existsSync(path)) {
    throw new Failure('NO_SUCH_STORE', `there is no store in ${folder}`, 'See --store, or keep something first.');
  }
  // Who only reads may write nothing into the folder, and may be one of several.
  const isApart = inMemory || readOnly;
  const exchange = isApart ? mkdtempSync(join(tmpdir(), 'taplight-exchange-')) : join(folder, 'exchange');
  const doing = `the store ${folder} could not be opened`;
  let database: Database | undefined;
  try {
    if (!isApart) clearExchange(exchange);
    database = await duckdb.open(path, configOf(duckdb, options, exchange));
    const connection = await duckdb.connect(database);
    const stored = await prepareSchema(duckdb, connection, tables, readOnly);
    await shut(duckdb, connection, exchange);
    return { duckdb, database, connection, stored, exchange };
  } catch (error) {
    if (database !== undefined) duckdb.close_sync(database);
    if (isApart) rmSync(exchange, { recursive: true, force: true });
    throw storeFailure(error, doing);
  }
}

/** What lies there is half an export of a process that ended. */
function clearExchange(exchange: string): void {
  rmSync(exchange, { recursive: true, force: true });
  mkdirSync(exchange, { recursive: true });
}

function configOf(duckdb: Bindings, options: DuckdbOptions, exchange: string): ReturnType<Bindings['create_config']> {
  const settings: Readonly<Record<string, string>> = {
    storage_compatibility_version: 'latest',
    // Checkpoints are made by upkeep/log.ts: one within a COMMIT that fails would leave it open whether rows were taken.
    checkpoint_threshold: '1TB',
    memory_limit: megabytes(options.memoryBytes ?? defaultMemoryBytes()),
    threads: String(options.threads ?? Math.min(4, cpus().length)),
    // Pages are found by a few columns; the others are read of their rows only. 50 rows unless told.
    late_materialization_max_rows: '1000',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    temp_directory: join(exchange, 'spill'),
    ...(options.readOnly === true ? { access_mode: 'READ_ONLY' } : {}),
  };
  const config = duckdb.create_config();
  for (const [name, value] of Object.entries(settings)) duckdb.set_config(config, name, value);
  return config;
}

/** After this no statement reads or writes other files, loads code or changes a setting. */
async function shut(duckdb: Bindings, connection: Connection, exchange: string): Promise<void> {
  const statements = [
    "SET GLOBAL TimeZone = 'UTC'",
    `SET GLOBAL allowed_directories = [${literal(exchange)}]`,
    'SET GLOBAL enable_external_access = false',
    'SET GLOBAL lock_configuration = true',
  ];
  for (const sql of statements) await duckdb.query(connection, sql);
}
