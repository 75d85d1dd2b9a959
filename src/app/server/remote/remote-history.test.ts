// Proves that a store asked through its owner's socket answers like the store itself: the same answers to the same
// questions, the same Failures, and a question that is stopped is stopped in the engine.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { History } from '../../../output/store/index.ts';
import { askServer } from '../golden/asking.ts';
import { fakeHistory, fakeParts } from '../golden/fake-parts.ts';
import { openRemoteHistory, type RemoteHistory } from './remote-history.ts';
import { socketPath } from './socket-path.ts';
import { serveSocket } from './store-socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'taplight-socket-'));
const path = socketPath(folder);
const parts = fakeParts();
const direct = fakeHistory();
let remote: RemoteHistory;
let owner: { close(): Promise<void> };

beforeAll(async () => {
  writeFileSync(path, 'left over from an owner that was killed');
  owner = await serveSocket(folder, parts);
  remote = openRemoteHistory(path);
});
afterAll(async () => {
  await owner.close();
  rmSync(folder, { recursive: true });
});

/** What came of a question, Failures included. */
async function outcome(question: (history: History) => Promise<unknown>, history: History): Promise<unknown> {
  try {
    return await question(history);
  } catch (error) {
    return { failed: (error as { toData(): unknown }).toData() };
  }
}

const questions: Record<string, (history: History) => Promise<unknown>> = {
  'rows of a table': (history) => history.rows({ table: 'flows', limit: 5, offset: 2 }),
  'all rows': (history) => history.rows({ table: 'flows', runs: [7], sensors: ['ü'], filter: 'port:443', fromUs: 0 }),
  'a filter that is wrong': (history) => history.rows({ table: 'flows', filter: 'a and bad' }),
  'a limit that is wrong': (history) => history.rows({ table: 'flows', limit: 0 }),
  'a table that is not there': (history) => history.rows({ table: 'nope' }),
  'a count': (history) => history.count({ table: 'flows' }),
  'the largest': (history) => history.top({ by: ['app'], measures: ['bytes'] }, { timeoutMs: 2500 }),
  'sums over time': (history) => history.series({ measures: ['bytes'], by: 'app', stepSec: 60 }),
  'a comparison': (history) => history.diff({ before: { runs: 'files' }, after: { toUs: 5 }, limit: 3 }),
  SQL: (history) => history.sql('SELECT 1', { maxRows: 1500, kinds: { n: 'u64' }, timeoutMs: 77 }),
  'SQL with nothing said of it': (history) => history.sql('SELECT 1'),
  'SQL that changes something': (history) => history.sql('DROP TABLE flows'),
  runs: (history) => history.runs(),
  sensors: (history) => history.sensors({ timeoutMs: 10 }),
};

describe('a history behind a socket', () => {
  it.each(Object.entries(questions))('answers like the history itself: %s', async (_, question) => {
    expect(await outcome(question, remote)).toEqual(await outcome(question, direct));
    // The owner was asked what the program asked: nothing added, nothing lost on the way.
    expect(parts.history.asked.at(-1)).toEqual(direct.asked.at(-1));
  });

  it('stops a question in the engine', async () => {
    const before = parts.history.stopped;
    const stopping = new AbortController();
    const asking = remote.sql('hang', { signal: stopping.signal });
    setTimeout(() => stopping.abort(), 30);
    await expect(asking).rejects.toMatchObject({ code: 'QUERY_STOPPED' });
    while (parts.history.stopped === before) await new Promise((resolve) => setTimeout(resolve, 5));
    const asked = parts.history.asked.length;
    await expect(remote.runs({ signal: stopping.signal })).rejects.toMatchObject({ code: 'QUERY_STOPPED' });
    expect(parts.history.asked.length).toBe(asked);
  });

  it('tells of the store, and writes its rows as Parquet', async () => {
    expect(await remote.info()).toEqual(await parts.store?.info());
    const target = join(folder, 'rows.parquet');
    await remote.exportParquet({ table: 'flows' }, target);
    expect(readFileSync(target, 'utf8')).toBe('PAR1 not really PAR1');
    const refused = remote.exportParquet({ table: 'flows', filter: 'bad' }, join(folder, 'none.parquet'));
    await expect(refused).rejects.toMatchObject({ code: 'BAD_FILTER', range: { at: 0, length: 3 } });
    const nowhere = remote.exportParquet({ table: 'flows' }, join(folder, 'no', 'folder'));
    await expect(nowhere).rejects.toMatchObject({ code: 'WRITE_FAILED' });
  });
});

describe.skipIf(process.platform === 'win32')('the socket', () => {
  it('is for its user only, who needs no token', async () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await askServer({ socketPath: path, path: '/api/v1/status' })).status).toBe(200);
    expect((await askServer({ socketPath: path, path: '/api/v1/openapi.json' })).status).toBe(200);
  });

  it('goes away with its owner; then whoever asks is told', async () => {
    const other = mkdtempSync(join(tmpdir(), 'taplight-socket-'));
    const own = await serveSocket(other, parts);
    const asking = openRemoteHistory(socketPath(other));
    await asking.runs();
    const hanging = asking.sql('hang');
    hanging.catch(() => {});
    while (parts.history.asked.at(-1)?.request !== 'hang') await new Promise((resolve) => setTimeout(resolve, 5));
    await own.close();
    await expect(hanging).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await expect(asking.runs()).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('ENOENT'),
    });
    rmSync(other, { recursive: true });
  });

  it('is refused where its path is too long for the system', async () => {
    const deep = join(folder, 'a'.repeat(100));
    mkdirSync(deep);
    await expect(serveSocket(deep, parts)).rejects.toMatchObject({ code: 'SERVE_FAILED' });
  });
});
