// Rows of a table out of a Parquet file that was exported from it, with the rollups of flows.

import { existsSync } from 'node:fs';
import { copyFile, link, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../../../core/index.ts';
import type { Table } from '../../tables/column.ts';
import { isRollup, type Rollup } from '../../tables/rollups.ts';
import { type Bindings, type Connection, storeFailure, wordsOf } from '../opening/bindings.ts';
import { emptyLiteral, literal, quoted, sqlTypes } from '../opening/column-types.ts';
import { textRows } from '../opening/rows-of.ts';
import { inTransaction } from '../opening/transaction.ts';

export interface ParquetImport {
  readonly path: string;
  readonly table: string;
  /** Rows are put down to this run instead of the one they were exported with. */
  readonly run?: number;
}

let imports = 0;

/** Gives the number of rows. Columns that the file does not have are empty. Throws NO_SUCH_FILE, FILE_DAMAGED, STORE_FAILED. */
export async function importParquet(
  duckdb: Bindings,
  connection: Connection,
  tables: readonly Table[],
  { path, table: name, run }: ParquetImport,
  exchange: string,
): Promise<number> {
  const table = tables.find((each) => each.name === name);
  if (table === undefined)
    throw new Failure('STORE_FAILED', `the store has no table ${name}`, 'See the list of tables.');
  if (!existsSync(path)) throw new Failure('NO_SUCH_FILE', `there is no file ${path}`, 'Check the path.');
  // SQL may read only what lies in this folder; links to other places are seen through.
  const part = join(exchange, `${process.pid}-${imports++}.parquet`);
  await link(path, part).catch(() => copyFile(path, part));
  const source = `read_parquet(${literal(part)})`;
  try {
    const there = await columnsOf(duckdb, connection, source, path);
    return await inTransaction(duckdb, connection, async () => {
      await duckdb.query(
        connection,
        `CREATE TEMP TABLE imported AS SELECT ${valuesOf(table, there, run)} FROM ${source}`,
      );
      const into = `INSERT INTO ${quoted(name)} BY NAME SELECT * FROM imported`;
      const rows = duckdb.rows_changed(await duckdb.query(connection, into));
      const rollups = name === 'flows' ? tables.filter(isRollup) : [];
      for (const rollup of rollups) await duckdb.query(connection, rollupSql(rollup));
      await duckdb.query(connection, 'DROP TABLE imported');
      return rows;
    });
  } catch (error) {
    throw storeFailure(error, `${path} could not be imported`);
  } finally {
    await rm(part, { force: true });
  }
}

async function columnsOf(duckdb: Bindings, connection: Connection, source: string, path: string): Promise<Set<string>> {
  try {
    const sql = `SELECT column_name FROM (DESCRIBE SELECT * FROM ${source})`;
    return new Set((await textRows(duckdb, connection, sql)).map(([name]) => name));
  } catch (error) {
    const hint = 'Give a file that was written with --format parquet.';
    throw new Failure('FILE_DAMAGED', `${path} is no Parquet file: ${wordsOf(error)}`, hint, error);
  }
}

function valuesOf(table: Table, there: ReadonlySet<string>, run: number | undefined): string {
  const values = table.columns.map(({ name, kind, nullable }) => {
    const column = quoted(name);
    if (name === 'run' && run !== undefined) return `${run}::UBIGINT AS run`;
    if (!there.has(name)) return `${emptyLiteral(kind, nullable === true)}::${sqlTypes[kind]} AS ${column}`;
    return kind === 'address' ? `ip(${column}) AS ${column}` : `${column}::${sqlTypes[kind]} AS ${column}`;
  });
  return values.join(', ');
}

/** What writing/rollup-batches.ts does for batches. */
function rollupSql(rollup: Rollup): string {
  const head = `time_bucket(INTERVAL ${rollup.bucketSec} SECOND, end_ts) AS ts, run, sensor`;
  const first = 'count(*) FILTER (part = 0)';
  const sql = {
    flow: `SELECT ${head}, proto, app, ${first} AS flows, count(*) AS records, sum(pkts_fwd + pkts_rev) AS pkts,
      sum(bytes_fwd) AS bytes_fwd, sum(bytes_rev) AS bytes_rev, sum(repeated_fwd + repeated_rev) AS repeated
      FROM imported GROUP BY ALL`,
    'local host': `SELECT ${head}, src_ip AS ip, ${first} AS flows_out, 0 AS flows_in, sum(pkts_fwd + pkts_rev) AS pkts,
      sum(bytes_fwd) AS bytes_tx, sum(bytes_rev) AS bytes_rx, sum(repeated_fwd) AS repeated
      FROM imported WHERE direction IN (0, 1) GROUP BY ALL UNION ALL BY NAME
      SELECT ${head}, dst_ip AS ip, 0 AS flows_out, ${first} AS flows_in, sum(pkts_fwd + pkts_rev) AS pkts,
      sum(bytes_rev) AS bytes_tx, sum(bytes_fwd) AS bytes_rx, sum(repeated_rev) AS repeated
      FROM imported WHERE direction IN (0, 2) GROUP BY ALL`,
    rtt: `SELECT ${head}, dst_ip AS server,
      CASE WHEN rtt_us = 0 THEN 0 ELSE least(255, floor(8 * ln(rtt_us))) END::UTINYINT AS bucket, count(*) AS count
      FROM imported WHERE rtt_us IS NOT NULL GROUP BY ALL`,
  }[rollup.by];
  return `INSERT INTO ${quoted(rollup.name)} BY NAME ${sql}`;
}
