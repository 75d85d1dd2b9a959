// Makes one row of the partial sums that batches have left for the same bucket. What is read stays the same: it is always
// summed up.

import type { Batch, FixedData } from '../../batches/batch.ts';
import type { Table } from '../../tables/column.ts';
import { merges } from '../../tables/kept.ts';
import { isRollup } from '../../tables/rollups.ts';
import type { Bindings, Connection } from '../opening/bindings.ts';
import { quoted } from '../opening/column-types.ts';
import type { StoredTables } from '../opening/schema.ts';
import { inTransaction } from '../opening/transaction.ts';
import { rollupLayouts } from '../writing/rollup-columns.ts';

/** Partial sums that are worth the work: it takes about a microsecond a row. More of them where it hardly helped. */
const leastRows = 200_000;
const mostRows = 3_200_000;
const worthwhileShare = 0.7;

/** Where sums were added since they were last made one: times by run. */
interface Added {
  rows: number;
  /** Rows that there have to be before it is done. */
  worthRows: number;
  readonly spans: Map<number, { fromUs: number; toUs: number }>;
}

export class Compaction {
  readonly #duckdb: Bindings;
  readonly #connection: Connection;
  readonly #tables = new Map<string, Table>();
  readonly #added = new Map<string, Added>();

  constructor(duckdb: Bindings, connection: Connection, tables: readonly Table[], stored: StoredTables) {
    this.#duckdb = duckdb;
    this.#connection = connection;
    for (const table of tables) {
      // Columns that nobody declares any more would be lost.
      const isWhole = stored.get(table.name)?.length === table.columns.length;
      if (isWhole && summedColumns(table) !== null) this.#tables.set(table.name, table);
    }
  }

  /** Remembers what was added. */
  note(batches: readonly Batch[]): void {
    for (const batch of batches) {
      const table = this.#tables.get(batch.table);
      if (table === undefined) continue;
      let added = this.#added.get(batch.table);
      if (added === undefined) {
        added = { rows: 0, worthRows: leastRows, spans: new Map() };
        this.#added.set(batch.table, added);
      }
      added.rows += batch.rows;
      widen(added, table, batch);
    }
  }

  get isDue(): boolean {
    return [...this.#added.values()].some(({ rows, worthRows }) => rows >= worthRows);
  }

  /** Makes one row of many where it is worth it. */
  async run(): Promise<void> {
    for (const [name, added] of this.#added) {
      const table = this.#tables.get(name);
      if (table === undefined || added.rows < added.worthRows) continue;
      const before = added.rows;
      const spans = [...added.spans];
      added.rows = 0;
      added.spans.clear();
      let after = 0;
      for (const [run, { fromUs, toUs }] of spans) after += await this.#compact(table, run, fromUs, toUs);
      const helped = after < worthwhileShare * before;
      added.worthRows = helped ? leastRows : Math.min(mostRows, 2 * added.worthRows);
    }
  }

  async #compact(table: Table, run: number, fromUs: number, toUs: number): Promise<number> {
    const name = quoted(table.name);
    const time = quoted(table.time);
    const where = `run = ${run} AND ${time} BETWEEN make_timestamp(${fromUs}) AND make_timestamp(${toUs})`;
    const sums = summedColumns(table) ?? {};
    const keys = table.columns.filter((column) => sums[column.name] === undefined).map((column) => quoted(column.name));
    const values = table.columns.map((column) => {
      const sum = sums[column.name];
      if (sum === undefined) return quoted(column.name);
      const value = `${sum}(${quoted(column.name)})`;
      return `${sum === 'sum' ? `${value}::UBIGINT` : value} AS ${quoted(column.name)}`;
    });
    // In the order of time and keys the rows also take less room.
    const statements = [
      `CREATE TEMP TABLE compacted AS SELECT ${values.join(', ')} FROM ${name} WHERE ${where}
       GROUP BY ${keys.join(', ')} ORDER BY ${time}, ${keys.join(', ')}`,
      `DELETE FROM ${name} WHERE ${where}`,
      `INSERT INTO ${name} BY NAME SELECT * FROM compacted`,
      'DROP TABLE compacted',
    ];
    return inTransaction(this.#duckdb, this.#connection, async () => {
      let rows = 0;
      for (const sql of statements) {
        const result = await this.#duckdb.query(this.#connection, sql);
        if (sql.startsWith('INSERT')) rows = this.#duckdb.rows_changed(result);
      }
      return rows;
    });
  }
}

type SummedColumns = Readonly<Record<string, 'sum' | 'min' | 'max'>>;

/** Columns that are summed up, by name; null where rows of a table are no partial sums. */
function summedColumns(table: Table): SummedColumns | null {
  if (!isRollup(table)) return merges[table.name] ?? null;
  return Object.fromEntries(rollupLayouts[table.by].sums.map((name) => [name, 'sum']));
}

function widen(added: Added, table: Table, batch: Batch): void {
  const place = (name: string): number => table.columns.findIndex((column) => column.name === name);
  const view = (name: string): DataView => {
    const { values } = batch.columns[place(name)] as FixedData;
    return new DataView(values.buffer, values.byteOffset, values.byteLength);
  };
  const times = view(table.time);
  const runs = view('run');
  for (let row = 0; row < batch.rows; row++) {
    const run = Number(runs.getBigUint64(8 * row, true));
    const timeUs = Number(times.getBigInt64(8 * row, true));
    const span = added.spans.get(run);
    if (span === undefined) added.spans.set(run, { fromUs: timeUs, toUs: timeUs });
    else if (timeUs < span.fromUs) span.fromUs = timeUs;
    else if (timeUs > span.toUs) span.toUs = timeUs;
  }
}
