// Deletes what is past its time, and the oldest where the store has grown too large.

import type { RetentionPolicy } from '../../store.ts';
import type { Table } from '../../tables/column.ts';
import { type Bindings, type Connection, storeFailure } from '../opening/bindings.ts';
import { quoted } from '../opening/column-types.ts';
import { textRows } from '../opening/rows-of.ts';
import type { Log } from './log.ts';
import { usedBytes } from './size.ts';

const dayUs = 86_400_000_000;

/** Room that is made beyond the bound, so that it is not reached again at once. */
const spareShare = 0.05;
/** How often the oldest part is deleted in one go before the next call goes on. */
const mostRounds = 4;

/** Room is given back by row groups of 122,880 rows: with fewer rows than two of them deleting would gain nothing. */
const leastRows = 250_000;

/** Imported files and when that was: their rows are as old as their import, whatever time the packets have. */
const fileRuns = `(SELECT run, began_ts FROM runs WHERE kind = 'file'
  QUALIFY row_number() OVER (PARTITION BY run ORDER BY version DESC) = 1)`;

export class Retention {
  readonly #duckdb: Bindings;
  readonly #connection: Connection;
  readonly #tables: readonly Table[];
  readonly #log: Log;
  readonly #hasRuns: boolean;

  constructor(duckdb: Bindings, connection: Connection, tables: readonly Table[], log: Log) {
    this.#duckdb = duckdb;
    this.#connection = connection;
    this.#tables = tables;
    this.#log = log;
    this.#hasRuns = tables.some(({ name }) => name === 'runs');
  }

  /** Gives the number of rows deleted. Throws STORE_FAILED, STORE_FULL. */
  async apply(policy: RetentionPolicy, nowUs: number): Promise<number> {
    try {
      return await this.#apply(policy, nowUs);
    } catch (error) {
      throw storeFailure(error, 'old rows could not be deleted');
    }
  }

  async #apply(policy: RetentionPolicy, nowUs: number): Promise<number> {
    const rawUs = policy.rawDays > 0 ? nowUs - policy.rawDays * dayUs : null;
    const rollupUs = policy.rollupDays > 0 ? nowUs - policy.rollupDays * dayUs : null;
    let deleted = 0;
    for (const table of this.#tables) {
      if (table.name === 'runs') continue;
      const untilUs = table.keep === 'raw' ? rawUs : rollupUs;
      if (untilUs !== null) deleted += await this.#deleteBefore(table, untilUs);
    }
    if (rawUs !== null && rollupUs !== null) deleted += await this.#deleteRuns(Math.min(rawUs, rollupUs));
    if (policy.maxBytes > 0) deleted += await this.#shrink(policy.maxBytes);
    return deleted;
  }

  async #deleteBefore(table: Table, untilUs: number): Promise<number> {
    const name = quoted(table.name);
    const until = `make_timestamp(${Math.floor(untilUs)})`;
    const isOld = `${quoted(table.time)} < ${until}`;
    if (!this.#hasRuns) return this.#delete(`DELETE FROM ${name} WHERE ${isOld}`);
    const live = await this.#delete(`DELETE FROM ${name} WHERE ${isOld} AND run NOT IN (SELECT run FROM ${fileRuns})`);
    const files = `SELECT run FROM ${fileRuns} WHERE began_ts < ${until}`;
    return live + (await this.#delete(`DELETE FROM ${name} WHERE run IN (${files})`));
  }

  /** Runs of which nothing is left. */
  #deleteRuns(untilUs: number): Promise<number> {
    if (!this.#hasRuns) return Promise.resolve(0);
    const age = "CASE WHEN kind = 'file' THEN began_ts ELSE coalesce(last_ts, began_ts) END";
    return this.#delete(`DELETE FROM runs WHERE ${age} < make_timestamp(${Math.floor(untilUs)})`);
  }

  async #delete(sql: string): Promise<number> {
    return this.#duckdb.rows_changed(await this.#duckdb.query(this.#connection, sql));
  }

  /** Deletes the oldest raw rows until the blocks in use are within the bound. */
  async #shrink(maxBytes: number): Promise<number> {
    let deleted = 0;
    let isWritten = false;
    for (let round = 0; round < mostRounds; ) {
      const bytes = await usedBytes(this.#duckdb, this.#connection, this.#log);
      if (bytes <= maxBytes) break;
      if (!isWritten) {
        // What is in the log takes less room in its place.
        await this.#log.checkpoint();
        isWritten = true;
        continue;
      }
      const untilUs = await this.#timeOfShare(Math.min(1, 1 - (maxBytes * (1 - spareShare)) / bytes));
      if (untilUs === null) break;
      for (const table of this.#tables) {
        if (table.keep === 'raw') deleted += await this.#deleteBefore(table, untilUs);
      }
      await this.#log.checkpoint();
      round++;
    }
    return deleted;
  }

  /** Time before which this share of the raw rows lies; null when there are too few to gain anything. */
  async #timeOfShare(share: number): Promise<number | null> {
    const raw = this.#tables.filter(({ keep }) => keep === 'raw');
    const age = (table: Table): string =>
      this.#hasRuns
        ? `SELECT coalesce(f.began_ts, ${quoted(table.time)}) t FROM ${quoted(table.name)} LEFT JOIN ${fileRuns} f USING (run)`
        : `SELECT ${quoted(table.time)} t FROM ${quoted(table.name)}`;
    const rows = await textRows(
      this.#duckdb,
      this.#connection,
      `SELECT coalesce(epoch_us(approx_quantile(t, ${share})), -1)::VARCHAR, count(*)::VARCHAR
       FROM (${raw.map(age).join(' UNION ALL ')})`,
    );
    // What lies at that time itself goes, too: many rows may share it.
    return Number(rows[0][1]) < leastRows ? null : Number(rows[0][0]) + 1;
  }
}
