// Proves that tables are made and grow on one node and on a cluster, that every node reads all of it, that a node may be
// down meanwhile, and that the server understands the statements for replicas.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventKinds } from '../../src/app/pipeline/hand-over/flow-names.ts';
import { type ClickhouseStore, openClickhouse } from '../../src/output/store/clickhouse/index.ts';
import { shareOf } from '../../src/output/store/clickhouse/ingest/target.ts';
import { parseClickhouseUrl } from '../../src/output/store/clickhouse/server/url.ts';
import { createLocal, createReader, createView } from '../../src/output/store/clickhouse/tables/definitions.ts';
import { type Column, flows, isRollup, rollups, runs, storeTables, type Table } from '../../src/output/store/index.ts';
import { batchOf } from '../contracts/batch-of.ts';
import { flowBatch } from './made-rows.ts';
import { type Cluster, missing, startClickhouse } from './servers.ts';
import { clickhouseFolder } from './tested-store.ts';

/** A sensor for each of three shards. */
const sensorOf = (shard: number): string => {
  for (let i = 0; ; i++) if (shareOf(`s${i}`, 3) === shard) return `s${i}`;
};
const few = [flows, runs, ...rollups];
const base: readonly Column[] = [
  { name: 'run', kind: 'u64', title: '' },
  { name: 'sensor', kind: 'word', title: '' },
  { name: 'ts', kind: 'time', title: '' },
];
const tableWith = (...columns: Column[]): Table => ({
  name: 'dns',
  title: '',
  time: 'ts',
  keep: 'raw',
  columns: [...base, ...columns],
});

