// Proves that old rows go, by days and by size, with imported files by their import; that compaction changes nothing that
// is read; and that rows go out to Parquet and come back.

import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf, type Row } from '../../../../../test/contracts/batch-of.ts';
import { contractTables, extremes, flowRows, kindsTable } from '../../../../../test/contracts/store-tables.ts';
import { type Batch, flows, names, runs, type Table, type Value } from '../../index.ts';
import { type DuckdbStore, openDuckdb } from '../index.ts';

const dayUs = 86_400_000_000;
const nowUs = 1_800_000_000_000_000;

let folder: string;
let store: DuckdbStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'taplight-store-'));
  store = await openDuckdb({ folder: join(folder, 'store'), tables: contractTables });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(sql: string): Promise<(readonly Value[])[]> {
  return [...(await store.select({ sql, params: [] })).rows];
}

const flowAt = (run: number, end_ts: number): Row => ({ ...flowRows(1)[0], run, end_ts, start_ts: end_ts });

const fileRun = (run: number, began_ts: number): Row => ({ run, version: 1, kind: 'file', state: 'done', began_ts });

describe('retention', () => {
  it('deletes raw rows and rollups by days, rows of imported files by the day of their import', async () => {
    const ages = [0, 5, 9, 11, 40];
    await store.write([
      batchOf(
        flows,
        ages.map((days) => flowAt(1, nowUs - days * dayUs)),
      ),
    ]);
    // Packets of long ago, imported yesterday and twenty days ago.
    await store.write([
      batchOf(flows, [flowAt(2, 1e15), flowAt(3, 1e15), flowAt(3, nowUs)]),
      batchOf(runs, [fileRun(2, nowUs - dayUs), fileRun(3, nowUs - 20 * dayUs)]),
    ]);
    const policy = { rawDays: 10, rollupDays: 30, maxBytes: 0 };
    const deleted = await store.retain(policy, nowUs);
    expect(await ask('SELECT run, count(*) FROM flows GROUP BY run ORDER BY run')).toEqual([
      [1, 3],
      [2, 1],
    ]);
    expect(await ask('SELECT sum(records) FROM flows_1m WHERE run = 1')).toEqual([[4]]);
    expect(await ask('SELECT run FROM runs ORDER BY run')).toEqual([[2], [3]]);
    expect(deleted).toBeGreaterThan(4);
    expect(await store.retain(policy, nowUs)).toBe(0);
    expect(await store.retain({ rawDays: 0, rollupDays: 0, maxBytes: 0 }, nowUs + 1000 * dayUs)).toBe(0);
  });

  it('deletes the oldest rows until the store is small enough, and uses the room again', async () => {
    const small = await openDuckdb({ folder: join(folder, 'small'), tables: [smallTable] });
    for (let run = 0; run < 10; run++) await small.write([smallBatch(run)]);
    const policy = { rawDays: 0, rollupDays: 0, maxBytes: 7e6 };
    expect((await small.info()).bytes).toBeGreaterThan(policy.maxBytes);
    expect(await small.retain(policy, nowUs)).toBeGreaterThan(0);
    expect((await small.info()).bytes).toBeLessThanOrEqual(policy.maxBytes);
    // What is left is the newest.
    const sql = 'SELECT min(run), max(run), count(DISTINCT run) FROM small';
    const [oldest, newest, left] = (await small.select({ sql, params: [] })).rows[0].map(Number);
    expect([newest, left]).toEqual([9, 10 - oldest]);
    expect(left).toBeGreaterThan(2);
    const fileBytes = (): number => statSync(join(folder, 'small', 'history.duckdb')).size;
    const before = fileBytes();
    await small.write([smallBatch(10)]);
    await small.retain(policy, nowUs);
    expect(fileBytes()).toBeLessThanOrEqual(before);
    await small.close();
  }, 60_000);
});

const smallTable: Table = {
  name: 'small',
  title: 'Few columns',
  time: 'ts',
  keep: 'raw',
  columns: [
    { name: 'run', kind: 'u64', title: 'Run' },
    { name: 'ts', kind: 'time', title: 'Time' },
    { name: 'a_hash', kind: 'hash', title: 'Random, so that it cannot be packed' },
    { name: 'another', kind: 'hash', title: 'Random' },
  ],
};

