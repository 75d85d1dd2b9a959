// The log of writes, and when what it holds is put in its place.

import { statSync } from 'node:fs';
import type { Bindings, Connection } from '../opening/bindings.ts';

/**
 * The log is read when a store is opened after a kill, about 90 MB or 3,000 writes a second; the larger it may grow, the
 * better rows are packed that are put in their place.
 */
const mostBytes = 48e6;
const mostWrites = 3000;

export class Log {
  readonly #duckdb: Bindings;
  readonly #connection: Connection;
  readonly #path: string | null;
  #writes = 0;
  /** What the last checkpoint could not empty, as an old question still reads it. */
  #restBytes = 0;

  /** @param path of the log, null where the store is in memory */
  constructor(duckdb: Bindings, connection: Connection, path: string | null) {
    this.#duckdb = duckdb;
    this.#connection = connection;
    this.#path = path;
  }

  get bytes(): number {
    return this.#path === null ? 0 : (statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0);
  }

  /** A transaction was written; true: it is time to empty the log. */
  noteWrite(): boolean {
    this.#writes++;
    return this.#path !== null && (this.#writes >= mostWrites || this.bytes >= this.#restBytes + mostBytes);
  }

  /** Puts everything in its place. */
  async checkpoint(): Promise<void> {
    this.#writes = 0;
    await this.#duckdb.query(this.#connection, 'CHECKPOINT');
    this.#restBytes = this.bytes;
  }
}
