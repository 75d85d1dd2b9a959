// A store in one DuckDB file.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../../core/index.ts';
import type { Batch } from '../batches/batch.ts';
import type { Result, RetentionPolicy, SelectOptions, Statement, Store, StoreInfo, StoreWaiting } from '../store.ts';
import type { Table } from '../tables/column.ts';
import { isFatal, storeFailure } from './opening/bindings.ts';
import { fileName, type OpenFile, openFile } from './opening/open-file.ts';
import { schemaVersion } from './opening/schema.ts';
import { Reader } from './reading/reader.ts';
import { Compaction } from './upkeep/compaction.ts';
import { exportParquet } from './upkeep/export-parquet.ts';
import { forgetRuns } from './upkeep/forget.ts';
import { importParquet, type ParquetImport } from './upkeep/import-parquet.ts';
import { Log } from './upkeep/log.ts';
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
      // What a network carried is nobody else's business.
      mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw storeFailure(error, `folder ${options.folder} could not be made`);
    }
  }
  return new DuckdbStore(options, await openFile(options));
}

/** What belongs to one opening of the file. */
interface Parts {
  readonly file: OpenFile;
  readonly reader: Reader;
  readonly writer: Writer;
  readonly compaction: Compaction;
  readonly retention: Retention;
  readonly log: Log;
}

function partsOf({ folder, tables }: DuckdbOptions, file: OpenFile): Parts {
  const { duckdb, connection, database, stored } = file;
  const log = new Log(duckdb, connection, folder === ':memory:' ? null : join(folder, `${fileName}.wal`));
  return {
    file,
    reader: new Reader(duckdb, database),
    writer: new Writer(duckdb, connection, tables, stored),
    compaction: new Compaction(duckdb, connection, tables, stored),
    retention: new Retention(duckdb, connection, tables, log),
    log,
  };
}

export class DuckdbStore implements Store {
  readonly dialect = 'duckdb';
  readonly #options: DuckdbOptions;
  #parts: Parts;
  /** The engine has given the file up, which has to be opened again; a checkpoint on a full disk does so. */
  #isBroken = false;
  /** Writing, one after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  #waitingRows = 0;
  #closing: Promise<void> | null = null;

  constructor(options: DuckdbOptions, file: OpenFile) {
    this.#options = options;
    this.#parts = partsOf(options, file);
  }

  select(statement: Statement, options?: SelectOptions): Promise<Result> {
    return this.#read(({ reader }) => reader.select(statement, options));
  }

  async write(batches: readonly Batch[]): Promise<void> {
    const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
    this.#waitingRows += rows;
    try {
      await this.#inTurn((parts) => this.#take(parts, batches));
    } finally {
      this.#waitingRows -= rows;
    }
  }

  async #take({ writer, compaction, log }: Parts, batches: readonly Batch[]): Promise<void> {
    const rollups = await writer.write(batches);
    compaction.note(rollups);
    compaction.note(batches);
    // The rows are safe: what follows fails for itself.
    if (compaction.isDue) this.#afterwards((parts) => parts.compaction.run());
    if (log.noteWrite()) this.#afterwards((parts) => parts.log.checkpoint());
  }

  #afterwards(act: (parts: Parts) => Promise<void>): void {
    if (this.#closing === null) this.#inTurn(act).catch(() => {});
  }

  /** Carries out what changes the store when all before it is done. */
  #inTurn<T>(act: (parts: Parts) => Promise<T>): Promise<T> {
    if (this.#closing !== null) return Promise.reject(closedFailure());
    const turn = this.#queue.then(async () => {
      if (this.#isBroken) await this.#reopen();
      try {
        return await act(this.#parts);
      } catch (error) {
        this.#isBroken ||= isFatal(error);
        throw error;
      }
    });
    this.#queue = turn.catch(() => {});
    return turn;
  }

  async #read<T>(act: (parts: Parts) => Promise<T>): Promise<T> {
    for (let isAgain = false; ; isAgain = true) {
      if (this.#closing !== null) throw closedFailure();
      if (this.#isBroken) await this.#inTurn(() => Promise.resolve());
      try {
        return await act(this.#parts);
      } catch (error) {
        if (isAgain || !isFatal(error)) throw error;
        this.#isBroken = true;
      }
    }
  }

  async #reopen(): Promise<void> {
    await closeParts(this.#parts);
    this.#parts = partsOf(this.#options, await openFile(this.#options));
    this.#isBroken = false;
  }

  info(): Promise<StoreInfo> {
    const { folder, tables } = this.#options;
    return this.#read(({ reader, file: { duckdb }, log }) =>
      reader.run({}, async (connection) => ({
        place: folder,
        engine: 'duckdb',
        schema: schemaVersion,
        bytes: await usedBytes(duckdb, connection, log),
        rows: await rowCounts(duckdb, connection, tables),
        ...this.waiting(),
      })),
    );
  }

  waiting(): StoreWaiting {
    return { waitingRows: this.#waitingRows, spoolBytes: 0, droppedRows: 0 };
  }

  retain(policy: RetentionPolicy, nowUs: number): Promise<number> {
    return this.#inTurn(({ retention }) => retention.apply(policy, nowUs));
  }

  forget(runs: readonly number[]): Promise<number> {
    const { tables } = this.#options;
    return this.#inTurn(({ file: { duckdb, connection } }) => forgetRuns(duckdb, connection, tables, runs));
  }

  exportParquet(statement: Statement, path: string, options: SelectOptions = {}): Promise<void> {
    return this.#read(({ reader, file: { duckdb, exchange } }) =>
      reader.run(options, (connection) => exportParquet(duckdb, connection, statement, path, exchange)),
    );
  }

  /** Takes rows out of a Parquet file, with the rollups of flows; gives their number. */
  importParquet(from: ParquetImport): Promise<number> {
    const { tables } = this.#options;
    return this.#inTurn(({ file: { duckdb, connection, exchange } }) =>
      importParquet(duckdb, connection, tables, from, exchange),
    );
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#queue;
    await closeParts(this.#parts);
    rmSync(this.#parts.file.exchange, { recursive: true, force: true });
  }
}

/** What is in the log is put in its place, too. */
async function closeParts({ reader, file: { duckdb, connection, database } }: Parts): Promise<void> {
  await reader.close();
  duckdb.disconnect_sync(connection);
  duckdb.close_sync(database);
}

function closedFailure(): Failure {
  return new Failure('STORE_FAILED', 'the store is closed', 'Open it again.');
}