function smallBatch(run: number): Batch {
  const rows = 61_440;
  const same = (value: number): Uint8Array => new Uint8Array(new BigUint64Array(rows).fill(BigInt(value)).buffer);
  const columns = [same(run), same(run), randomBytes(8 * rows), randomBytes(8 * rows)];
  return {
    table: 'small',
    rows,
    columns: columns.map((values) => ({ shape: 'fixed', values: new Uint8Array(values), missing: null })),
  };
}

describe('compaction', () => {
  it('leaves sums as they are, in fewer rows', async () => {
    const named = (i: number): Row => ({ run: 1, name: `n${i % 50}`, first_ts: 1000 - i, last_ts: 1000 + i, count: 1 });
    const pieces = Array.from({ length: 30 }, (_, i) =>
      batchOf(
        names,
        Array.from({ length: 10_000 }, (_, j) => named(i + j)),
      ),
    );
    const [first, ...rest] = pieces;
    await store.write([first]);
    for (const piece of rest) await store.write([piece]);
    // What is done afterwards stands in the queue before the next write.
    await store.write([batchOf(names, [named(0)])]);
    expect(await ask('SELECT sum(count), min(first_ts), max(last_ts), count(DISTINCT name) FROM names')).toEqual([
      [300_001, 1000 - 10_028, 1000 + 10_028, 50],
    ]);
    const [[rows]] = await ask('SELECT count(*) FROM names');
    expect(Number(rows)).toBeLessThan(150_000);
  }, 60_000);
});

describe('Parquet', () => {
  it('goes out with addresses as text, and comes back with its rollups', async () => {
    await store.write([
      batchOf(flows, flowRows(3000)),
      batchOf(
        kindsTable,
        extremes.map(({ row }) => row),
      ),
    ]);
    const sums = 'SELECT sum(records), sum(bytes_fwd), sum(repeated) FROM flows_1s WHERE run = ';
    const hosts = 'SELECT sum(flows_in), sum(flows_out), sum(bytes_tx), sum(pkts) FROM hosts_1m WHERE run = ';
    const rtts = 'SELECT count(DISTINCT bucket), sum(count), sum(count * bucket) FROM rtt_1m WHERE run = ';
    const path = join(folder, "it's flows.parquet");
    await store.exportParquet(
      { sql: 'SELECT * FROM flows WHERE run = $1;', params: [{ kind: 'u64', value: 1 }] },
      path,
    );
    expect(await store.importParquet({ path, table: 'flows', run: 5 })).toBe(3000);
    for (const sql of [sums, hosts, rtts]) expect(await ask(`${sql}5`)).toEqual(await ask(`${sql}1`));
    const rest = 'SELECT DISTINCT ON (flow_id) * EXCLUDE (run) FROM flows WHERE run IN (1, 5) ORDER BY flow_id';
    expect((await ask('SELECT count(*) FROM (SELECT DISTINCT * EXCLUDE (run) FROM flows)'))[0]).toEqual([3000]);
    expect((await ask(rest))[4].slice(2, 4)).toEqual(['10.0.1.4', '198.51.100.4']);
    const kinds = join(folder, 'kinds.parquet');
    await store.exportParquet({ sql: `SELECT * FROM ${kindsTable.name}`, params: [] }, kinds);
    expect(await store.importParquet({ path: kinds, table: kindsTable.name })).toBe(extremes.length);
    expect(await ask(`SELECT count(*) FROM (SELECT DISTINCT * FROM ${kindsTable.name})`)).toEqual([[extremes.length]]);
    expect(readdirSync(join(folder, 'store', 'exchange'))).toEqual([]);
  });

  it('says what is wrong, and leaves nothing half written', async () => {
    const path = join(folder, 'x.parquet');
    await expect(store.exportParquet({ sql: 'DROP TABLE flows', params: [] }, path)).rejects.toMatchObject({
      code: 'BAD_QUERY',
    });
    await expect(store.exportParquet({ sql: "SELECT error('no')", params: [] }, path)).rejects.toMatchObject({
      code: 'BAD_QUERY',
    });
    expect(existsSync(path)).toBe(false);
    const nowhere = join(folder, 'no such folder', 'x.parquet');
    await expect(store.exportParquet({ sql: 'SELECT 1 AS a', params: [] }, nowhere)).rejects.toMatchObject({
      code: 'WRITE_FAILED',
    });
    await expect(store.importParquet({ path, table: 'flows' })).rejects.toMatchObject({ code: 'NO_SUCH_FILE' });
    writeFileSync(path, 'not parquet');
    await expect(store.importParquet({ path, table: 'flows' })).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    expect((await store.info()).rows.flows).toBe(0);
  });
});
