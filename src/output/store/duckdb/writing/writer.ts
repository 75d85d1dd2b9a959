// Takes batches: all of a call in one transaction, with the rollups of its flows.

import { Failure } from '../../../../core/index.ts';
import type { Batch } from '../../batches/batch.ts';
import type { Table } from '../../tables/column.ts';
import { type Bindings, type Connection, storeFailure } from '../opening/bindings.ts';
import type { StoredTables } from '../opening/schema.ts';
import { inTransaction } from '../opening/transaction.ts';
import { RollupMaker } from './rollup-batches.ts';
import { TableAppender } from './table-appender.ts';
import { VectorWriter } from './vectors.ts';

export class Writer {
  readonly #duckdb: Bindings;
  readonly #connection: Connection;
  readonly #tables: ReadonlyMap<string, Table>;
  readonly #stored: StoredTables;
  readonly #vectors: VectorWriter;
  readonly #rollups: RollupMaker;
  readonly #appenders = new Map<string, TableAppender>();

  constructor(duckdb: Bindings, connection: Connection, tables: readonly Table[], stored: StoredTables) {
    this.#duckdb = duckdb;
    this.#connection = connection;
    this.#tables = new Map(tables.map((table) => [table.name, table]));
    this.#stored = stored;
    this.#vectors = new VectorWriter(duckdb);
    this.#rollups = new RollupMaker(tables);
  }

  /**
   * Resolves when the batches are on disk, and gives the rollups that went with them. Throws STORE_FAILED or
   * STORE_FULL; then nothing of them is there.
   */
  async write(batches: readonly Batch[]): Promise<readonly Batch[]> {
    const filled = batches.filter(({ rows }) => rows > 0);
    if (filled.length === 0) return [];
    for (const { table } of filled) {
      if (this.#tables.has(table)) continue;
      throw new Failure('STORE_FAILED', `the store has no table ${table}`, 'This is a mistake in taplight: report it.');
    }
    try {
      return await inTransaction(this.#duckdb, this.#connection, () => this.#append(filled));
    } catch (error) {
      this.#discard();
      throw storeFailure(error, 'rows could not be kept');
    }
  }

  /** Gives the rollups. Appenders are gone after a failure, with what they hold, before anything is rolled back. */
  #append(filled: readonly Batch[]): readonly Batch[] {
    try {
      for (const batch of filled) this.#appender(batch.table).append(batch);
      // What does not fit its table was refused above, so rollups are made of sound columns only.
      const rollups = this.#rollups.make(filled);
      for (const batch of rollups) this.#appender(batch.table).append(batch);
      return rollups;
    } catch (error) {
      this.#discard();
      throw error;
    }
  }

  #discard(): void {
    for (const appender of this.#appenders.values()) appender.discard();
    this.#appenders.clear();
  }

  #appender(name: string): TableAppender {
    let appender = this.#appenders.get(name);
    if (appender === undefined) {
      const table = this.#tables.get(name);
      const stored = this.#stored.get(name);
      if (table === undefined || stored === undefined) throw new Error(`the store has no table ${name}`);
      appender = new TableAppender(this.#duckdb, this.#connection, this.#vectors, table, stored);
      this.#appenders.set(name, appender);
    }
    return appender;
  }
}
