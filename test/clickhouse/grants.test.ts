// Proves that a sensor needs no more than INSERT, and who asks no more than SELECT, as docs/72-fleet.md grants them.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClickhouseStore, openClickhouse } from '../../src/output/store/clickhouse/index.ts';
import { flows, rollups, runs } from '../../src/output/store/index.ts';
import { flowBatch, runBatch } from './made-rows.ts';
import { type Cluster, missing, startClickhouse } from './servers.ts';
import { clickhouseFolder } from './tested-store.ts';

describe.skipIf(missing !== null)('rights on ClickHouse', () => {
  const folder = clickhouseFolder();
  let cluster: Cluster;
  const opened: ClickhouseStore[] = [];
  const told: (string | null)[] = [];
  const policy = { rawDays: 30, rollupDays: 30, maxBytes: 0 };
  const nowUs = Date.now() * 1000;

  beforeAll(async () => {
    cluster = await startClickhouse(folder);
    await cluster.nodes[0].ask('CREATE DATABASE granted');
  });
  afterAll(async () => {
    await Promise.all(opened.map((store) => store.close()));
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(name: string, isWriting: boolean): Promise<ClickhouseStore> {
    const url = `clickhouse://${name}:${name}@127.0.0.1:${cluster.nodes[0].httpPort}/granted?every=1`;
    const store = await openClickhouse({
      url,
      tables: [flows, runs, ...rollups],
      sensor: name,
      spoolFolder: isWriting ? join(folder, name) : null,
      trouble: (what) => told.push(what),
      closeMs: 100,
    });
    opened.push(store);
    return store;
  }

  it('let the owner make tables, a sensor insert, and a reader read', async () => {
    const owner = await open('owner', true);
    await owner.write([runBatch(1, 'live')]);
    expect(await owner.flush(15_000)).toBe(true);
    expect(await owner.retain(policy, nowUs)).toBe(0);

    const writer = await open('writer', true);
    await writer.write([flowBatch(100, { fromUs: nowUs })]);
    expect(await writer.flush(15_000)).toBe(true);
    // How long rows are kept is not a sensor's to say; it goes on without.
    expect(await writer.retain(policy, nowUs)).toBe(0);
    const count = { sql: 'SELECT count() FROM flows', params: [] };
    await expect(writer.select(count)).rejects.toMatchObject({
      message: expect.stringContaining('Not enough privileges'),
    });

    const reader = await open('reader', false);
    expect((await reader.select(count)).rows).toEqual([[100]]);
    expect((await reader.select({ ...count, sql: 'SELECT sum(records) FROM flows_1m' })).rows).toEqual([[100]]);
    expect((await reader.info()).rows.flows).toBe(100);
    for (const sql of ['SELECT 1 SETTINGS readonly = 0', 'DROP TABLE flows', 'INSERT INTO flows (run) VALUES (1)'])
      await expect(reader.select({ sql, params: [] })).rejects.toMatchObject({ code: 'BAD_QUERY' });
    expect(told).toEqual([]);
  });
});
