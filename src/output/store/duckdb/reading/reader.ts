// Questions: each on a connection of its own, inside a transaction that cannot write, stopped when its time is up.

import { Failure } from '../../../../core/index.ts';
import type { Result, SelectOptions, Statement, Value } from '../../store.ts';
import { type Bindings, type Connection, type Database, storeFailure, wordsOf } from '../opening/bindings.ts';
import { badQuery, prepare } from './prepare.ts';
import { type ReadColumn, withMissing } from './read-vector.ts';
import { Stopper } from './stopper.ts';

/** Questions that run at once; each takes one of the four threads that Node has for such work, and writing needs one. */
const mostAtOnce = 3;

export class Reader {
  readonly #duckdb: Bindings;
  readonly #database: Database;
  readonly #idle: Connection[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #stoppers = new Set<Stopper>();
  #running = 0;

  constructor(duckdb: Bindings, database: Database) {
    this.#duckdb = duckdb;
    this.#database = database;
  }

  /** Runs a question. Throws BAD_QUERY, QUERY_STOPPED, STORE_FAILED. */
  select(statement: Statement, options: SelectOptions = {}): Promise<Result> {
    return this.run(options, (connection, stopper) => this.#select(connection, stopper, statement, options));
  }

  /** Carries something out on a connection of its own that cannot write. */
  async run<T>(options: SelectOptions, act: (connection: Connection, stopper: Stopper) => Promise<T>): Promise<T> {
    const stopper = new Stopper(options);
    this.#stoppers.add(stopper);
    try {
      await this.#enter(stopper);
      try {
        return await this.#inTransaction(stopper, act);
      } finally {
        this.#leave();
      }
    } finally {
      this.#stoppers.delete(stopper);
      stopper.end();
    }
  }

  async #inTransaction<T>(stopper: Stopper, act: (connection: Connection, stopper: Stopper) => Promise<T>): Promise<T> {
    const connection = this.#idle.pop() ?? (await this.#duckdb.connect(this.#database));
    let result: T;
    try {
      await this.#duckdb.query(connection, 'BEGIN TRANSACTION READ ONLY');
      stopper.begin(() => this.#duckdb.interrupt(connection));
      result = await act(connection, stopper);
    } catch (error) {
      stopper.end();
      // Its state is not known any more.
      this.#duckdb.disconnect_sync(connection);
      throw stopper.reason() ?? (error instanceof Failure ? error : storeFailure(error, 'the store could not be read'));
    }
    stopper.end();
    await this.#duckdb.query(connection, 'ROLLBACK');
    this.#idle.push(connection);
    return result;
  }

  async #select(
    connection: Connection,
    stopper: Stopper,
    statement: Statement,
    { maxRows = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY, kinds }: SelectOptions,
  ): Promise<Result> {
    const began = performance.now();
    const duckdb = this.#duckdb;
    const prepared = await prepare(duckdb, connection, statement, kinds);
    stopper.check();
    let rows: Value[][] = [];
    let isCut = false;
    try {
      const result = await duckdb.execute_prepared_streaming(prepared.statement);
      let bytes = 0;
      while (!isCut) {
        stopper.check();
        const chunk = await duckdb.fetch_chunk(result);
        const size = chunk === null ? 0 : duckdb.data_chunk_get_size(chunk);
        if (chunk === null || size === 0) break;
        const taken = rowsOf(duckdb, chunk, prepared.columns, Math.min(size, maxRows - rows.length));
        isCut = rows.length + size > maxRows;
        bytes += roughBytes(taken);
        if (bytes > maxBytes) throw tooLarge(maxBytes);
        rows = rows.length === 0 ? taken : appended(rows, taken);
      }
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw runFailure(error, statement.sql);
    } finally {
      duckdb.destroy_prepare_sync(prepared.statement);
    }
    const columns = prepared.columns.map(({ name, kind }) => ({ name, kind }));
    return { columns, rows, isCut, tookMs: performance.now() - began };
  }

  async #enter(stopper: Stopper): Promise<void> {
    if (this.#running >= mostAtOnce) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    } else this.#running++;
    try {
      stopper.check();
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  /** Hands the place on to the next one that waits. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running--;
    else next();
  }

  /** Stops what runs and closes the connections. */
  async close(): Promise<void> {
    for (const stopper of this.#stoppers) stopper.stop('the store is closed');
    while (this.#running > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    for (const connection of this.#idle.splice(0)) this.#duckdb.disconnect_sync(connection);
  }
}

function appended(rows: Value[][], more: Value[][]): Value[][] {
  for (const row of more) rows.push(row);
  return rows;
}

function rowsOf(
  duckdb: Bindings,
  chunk: import('@duckdb/node-bindings').DataChunk,
  columns: readonly ReadColumn[],
  count: number,
): Value[][] {
  const size = duckdb.data_chunk_get_size(chunk);
  const rows = Array.from({ length: count }, () => new Array<Value>(columns.length));
  for (let i = 0; i < columns.length; i++) {
    const values = withMissing(duckdb, duckdb.data_chunk_get_vector(chunk, i), size, columns[i].read);
    for (let row = 0; row < count; row++) rows[row][i] = values[row];
  }
  return rows;
}

/** Memory that rows take in the answer; only what can be large is looked at. */
function roughBytes(rows: readonly (readonly Value[])[]): number {
  let bytes = 0;
  for (const row of rows) {
    bytes += 16 * row.length;
    for (const value of row) {
      if (typeof value === 'string') bytes += value.length;
      else if (Array.isArray(value)) bytes += roughBytes([value]);
    }
  }
  return bytes;
}

function tooLarge(maxBytes: number): Failure {
  const message = `the answer is larger than ${maxBytes} bytes`;
  return new Failure('QUERY_STOPPED', message, 'ask for fewer rows or columns, or export them');
}

/** While running: what the engine cannot do is one thing, what the statement is wrong about another. */
function runFailure(error: unknown, sql: string): Failure {
  const words = wordsOf(error);
  if (/^Out of Memory Error/i.test(words)) {
    const hint = 'ask for less at once: a shorter time, fewer groups';
    return new Failure('QUERY_STOPPED', `the question needs too much memory (${words})`, hint, error);
  }
  if (/^(?:IO|INTERNAL|FATAL|Serialization|TransactionContext)\b/i.test(words)) {
    return storeFailure(error, 'the store could not be read');
  }
  return badQuery(error, sql);
}
