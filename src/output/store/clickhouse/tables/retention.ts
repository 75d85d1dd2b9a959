// How long rows are kept: the servers delete days that are over by themselves (TTL); days that are over already go at once.

import type { RetentionPolicy } from '../../store.ts';
import type { Table } from '../../tables/index.ts';
import type { Connections } from '../server/http.ts';
import type { Host } from '../server/url.ts';
import { quoted } from './column-types.ts';
import { keptFrom, localColumns, localName, onCluster } from './definitions.ts';

const timeoutMs = 120_000;

const daysOf = (table: Table, policy: RetentionPolicy): number =>
  table.keep === 'raw' ? policy.rawDays : policy.rollupDays;

/** Tables that lose rows by age; what is known of runs stays. */
const aged = (tables: readonly Table[]): readonly Table[] =>
  tables.filter((table) => localColumns(table).has(keptFrom));

const ttlOf = (days: number): string => `${keptFrom} + toIntervalDay(${days})`;

/** One server whose tables lose what is past its time. */
export class Retention {
  readonly #connections: Connections;
  readonly #tables: readonly Table[];

  constructor(connections: Connections, tables: readonly Table[]) {
    this.#connections = connections;
    this.#tables = tables;
  }

  /** Tells the tables of a server how long to keep rows. Does nothing where they know. */
  async setTtl(host: Host, policy: RetentionPolicy): Promise<void> {
    const { place } = this.#connections;
    const sql =
      `SELECT name, extract(create_table_query, ' TTL (.*?) SETTINGS ') FROM system.tables ` +
      `WHERE database = '${place.database}' FORMAT TabSeparated`;
    const lines = (await this.#run(host, sql)).split('\n').map((line) => line.split('\t'));
    const have = new Map(lines.map(([name, ttl]) => [name, ttl]));
    for (const table of aged(this.#tables)) {
      const local = localName(table, place);
      const days = daysOf(table, policy);
      const want = days === 0 ? '' : ttlOf(days);
      if (!have.has(local) || have.get(local) === want) continue;
      const change = days === 0 ? 'REMOVE TTL' : `MODIFY TTL ${want}`;
      await this.#run(host, `ALTER TABLE ${quoted(local)}${onCluster(place)} ${change}`);
    }
  }

  /** Deletes days of which every row is past its time; gives the number of rows. */
  async dropDays(host: Host, policy: RetentionPolicy, nowUs: number): Promise<number> {
    let rows = 0;
    for (const table of aged(this.#tables)) {
      const days = daysOf(table, policy);
      if (days > 0) rows += await this.#dropDaysOf(host, table, days, nowUs);
    }
    return rows;
  }

  async #dropDaysOf(host: Host, table: Table, days: number, nowUs: number): Promise<number> {
    const { place } = this.#connections;
    const local = quoted(localName(table, place));
    // A sensor whose clock is ahead must not delete what others saw: the server's clock counts, too.
    const now = `least(toUnixTimestamp(now()), ${Math.floor(nowUs / 1e6)})`;
    const sql =
      `SELECT _partition_id, count() FROM ${local} GROUP BY _partition_id ` +
      `HAVING toUnixTimestamp(max(${keptFrom})) + ${days * 86_400} < ${now} FORMAT TabSeparated`;
    let rows = 0;
    for (const line of (await this.#run(host, sql)).split('\n').filter((each) => each !== '')) {
      const [partition, count] = line.split('\t');
      await this.#run(host, `ALTER TABLE ${local}${onCluster(place)} DROP PARTITION ID '${partition}'`);
      rows += Number(count);
    }
    return rows;
  }

  /** Deletes all rows of runs; gives their number. */
  async forget(host: Host, runs: readonly number[]): Promise<number> {
    const { place } = this.#connections;
    const list = runs.map(String).join(', ');
    let rows = 0;
    for (const table of this.#tables.filter(({ columns }) => columns.some(({ name }) => name === 'run'))) {
      const local = quoted(localName(table, place));
      const count = Number(await this.#run(host, `SELECT count() FROM ${local} WHERE run IN (${list})`));
      if (count === 0) continue;
      await this.#run(host, `ALTER TABLE ${local}${onCluster(place)} DELETE WHERE run IN (${list})`);
      rows += count;
    }
    return rows;
  }

  #run(host: Host, sql: string): Promise<string> {
    // For a new TTL nothing is rewritten at once; what is deleted is gone when the answer comes.
    const settings = { materialize_ttl_after_modify: '0', mutations_sync: '1' };
    const isChange = !sql.startsWith('SELECT');
    return this.#connections.ask(host, { sql, timeoutMs, ...(isChange ? { settings } : {}) });
  }
}
