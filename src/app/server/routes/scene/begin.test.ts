// Proves that captures are begun over HTTP by those who may, and that a file that is sent is bounded, looked at, kept from
// others and removed; whatever it is called and however its sending ends.

import { readdirSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askServer, type Reply } from '../../golden/asking.ts';
import { type FakeParts, fakeParts } from '../../golden/fake-parts.ts';
import { type OpenServer, openServer } from '../../open-server.ts';
import { fileName } from '../../scenes/receive-file.ts';
import { openScenes } from '../../scenes/scenes.ts';

const options = { address: '127.0.0.1', port: 0, password: null, token: null, allowHosts: [] };
let parts: FakeParts;
let server: OpenServer;
beforeAll(async () => {
  const fake = fakeParts();
  let nowMs = 0;
  parts = { ...fake, scenes: openScenes(fake.scene, () => (nowMs += 60_000)) };
  server = await openServer(parts, options);
});
afterAll(async () => {
  await server.close();
  await parts.scenes.close();
  rmSync(parts.uploads.folder(), { recursive: true, force: true });
});

const v1 = '/api/v1';
const token = () => ({ authorization: `Bearer ${server.token}` });
const ask = (method: string, path: string, body?: string | Uint8Array, headers = {}): Promise<Reply> =>
  askServer({
    port: server.port,
    path: `${v1}${path}`,
    method,
    headers: { ...token(), ...headers },
    ...(body === undefined ? {} : { body }),
  });
const upload = (body: Uint8Array, name = 'x.pcapng'): Promise<Reply> =>
  ask('POST', `/scenes/upload?name=${encodeURIComponent(name)}`, body, { 'content-type': 'application/octet-stream' });
const files = (): string[] => readdirSync(parts.uploads.folder());
const pcapng = Buffer.concat([Buffer.from('0a0d0d0a', 'hex'), Buffer.alloc(5000, 7)]);
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
};
/** Ends all that was begun. */
async function clear(): Promise<void> {
  for (const { about } of parts.scenes.list()) {
    for (let i = 0; i < 2 && about.id !== 'main'; i++) await parts.scenes.end(about.id).catch(() => {});
  }
}

describe('captures that are begun', () => {
  it('are of an interface or the demo, and are told of afterwards', async () => {
    const about = (await ask('POST', '/scenes', '{"interface":"eth0"}')).json() as { id: string };
    expect(parts.begun.get(about.id)?.from).toBe('eth0');
    const list = (await ask('GET', '/scenes')).json() as { about: { id: string }; state: string }[];
    expect(list.map((each) => [each.about.id, each.state])).toEqual([
      ['main', 'waiting'],
      [about.id, 'waiting'],
    ]);
    parts.begun.get(about.id)?.scene.fail('FILE_DAMAGED');
    expect((await ask('GET', `/scenes/${about.id}`)).json()).toMatchObject({
      state: 'failed',
      failure: { code: 'FILE_DAMAGED' },
      protocols: [{ name: 'dns' }],
    });
    expect((await ask('GET', `/live?scene=${about.id}`)).json()).toMatchObject({ code: 'FILE_DAMAGED' });
    expect((await ask('DELETE', `/scenes/${about.id}`)).json()).toEqual({ state: 'gone' });
    expect(parts.begun.get(about.id)?.ended).toBe('closed');
    expect((await ask('DELETE', '/scenes/main')).status).toBe(400);
  });

  it('say why they cannot be begun', async () => {
    const locked = await ask('POST', '/scenes', '{"interface":"locked"}');
    expect([locked.status, locked.json()]).toEqual([403, expect.objectContaining({ code: 'NO_PERMISSION' })]);
    for (const body of ['{}', '{"interface":""}', '{"demo":false}', '{"demo":true,"interface":"x"}', '[]'])
      expect((await ask('POST', '/scenes', body)).json(), body).toMatchObject({ code: 'BAD_REQUEST' });
  });
});