describe.skipIf(missing !== null)('tables on ClickHouse', () => {
  const folder = clickhouseFolder();
  let cluster: Cluster;
  const opened: ClickhouseStore[] = [];

  beforeAll(async () => {
    cluster = await startClickhouse(folder, 3);
  });
  afterAll(async () => {
    await Promise.all(opened.map((store) => store.close()));
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(sensor: string, options: string, tables: readonly Table[], database = 'net') {
    const url = cluster.url(database, `?cluster=fleet&every=1${options}`);
    const store = await openClickhouse({
      url,
      tables,
      sensor,
      spoolFolder: join(folder, `${database}-${sensor}`),
      closeMs: 100,
    });
    opened.push(store);
    return store;
  }
  const rowsOf = async (store: ClickhouseStore, sql: string) => (await store.select({ sql, params: [] })).rows;

  it('are read whole through every node, wherever a sensor writes, and while one is down', {
    timeout: 60_000,
  }, async () => {
    const stores = await Promise.all([0, 1, 2].map((shard) => open(sensorOf(shard), '', few)));
    for (const [i, store] of stores.entries()) {
      await store.write([flowBatch(100 * (i + 1), { run: i + 1, sensor: sensorOf(i) })]);
      expect(await store.flush(20_000)).toBe(true);
    }
    for (const [i, node] of cluster.nodes.entries()) {
      expect(await node.ask('SELECT count() FROM net.flows_local')).toBe(String(100 * (i + 1)));
      expect(await node.ask('SELECT count() FROM net.flows')).toBe('600');
      expect(await node.ask('SELECT sum(records) FROM net.flows_1m')).toBe('600');
    }
    expect((await stores[0].info()).rows.flows).toBe(600);

    await cluster.nodes[2].kill();
    const [up, , down] = stores;
    await down.write([flowBatch(50, { run: 9, sensor: sensorOf(2) })]);
    expect(await down.flush(1500)).toBe(false);
    await up.write([flowBatch(10, { run: 8, sensor: sensorOf(0) })]);
    expect(await up.flush(20_000)).toBe(true);
    await expect(rowsOf(up, 'SELECT count() FROM flows')).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await cluster.settle();
    const partial = await openClickhouse({
      url: cluster.url('net', '?cluster=fleet&partial'),
      tables: few,
      sensor: 'r',
      spoolFolder: null,
    });
    opened.push(partial);
    expect(await rowsOf(partial, 'SELECT count() FROM flows')).toEqual([[310]]);
    expect(down.waiting()).toMatchObject({ waitingRows: 50, droppedRows: 0 });

    await cluster.nodes[2].start();
    await cluster.settle();
    expect(await down.flush(40_000)).toBe(true);
    expect(await rowsOf(up, 'SELECT count(), uniqExact(run, flow_id) FROM flows')).toEqual([[660, 660]]);
    // The first of the hosts that are asked is gone: another answers.
    await cluster.nodes[0].kill();
    await cluster.settle();
    expect(await rowsOf(partial, 'SELECT count() FROM flows')).toEqual([[550]]);
    await cluster.nodes[0].start();
    await cluster.settle();
  });

  it('grow, and take what older programs still send', { timeout: 60_000 }, async () => {
    const old = tableWith({ name: 'query', kind: 'text', title: '' });
    const wider = tableWith(
      { name: 'query', kind: 'text', title: '' },
      { name: 'rcode', kind: 'real', title: '', nullable: true },
      { name: 'kinds', kind: 'texts', title: '' },
    );
    const other: Table = { ...tableWith(), name: 'other' };
    const row = { run: 1, sensor: sensorOf(0), ts: Date.now() * 1000, query: 'a.example' };
    const first = await open(sensorOf(0), '', [old], 'grown');
    await first.write([batchOf(old, [row])]);
    expect(await first.flush(20_000)).toBe(true);
    // What the old program has written, the server takes after the table has grown.
    await first.write([batchOf(old, [{ ...row, run: 2 }])]);
    const second = await open(sensorOf(1), '', [wider, other], 'grown');
    await second.write([batchOf(wider, [{ ...row, run: 3, rcode: 5, kinds: ['x'] }]), batchOf(other, [row])]);
    expect(await second.flush(20_000)).toBe(true);
    expect(await first.flush(20_000)).toBe(true);
    expect(await rowsOf(second, 'SELECT run, query, rcode, kinds FROM dns ORDER BY run')).toEqual([
      [1, 'a.example', null, []],
      [2, 'a.example', null, []],
      [3, 'a.example', 5, ['x']],
    ]);
    expect(await rowsOf(second, 'SELECT count() FROM other')).toEqual([[1]]);
    // A third start changes nothing.
    const third = await open(sensorOf(2), '', [wider, other], 'grown');
    await third.write([batchOf(other, [row])]);
    expect(await third.flush(20_000)).toBe(true);
    const versions = await cluster.nodes[0].ask('SELECT count(), max(version) FROM grown.taplight_schema');
    expect(versions.split('\t')[1]).toBe('1');
  });

  it('come back when someone has dropped them', { timeout: 30_000 }, async () => {
    const table = tableWith();
    const store = await open(sensorOf(0), '', [table], 'dropped');
    const row = { run: 1, sensor: sensorOf(0), ts: Date.now() * 1000 };
    await store.write([batchOf(table, [row])]);
    expect(await store.flush(20_000)).toBe(true);
    for (const { ask } of [cluster.nodes[0]]) {
      await ask.call(cluster.nodes[0], 'DROP TABLE dropped.dns SYNC');
      await ask.call(cluster.nodes[0], 'DROP TABLE dropped.dns_local SYNC');
    }
    await store.write([batchOf(table, [{ ...row, run: 2 }])]);
    expect(await store.flush(20_000)).toBe(true);
    expect(await rowsOf(store, 'SELECT run FROM dns')).toEqual([[2]]);
  });

  it('have statements for replicas that the server understands', async () => {
    const place = parseClickhouseUrl('clickhouse://u:p@h1,h2/net?cluster=fleet&replicated');
    const statements = storeTables(eventKinds).flatMap((table) => [
      createLocal(table, place),
      createReader(table, place) ?? '',
      ...(isRollup(table) ? [createView(table, place)] : []),
    ]);
    expect(statements.length).toBeGreaterThan(100);
    const url = `http://127.0.0.1:${cluster.nodes[0].httpPort}/`;
    for (const sql of statements) {
      const answer = await fetch(url, { method: 'POST', body: `EXPLAIN AST ${sql}` });
      expect([sql, answer.status]).toEqual([sql, 200]);
      expect(sql).toContain("ON CLUSTER 'fleet'");
    }
    expect(statements[0]).toContain('ENGINE = ReplicatedMergeTree');
    expect(statements[0]).toContain('replicated_deduplication_window');
  });
});
