// Proves that a store read through its owner's socket gives what the store itself gives, for every kind of question, with
// the same Failures, and that a question that is stopped is stopped in the engine.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  nothingLive,
  openRemoteHistory,
  ownedStore,
  type RemoteHistory,
  serveSocket,
  socketPath,
} from '../../src/app/server/index.ts';
import { type History, type Measure, openHistory, type Scope, type Store } from '../../src/output/store/index.ts';
import { engines } from './history/engines.ts';
import { beginUs, makeWorld, minuteUs, tables, worldBatches } from './history/history-data.ts';

const hour: Scope = { fromUs: beginUs, toUs: beginUs + 60 * minuteUs, runs: 'all' };
const every: readonly Measure[] = ['bytes', 'flows', 'hosts', 'duration_mean', 'rtt_p95'];

const questions: Record<string, (history: History) => Promise<object>> = {
  flows: (history) => history.rows({ table: 'flows', limit: 1200 }),
  'flows, filtered and sorted': (history) =>
    history.rows({ table: 'flows', ...hour, filter: 'port:443', sort: [{ column: 'bytes_rev', descending: true }] }),
  alerts: (history) => history.rows({ table: 'alerts', runs: 'all' }),
  hosts: (history) => history.rows({ table: 'hosts', ...hour, limit: 20 }),
  'a count': async (history) => ({ count: await history.count({ table: 'flows', ...hour }) }),
  'the largest': (history) => history.top({ ...hour, by: ['app'], measures: every }),
  'sums over time': (history) => history.series({ ...hour, by: 'app', limit: 3, measures: ['bytes', 'rtt_p50'] }),
  'a comparison': (history) => history.diff({ before: { runs: [11] }, after: { runs: [12] } }),
  SQL: (history) => history.sql('SELECT src_ip, count(*) AS n, avg(rtt_us) AS mean FROM flows GROUP BY 1 ORDER BY 1'),
  'SQL that is wrong': (history) => history.sql('SELECT nope FROM flows'),
  'SQL that writes': (history) => history.sql('DELETE FROM flows'),
  runs: (history) => history.runs(),
  sensors: (history) => history.sensors(),
  'a table that is not there': (history) => history.rows({ table: 'nope' }),
  'a column that is not there': (history) => history.rows({ table: 'flows', columns: ['nope'] }),
  'a limit out of bounds': (history) => history.rows({ table: 'flows', limit: 1_000_000 }),
  'a filter that is wrong': (history) => history.rows({ table: 'flows', filter: 'port:443 nope == 1' }),
  'no measure': (history) => history.top({ by: ['app'], measures: [] }),
};

describe.each(engines)('history of $name through a socket', ({ open, slowSql }) => {
  const folder = mkdtempSync(join(tmpdir(), 'taplight-history-'));
  let store: Store;
  let direct: History;
  let remote: RemoteHistory;
  let owner: { close(): Promise<void> };

  beforeAll(async () => {
    store = await open();
    await store.write(worldBatches(makeWorld(1500)));
    direct = openHistory(store, tables);
    owner = await serveSocket(folder, {
      version: '0',
      source: { kind: 'store', names: [] },
      tables,
      ...nothingLive,
      history: direct,
      store: ownedStore(Promise.resolve(store), tables),
      filters: null,
      packets: null,
    });
    remote = openRemoteHistory(socketPath(folder));
  });
  afterAll(async () => {
    await owner?.close();
    await store?.close();
    rmSync(folder, { recursive: true });
  });

  /** What came of a question, but for the time it took. */
  const outcome = async (history: History, ask: (history: History) => Promise<object>): Promise<unknown> => {
    try {
      const answer = await ask(history);
      return 'tookMs' in answer ? { ...answer, tookMs: 0 } : answer;
    } catch (error) {
      return (error as { toData(): unknown }).toData();
    }
  };

  it.each(Object.entries(questions))('%s', async (_, ask) => {
    expect(await outcome(remote, ask)).toEqual(await outcome(direct, ask));
  });

  it('stops a question', async () => {
    const stopping = new AbortController();
    const asking = remote.sql(slowSql, { signal: stopping.signal, timeoutMs: 15_000 });
    setTimeout(() => stopping.abort(), 50);
    await expect(asking).rejects.toMatchObject({ code: 'QUERY_STOPPED' });
    // Were it still at work, this answer would wait for a thread.
    const began = performance.now();
    await remote.count({ table: 'flows' });
    expect(performance.now() - began).toBeLessThan(5000);
    await expect(remote.sql(slowSql, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'QUERY_STOPPED' });
  });

  it('writes Parquet', async () => {
    const path = join(folder, 'flows.parquet');
    await remote.exportParquet({ table: 'flows', filter: 'port:443' }, path);
    expect(readFileSync(path).subarray(0, 4).toString()).toBe('PAR1');
    // A page has a bound, a file has none.
    await remote.exportParquet({ table: 'flows', limit: 200_000 }, path);
    await expect(remote.rows({ table: 'flows', limit: 200_000 })).rejects.toMatchObject({ code: 'BAD_QUERY' });
  });
});