describe('a file that is sent', () => {
  it('lies where nobody else can read it, under a name of ours, until its scene is let go', async () => {
    const { id } = (await upload(pcapng, 'büro.pcapng')).json() as { id: string };
    expect(parts.begun.get(id)?.from).toBe('büro.pcapng');
    const [name] = files();
    const { mode, size } = statSync(join(parts.uploads.folder(), name));
    expect([mode & 0o777, size]).toEqual([0o600, pcapng.length]);
    expect(name).toMatch(/^[0-9a-f-]{36}\.capture$/);
    expect(statSync(parts.uploads.folder()).mode & 0o777).toBe(0o700);
    await clear();
    expect(files()).toEqual([]);
  });

  it.each([
    ['pcap', 'd4c3b2a1'],
    ['pcap of nanoseconds', 'a1b23c4d'],
    ['gzip', '1f8b0800'],
    ['Zstandard', '28b52ffd'],
  ])('may be %s', async (_, magic) => {
    expect((await upload(Buffer.from(`${magic}00000000`, 'hex'))).status).toBe(200);
    await clear();
  });

  it('is refused by its first bytes when it is no capture', async () => {
    for (const body of ['', 'a', 'MZ executable', '<html>', '\x1f']) {
      const reply = await upload(Buffer.from(body, 'latin1'));
      expect([reply.status, reply.json()], body).toEqual([
        415,
        expect.objectContaining({ code: 'UNKNOWN_FILE_FORMAT' }),
      ]);
    }
    expect(files()).toEqual([]);
  });

  it('is refused when it is too large, before it is sent', async () => {
    const reply = await upload(Buffer.concat([pcapng, Buffer.alloc(4 << 20)]));
    expect([reply.status, reply.json()]).toEqual([413, expect.objectContaining({ code: 'BODY_TOO_LARGE' })]);
    expect(files()).toEqual([]);
    const other = await ask('POST', '/rows', Buffer.alloc((1 << 20) + 1));
    expect(other.status).toBe(413);
  });

  it('leaves nothing behind when its sending is broken off', async () => {
    const before = parts.begun.size;
    const outgoing = request({
      port: server.port,
      path: `${v1}/scenes/upload`,
      method: 'POST',
      headers: { ...token(), 'content-length': 1 << 20 },
    });
    outgoing.on('error', () => {});
    outgoing.write(pcapng);
    await until(() => files().length === 1);
    outgoing.destroy();
    await until(() => files().length === 0);
    expect(parts.begun.size).toBe(before);
  });

  it('is removed when no room is left for its scene', async () => {
    for (let i = 0; i < 4; i++) expect((await upload(pcapng)).status).toBe(200);
    const reply = await upload(pcapng);
    expect([reply.status, reply.json()]).toEqual([429, expect.objectContaining({ code: 'TOO_MANY_SCENES' })]);
    expect(files()).toHaveLength(4);
    await clear();
    expect(files()).toEqual([]);
  });

  it('is shown by its name only, whatever that is', () => {
    expect(fileName('../../etc/passwd')).toBe('passwd');
    expect(fileName('C:\\captures\\a.pcap')).toBe('a.pcap');
    for (const name of ['', '..', '/', 'a/..', '   ']) expect(fileName(name), name).toBe('a file');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (given) => {
        const name = fileName(given);
        expect(name).not.toMatch(/[/\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect([...name].length).toBeLessThanOrEqual(120);
      }),
    );
  });
});

describe('the door of every route', () => {
  it('is shut for those who are not known, and for pages of other sites', async () => {
    const document = (await ask('GET', '/openapi.json')).json() as { paths: Record<string, Record<string, object>> };
    const open = ['POST /api/v1/login'];
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const method of Object.keys(methods).map((each) => each.toUpperCase())) {
        const real = path.replace(/\{\w+\}/g, '1');
        const body = method === 'POST' ? { body: '{}' } : {};
        const name = `${method} ${path}`;
        if (!open.includes(name)) {
          const reply = await askServer({ port: server.port, path: real, method, ...body });
          expect([reply.status, reply.json()], name).toEqual([401, expect.objectContaining({ code: 'LOGIN_NEEDED' })]);
        }
        const headers = { ...token(), origin: 'http://evil.example', 'sec-fetch-mode': 'navigate' };
        const foreign = await askServer({ port: server.port, path: real, method, headers, ...body });
        expect([foreign.status, foreign.json()], name).toEqual([
          403,
          expect.objectContaining({ code: 'WRONG_ORIGIN' }),
        ]);
      }
    }
  });
});
