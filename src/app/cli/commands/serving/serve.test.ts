// Proves that `serve` puts a server over a capture or a store, tells how to reach it, and ends both with Ctrl+C.

import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
  const host = fakeHost(['serve', '--port', '0', ...words]);
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
  it('shows a capture while it runs, and ends with it', async () => {
    const { host, rooms, code, get } = await serving(['-i', 'eth0']);
    await until(() => rooms.run.options !== null);
    expect(rooms.run.options).toMatchObject({
      wants: { flows: true, alerts: true, values: true },
      snapshotEveryMs: 1000,
      screens: { pulseEveryMs: 100 },
      keepPackets: { bytes: 64 << 20, perFlowBytes: 65_536 },
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
    expect((await get('/status')).json()).toMatchObject({ source: { kind: 'store' } });
    expect((await get('/scenes')).json()).toMatchObject([{ about: { id: 'main', kind: 'store' } }]);
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

  it('starts with nothing to look at; the browser begins it, and the program ends it', async () => {
    const { host, rooms, code, get } = await serving([]);
    expect((await get('/scenes')).json()).toEqual([]);
    expect((await get('/interfaces')).json()).toMatchObject([{ name: 'eth0' }, { name: 'lo' }]);
    const beginning = get('/scenes', { interface: 'eth0' });
    await until(() => rooms.run.options !== null);
    const { input, keepPackets, write } = rooms.run.options ?? {};
    expect([input, write]).toMatchObject([{ kind: 'interface', name: 'eth0' }, null]);
    expect((await beginning).json()).toMatchObject({ id: '2', kind: 'interface', names: ['eth0'], isLive: true });
    rooms.run.listeners.snapshot?.({ ...emptySnapshot, packets: 42 });
    expect((await get('/live?scene=2')).json()).toMatchObject({ state: 'running', packets: 42 });
    const ring = dirname(keepPackets?.folder ?? '');
    expect(statSync(ring).mode & 0o777).toBe(0o700);
    host.signal('SIGINT');
    expect(await code).toBe(0);
    expect(rooms.run.stops).toBe(1);
    expect(existsSync(ring)).toBe(false);
  });

  it('tells the browser why a capture that it begins cannot be', async () => {
    const { host, rooms, code, get } = await serving([]);
    const refused = new Failure('NO_PERMISSION', 'no permission to listen on eth0', 'Use sudo.');
    rooms.startRun = () => ({ done: Promise.reject(refused), stop: () => {}, abort: async () => {} });
    const problem = { code: 'NO_PERMISSION', message: 'no permission to listen on eth0', hint: 'Use sudo.' };
    expect((await get('/scenes', { interface: 'eth0' })).json()).toEqual(problem);
    rooms.resolveInterface = () => {
      throw new Failure('NO_SUCH_INTERFACE', "there is no interface 'nope'", 'See -D.');
    };
    expect((await get('/scenes', { interface: 'nope' })).json()).toMatchObject({ code: 'NO_SUCH_INTERFACE' });
    expect((await get('/scenes')).json()).toEqual([]);
    expect(host.stderr.text).not.toContain('permission');
    host.signal('SIGTERM');
    expect(await code).toBe(0);
  });

  it('keeps nothing of packets where it is told not to', async () => {
    const { host, rooms, code } = await serving(['-i', 'eth0', '--keep-packets', '0']);
    await until(() => rooms.run.options !== null);
    expect(rooms.run.options?.keepPackets).toBeNull();
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
