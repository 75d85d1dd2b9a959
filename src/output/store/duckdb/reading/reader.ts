// Questions: each on a connection of its own, inside a transaction that cannot write, stopped when its time is up.

import { Failure } from '../../../../core/index.ts';
import type { Result, SelectOptions, Statement } from '../../store.ts';
import { type Bindings, type Connection, type Database, storeFailure } from '../opening/bindings.ts';
import { answer } from './answer.ts';
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
    return this.run(options, (connection, stopper) => answer(this.#duckdb, connection, stopper, statement, options));
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
