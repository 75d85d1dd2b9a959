// Proves that `serve` puts a server over a capture or a store, tells how to reach it, and ends both with Ctrl+C.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { emptySnapshot } from '../../../../../test/e2e/cli-empty-snapshot.ts';
import { type FakeHost, fakeHost } from '../../../../../test/e2e/cli-fake-host.ts';
import { type FakeRooms, fakeRooms } from '../../../../../test/e2e/cli-fake-rooms.ts';
import { Failure, Flow } from '../../../../core/index.ts';
import type { Batch, Store } from '../../../../output/store/index.ts';
import { forgetfulStore } from '../../../pipeline/index.ts';
import { askServer } from '../../../server/golden/asking.ts';
import { runCommandLine } from '../../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'taplight-serve-'));
afterAll(() => rmSync(folder, { recursive: true }));

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
};

interface Serving {
  readonly host: FakeHost;
  readonly rooms: FakeRooms;
  readonly code: Promise<number>;
  get(path: string, body?: object): Promise<{ status: number; json: () => never; text: string }>;
}

/** Runs `serve --port 0` with these words until it has told where it is. */
async function serving(words: readonly string[], store: Store | Failure | null = null): Promise<Serving> {
  const host = fakeHost(['serve', '--headless', '--port', '0', ...words]);
  const rooms = fakeRooms();
  if (store !== null) rooms.openStore = async () => (store instanceof Failure ? Promise.reject(store) : store);
  const code = runCommandLine(host, rooms);
  let isOver = false;
  const over = code.then(() => {
    isOver = true;
  });
  await Promise.race([over, until(() => isOver || host.stderr.text.includes('Ctrl+C'))]);
  const [, port] = /answers at http:\/\/127\.0\.0\.1:(\d+)\/\n/.exec(host.stderr.text) ?? [];
  const [, token] = /Bearer (\S+)/.exec(host.stderr.text) ?? [];
  const headers = { authorization: `Bearer ${token}` };
  const get: Serving['get'] = (path, body) => {
    const rest = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return askServer({ port, path: `/api/v1${path}`, headers, ...rest });
  };
  return { host, rooms, code, get };
}

/** A store that remembers what is written and whether it was closed. */
function memoryStore(): Store & { readonly batches: Batch[]; closed: number } {
  const batches: Batch[] = [];
  return {
    ...forgetfulStore,
    batches,
    closed: 0,
    write: async (given) => {
      batches.push(...given);
    },
    info: async () => {
      const waiting = { waitingRows: 0, spoolBytes: 0, droppedRows: 0 };
      return { place: '/kept', engine: 'duckdb', schema: 1, bytes: 1, rows: {}, ...waiting };
    },
    close: async function (this: { closed: number }) {
      this.closed++;
    },
  };
}

describe('serve', () => {
  it('says that there is no dashboard', async () => {
    const host = fakeHost(['serve', '-i', 'eth0']);
    expect(await runCommandLine(host, fakeRooms())).toBe(1);
    expect(host.stderr.text).toMatch(/no dashboard in this version.*--headless/s);
  });

  it('shows a capture while it runs, and ends with it', async () => {
    const { host, rooms, code, get } = await serving(['-i', 'eth0']);
    await until(() => rooms.run.options !== null);
    expect(rooms.run.options).toMatchObject({
      wants: { flows: true, alerts: true, values: true },
      snapshotEveryMs: 250,
    });
    const { listeners } = rooms.run;
    listeners.flow?.(Object.assign(new Flow(), { id: 7, proto: 6, oPort: 1234, rPort: 443, lastUs: 5 }));
    host.clock.ms += 2000;
    listeners.snapshot?.({ ...emptySnapshot, packets: 42 });
    expect((await get('/live')).json()).toMatchObject({ state: 'running', packets: 42 });
    const asked = { table: 'flows', columns: ['flow_id'], filter: 'port:443' };
    expect((await get('/live/rows', asked)).json()).toMatchObject({ rows: [[7]], total: 1 });
    expect((await get('/runs')).json()).toMatchObject({ code: 'UNSUPPORTED' });
    expect((await get('/status')).json()).toMatchObject({
      source: { kind: 'interface', names: ['eth0'] },
      store: null,
    });
    host.signal('SIGINT');
    expect(await code).toBe(0);
    expect(rooms.run.stops).toBe(1);
    await expect(get('/live')).rejects.toThrow();
    expect(host.stdout.text).toBe('');
  });

  it('keeps what a file gave to be looked at, until it is stopped', async () => {
    const store = memoryStore();
    const { host, rooms, code, get } = await serving(['-r', 'package.json', '--store', folder], store);
    await until(() => rooms.run.options !== null);
    rooms.run.finish({ snapshot: { ...emptySnapshot, packets: 9 } });
    await until(() => store.batches.length > 1);
    expect((await get('/live')).json()).toMatchObject({ state: 'done', packets: 9 });
    expect((await get('/status')).json()).toMatchObject({ store: { place: '/kept' }, can: { history: true } });
    expect(store.closed).toBe(0);
    host.signal('SIGTERM');
    expect(await code).toBe(0);
    expect(store.closed).toBe(1);
  });

  it('serves a store alone', async () => {
    const store = memoryStore();
    const { host, code, get } = await serving(['--store', folder], store);
    expect((await get('/status')).json()).toMatchObject({ source: { kind: 'store' }, state: 'none' });
    expect((await get('/live')).json()).toMatchObject({ code: 'UNSUPPORTED' });
    host.signal('SIGINT');
    expect(await code).toBe(0);
    expect(store.closed).toBe(1);
  });

  it('fails where there is nothing to serve, where the store is taken, and where the port is', async () => {
    const none = await serving(['--store', join(folder, 'none')]);
    expect([await none.code, none.host.stderr.text]).toEqual([1, expect.stringContaining('there is no store at')]);
    const locked = new Failure('STORE_LOCKED', 'process 12 writes to it', 'Stop it.');
    const taken = await serving(['--store', folder], locked);
    expect([await taken.code, taken.host.stderr.text]).toEqual([1, expect.stringContaining('process 12 writes')]);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const late = await serving(['-i', 'eth0', '--port', String(port)]);
    expect([await late.code, late.host.stderr.text]).toEqual([1, expect.stringContaining(`${port} is taken`)]);
    expect(late.rooms.run.options).toBeNull();
    other.close();
  });

  it('demands a password for others, and says what letting them in means', async () => {
    const open = ['-i', 'eth0', '--listen', '0.0.0.0'];
    const refused = await serving(open);
    expect([await refused.code, refused.host.stderr.text]).toEqual([2, expect.stringContaining('no password')]);
    const { host, code } = await serving([...open, '--password', 'correct horse']);
    expect(host.stderr.text).toMatch(/Warning: whoever reaches 0\.0\.0\.0:\d+ .* in clear/);
    host.signal('SIGINT');
    expect(await code).toBe(0);
  });

  it('ends at once when it is forced, and as a capture that failed', async () => {
    const { rooms, code, host } = await serving(['-i', 'eth0']);
    await until(() => rooms.run.options !== null);
    rooms.run.fail(new Failure('INTERFACE_DOWN', 'eth0 went away', 'Plug it in.'));
    expect([await code, host.stderr.text]).toEqual([1, expect.stringContaining('eth0 went away')]);
  });
});
