// Stores whose owner is killed while it writes: what was taken has to be there, once.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openDuckdb } from '../../src/output/store/duckdb/index.ts';
import type { Store } from '../../src/output/store/index.ts';
import type { Row } from './batch-of.ts';
import { contractTables, flowRows } from './store-tables.ts';

export const rowsPerBatch = 2000;

/** Rows of one of four different batches; the child numbers them anew. */
export const crashRows = (piece: number): Row[] =>
  flowRows(4 * rowsPerBatch).slice(piece * rowsPerBatch, (piece + 1) * rowsPerBatch);

export interface WriterRun {
  /** Number of the last batch that was taken; -1: none. */
  readonly last: number;
  /** What it said when it could not go on. */
  readonly failure: string;
}

/**
 * Runs the writer until it is killed, `aliveMs` after it has opened the store; or until it ends by itself.
 *
 * @param limitBytes size of the largest file it may write
 */
export async function runWriter(
  child: URL,
  folder: string,
  first: number,
  { aliveMs, limitBytes }: { readonly aliveMs?: number; readonly limitBytes?: number },
): Promise<WriterRun> {
  const command = [process.execPath, fileURLToPath(child), folder, String(first)];
  const [program, ...args] =
    limitBytes === undefined ? command : ['prlimit', `--fsize=${limitBytes}`, '--', ...command];
  const writer = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(writer, 'close');
  let last = first - 1;
  let failure = '';
  for await (const line of createInterface({ input: writer.stdout })) {
    if (line === 'open' && aliveMs !== undefined) setTimeout(() => writer.kill('SIGKILL'), aliveMs);
    if (/^\d+$/.test(line)) last = Number(line);
    if (line.startsWith('failed ')) failure = line.slice('failed '.length);
  }
  await closed;
  return { last, failure };
}

export interface Survival {
  readonly reopenMs: number;
  /** Number of the last batch that is there. */
  readonly last: number;
  /** What is wrong, in words; empty: nothing. */
  readonly wrong: readonly string[];
}

/** Opens a store after the end of its writer, and looks at everything that has to be there. */
export async function examine(folder: string, acknowledged: number): Promise<Survival> {
  const began = performance.now();
  const store = await openDuckdb({ folder, tables: contractTables });
  const [batches, last, rows] = await numbers(
    store,
    `SELECT count(DISTINCT flow_id // ${rowsPerBatch}), coalesce(max(flow_id // ${rowsPerBatch}), -1), count(*) FROM flows`,
  );
  const reopenMs = performance.now() - began;
  const wrong: string[] = [];
  if (last < acknowledged) wrong.push(`batch ${acknowledged} was taken, the last one there is ${last}`);
  if (batches !== last + 1) wrong.push(`${batches} batches up to number ${last}`);
  if (rows !== rowsPerBatch * batches) wrong.push(`${rows} rows in ${batches} batches`);
  const [ids] = await numbers(store, 'SELECT count(DISTINCT flow_id) FROM flows');
  if (ids !== rows) wrong.push(`${rows} rows of ${ids} flows`);
  for (const [sql, raw] of sums) {
    const [told] = await numbers(store, `SELECT coalesce(sum(n), 0) FROM (${sql}) AS t(n)`);
    const [there] = await numbers(store, `SELECT coalesce(sum(n), 0) FROM (${raw}) AS t(n)`);
    if (told !== there) wrong.push(`${sql}: ${told} instead of ${there}`);
  }
  await store.close();
  return { reopenMs, last, wrong };
}

/** What rollups say, and what the rows say. */
const sums: readonly (readonly [string, string])[] = [
  ['SELECT records FROM flows_1s', 'SELECT 1 FROM flows'],
  ['SELECT bytes_rev FROM flows_1m', 'SELECT bytes_rev FROM flows'],
  ['SELECT repeated FROM flows_1s', 'SELECT repeated_fwd + repeated_rev FROM flows'],
  [
    'SELECT bytes_tx FROM hosts_1m',
    `SELECT CASE direction WHEN 0 THEN bytes_fwd + bytes_rev WHEN 1 THEN bytes_fwd WHEN 2 THEN bytes_rev ELSE 0 END
     FROM flows`,
  ],
  ['SELECT count FROM rtt_1m', 'SELECT 1 FROM flows WHERE rtt_us IS NOT NULL'],
];

async function numbers(store: Store, sql: string): Promise<number[]> {
  return (await store.select({ sql, params: [] })).rows[0].map(Number);
}
