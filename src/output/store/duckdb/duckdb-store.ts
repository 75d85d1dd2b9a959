// A store in one DuckDB file.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../../core/index.ts';
import type { Batch } from '../batches/batch.ts';
import type { Result, RetentionPolicy, SelectOptions, Statement, Store, StoreInfo } from '../store.ts';
import type { Table } from '../tables/column.ts';
import { storeFailure } from './opening/bindings.ts';
import { fileName, type OpenFile, openFile } from './opening/open-file.ts';
import { schemaVersion } from './opening/schema.ts';
import { Reader } from './reading/reader.ts';
import { Compaction } from './upkeep/compaction.ts';
import { exportParquet } from './upkeep/export-parquet.ts';
import { forgetRuns } from './upkeep/forget.ts';
import { importParquet, type ParquetImport } from './upkeep/import-parquet.ts';
import { Retention } from './upkeep/retention.ts';
import { rowCounts, usedBytes } from './upkeep/size.ts';
import { Writer } from './writing/writer.ts';

export interface DuckdbOptions {
  /** Folder that holds the store, made where there is none; `:memory:` keeps nothing. */
  readonly folder: string;
  readonly tables: readonly Table[];
  /** The store has to be there and is not changed. */
  readonly readOnly?: boolean;
  /** Memory of the engine for rows it works on; an eighth of the machine's, at most 2 GiB, when left out. */
  readonly memoryBytes?: number;
  /** Threads of the engine; at most 4 when left out. */
  readonly threads?: number;
}

/**
 * Opens the store in this thread. Nothing keeps a second thread of the same process from opening the file once more,
 * which damages it: outside of tests a store is opened by app/pipeline/history.
 *
 * Throws STORE_FAILED (no such package, a newer or foreign file), STORE_LOCKED (another process has it), NO_SUCH_STORE
 * (with `readOnly`), STORE_FULL.
 */
export async function openDuckdb(options: DuckdbOptions): Promise<DuckdbStore> {
  if (options.folder !== ':memory:' && options.readOnly !== true) {
    try {
      mkdirSync(options.folder, { recursive: true });
    } catch (error) {
      throw storeFailure(error, `folder ${options.folder} could not be made`);
    }
  }
  return new DuckdbStore(options, await openFile(options));
}

export class DuckdbStore implements Store {
  readonly dialect = 'duckdb';
  readonly #options: DuckdbOptions;
  readonly #file: OpenFile;
  readonly #reader: Reader;
  readonly #writer: Writer;
  readonly #compaction: Compaction;
  readonly #retention: Retention;
  /** Writing, one after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  #waitingRows = 0;
  #closing: Promise<void> | null = null;

  constructor(options: DuckdbOptions, file: OpenFile) {
    this.#options = options;
    this.#file = file;
    this.#reader = new Reader(file.duckdb, file.database);
    const { duckdb, connection, stored } = file;
    this.#writer = new Writer(duckdb, connection, options.tables, stored);
    this.#compaction = new Compaction(duckdb, connection, options.tables, stored);
    this.#retention = new Retention(duckdb, connection, options.tables, this.#walPath());
  }

  select(statement: Statement, options?: SelectOptions): Promise<Result> {
    if (this.#closing !== null) return Promise.reject(closedFailure());
    return this.#reader.select(statement, options);
  }

  async write(batches: readonly Batch[]): Promise<void> {
    const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
    this.#waitingRows += rows;
    try {
      await this.#inTurn(() => this.#take(batches));
    } finally {
      this.#waitingRows -= rows;
    }
    if (this.#compaction.isDue && this.#closing === null) void this.#inTurn(() => this.#compact());
  }

  async #take(batches: readonly Batch[]): Promise<void> {
    const rollups = await this.#writer.write(batches);
    this.#compaction.note(rollups);
    this.#compaction.note(batches);
  }

  /** What fails here leaves the rows as they were; they are only more than they need be. */
  async #compact(): Promise<void> {
    await this.#compaction.run().catch(() => {});
  }

  /** Carries out what changes the store when all before it is done. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    if (this.#closing !== null) return Promise.reject(closedFailure());
    const turn = this.#queue.then(act);
    this.#queue = turn.catch(() => {});
    return turn;
  }

  async info(): Promise<StoreInfo> {
    const { folder, tables } = this.#options;
    return this.#reader.run({}, async (connection) => {
      const { duckdb } = this.#file;
      return {
        place: folder,
        engine: 'duckdb',
        schema: schemaVersion,
        bytes: await usedBytes(duckdb, connection, this.#walPath()),
        rows: await rowCounts(duckdb, connection, tables),
        waitingRows: this.#waitingRows,
        spoolBytes: 0,
        droppedRows: 0,
      };
    });
  }

  #walPath(): string | null {
    const { folder } = this.#options;
    return folder === ':memory:' ? null : join(folder, `${fileName}.wal`);
  }

  retain(policy: RetentionPolicy, nowUs: number): Promise<number> {
    return this.#inTurn(async () => {
      try {
        return await this.#retention.apply(policy, nowUs);
      } catch (error) {
        throw storeFailure(error, 'old rows could not be deleted');
      }
    });
  }

  forget(runs: readonly number[]): Promise<number> {
    const { duckdb, connection } = this.#file;
    return this.#inTurn(async () => {
      try {
        return await forgetRuns(duckdb, connection, this.#options.tables, runs);
      } catch (error) {
        throw storeFailure(error, 'runs could not be forgotten');
      }
    });
  }

  exportParquet(statement: Statement, path: string, options: SelectOptions = {}): Promise<void> {
    const { duckdb, exchange } = this.#file;
    return this.#reader.run(options, (connection) => exportParquet(duckdb, connection, statement, path, exchange));
  }

  /** Takes rows out of a Parquet file, with the rollups of flows; gives their number. */
  importParquet(from: ParquetImport): Promise<number> {
    const { duckdb, connection, exchange } = this.#file;
    return this.#inTurn(() => importParquet(duckdb, connection, this.#options.tables, from, exchange));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close(this.#queue);
    return this.#closing;
  }

  async #close(queue: Promise<unknown>): Promise<void> {
    await queue;
    await this.#reader.close();
    const { duckdb, connection, database, exchange } = this.#file;
    duckdb.disconnect_sync(connection);
    duckdb.close_sync(database);
    if (this.#options.readOnly !== true) rmSync(exchange, { recursive: true, force: true });
  }
}

function closedFailure(): Failure {
  return new Failure('STORE_FAILED', 'the store is closed', 'open it again');
}
