// Proves that the real `serve` begins what a browser asks for: files that are sent are analysed as any other, hostile ones
// hold nothing up, and nothing is left on disk when it ends.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askServer, type Reply } from '../../src/app/server/golden/asking.ts';
import { scratchFolder } from './scratch-folder.ts';
import { main, type Started, start, until } from './started-program.ts';

const folder = scratchFolder('serve');
const story = readFileSync(fileURLToPath(new URL('../../assets/story.pcapng', import.meta.url)));
const token = 'a token for this test only';
let program: Started;
let port = '';

beforeAll(async () => {
  const words = ['serve', '--port', '0', '--token', token.replaceAll(' ', '-'), '--max-upload', '4MiB'];
  program = start([process.execPath, main, ...words], { TMPDIR: folder });
  await until(() => program.err.includes('Ctrl+C'));
  port = /answers at http:\/\/127\.0\.0\.1:(\d+)\//.exec(program.err)?.[1] ?? '';
});
afterAll(() => program.child.kill('SIGKILL'));

const ask = (method: string, path: string, body?: Uint8Array | string, type = 'application/json'): Promise<Reply> =>
  askServer({
    port,
    path: `/api/v1${path}`,
    method,
    headers: { authorization: `Bearer ${token.replaceAll(' ', '-')}`, 'content-type': type },
    ...(body === undefined ? {} : { body }),
  });

interface SceneInfo {
  readonly about: { readonly id: string; readonly names: readonly string[] };
  readonly state: string;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

/** Sends a file and waits until its scene is over. */
async function sent(body: Uint8Array, name: string): Promise<SceneInfo> {
  const reply = await ask('POST', `/scenes/upload?name=${encodeURIComponent(name)}`, body, 'application/octet-stream');
  expect(reply.status, reply.text).toBe(200);
  const { id } = reply.json() as { id: string };
  for (let i = 0; i < 400; i++) {
    const info = (await ask('GET', `/scenes/${id}`)).json() as SceneInfo;
    if (info.state === 'done' || info.state === 'failed') return info;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${name} is never over`);
}

describe('serve with nothing to look at', () => {
  it('has no scene, and tells of interfaces', async () => {
    expect((await ask('GET', '/scenes')).json()).toEqual([]);
    const names = ((await ask('GET', '/interfaces')).json() as { name: string }[]).map(({ name }) => name);
    expect(names).toContain('lo');
    expect((await ask('GET', '/status')).json()).toMatchObject({ state: 'none', can: { begin: true, live: false } });
  });

  it('analyses what is sent, packed or not, and gives its packets back', async () => {
    for (const [body, name] of [
      [story, 'story.pcapng'],
      [gzipSync(story), 'story.pcapng.gz'],
    ] as const) {
      const { about, state } = await sent(body, name);
      expect([about.names, state]).toEqual([[name], 'done']);
      const live = (await ask('GET', `/live?scene=${about.id}`)).json() as { packets: number };
      expect(live.packets).toBe(6829);
      const asked = { table: 'flows', filter: 'app:dns', count: 1, columns: ['run', 'flow_id'] };
      const rows = (await ask('POST', `/live/rows?scene=${about.id}`, JSON.stringify(asked))).json() as {
        rows: number[][];
      };
      const [run, flow] = rows.rows[0];
      const packets = (await ask('GET', `/live/flows/${run}/${flow}/packets?scene=${about.id}`)).json() as object[];
      expect(packets.length).toBeGreaterThan(0);
    }
  });

  it('says of a hostile file what is wrong with it, under the name it came with', async () => {
    const noise = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251));
    const bodies: Readonly<Record<string, Uint8Array>> = {
      'noise.pcapng': Buffer.concat([Buffer.from('0a0d0d0a', 'hex'), noise]),
      'noise.gz': Buffer.concat([Buffer.from('1f8b', 'hex'), noise]),
      'noise.zst': Buffer.concat([Buffer.from('28b52ffd', 'hex'), noise]),
    };
    for (const [name, body] of Object.entries(bodies)) {
      const { state, failure } = await sent(body, name);
      expect([state, failure?.message], name).toEqual(['failed', expect.stringContaining(name)]);
      expect(failure?.message).not.toContain(folder);
    }
    expect((await ask('GET', '/status')).status).toBe(200);
  });

  it('keeps four at the most, each file in a private folder, and leaves nothing behind', async () => {
    expect((await ask('GET', '/scenes')).json()).toHaveLength(4);
    const [own] = readdirSync(folder);
    expect(statSync(join(folder, own)).mode & 0o777).toBe(0o700);
    // The first one gave way, and of those that failed nothing is needed any more.
    expect(readdirSync(join(folder, own))).toHaveLength(1);
    const large = await ask('POST', '/scenes/upload', Buffer.alloc((4 << 20) + 1), 'application/octet-stream');
    expect(large.json()).toMatchObject({ code: 'BODY_TOO_LARGE' });
    expect((await ask('POST', '/scenes', '{"demo":true}')).json()).toMatchObject({ kind: 'demo', isLive: true });
    program.child.kill('SIGTERM');
    expect(await program.code).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('serve of a file that the store has', () => {
  it('shows every row of it again, and keeps none twice', async () => {
    const store = join(folder, 'store');
    const totals: unknown[] = [];
    for (let i = 0; i < 2; i++) {
      const words = ['serve', '--port', '0', '-r', 'assets/story.pcapng', '--store', store];
      const served = start([process.execPath, main, ...words], { TMPDIR: folder });
      await until(() => served.err.includes('Ctrl+C'));
      const [, ownPort] = /answers at http:\/\/127\.0\.0\.1:(\d+)\//.exec(served.err) ?? [];
      const [, bearer] = /Bearer (\S+)/.exec(served.err) ?? [];
      const headers = { authorization: `Bearer ${bearer}` };
      const get = (path: string, body?: object): Promise<Reply> =>
        askServer({
          port: ownPort,
          path: `/api/v1${path}`,
          headers,
          ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        });
      let isDone = false;
      for (let tries = 0; tries < 400 && !isDone; tries++) {
        isDone = ((await get('/status')).json() as { state: string }).state === 'done';
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      const live = (await get('/live/rows', { table: 'flows', count: 1 })).json() as { total: number };
      const kept = (await get('/count', { table: 'flows' })).json() as { count: number };
      totals.push([live.total, kept.count > 400]);
      served.child.kill('SIGTERM');
      await served.code;
    }
    expect(totals).toEqual([
      [421, true],
      [421, true],
    ]);
  }, 60_000);
});
