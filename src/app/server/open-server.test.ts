// Proves that the door of the server lets in who may come in, and nobody else: token, cookie, password, Host and Origin.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askServer, type Reply } from './golden/asking.ts';
import { fakeParts } from './golden/fake-parts.ts';
import { type OpenServer, openServer, type ServerOptions } from './open-server.ts';

const options: ServerOptions = { address: '127.0.0.1', port: 0, password: null, token: null, allowHosts: [] };
const links: string[] = [];
let server: OpenServer;
let withPassword: OpenServer;

beforeAll(async () => {
  server = await openServer(fakeParts(), { ...options, linkUsed: (url) => links.push(url) });
  const password = 'correct horse';
  withPassword = await openServer(fakeParts(), {
    ...options,
    address: '0.0.0.0',
    password,
    allowHosts: ['tap.example'],
  });
});
afterAll(async () => {
  await server.close();
  await withPassword.close();
});

const ask = (path: string, headers: Record<string, string> = {}, to = server): Promise<Reply> =>
  askServer({ port: to.port, path, headers });
const post = (path: string, body: string, headers: Record<string, string> = {}, to = server): Promise<Reply> =>
  askServer({ port: to.port, path, method: 'POST', body, headers });
const withToken = (to = server): Record<string, string> => ({ authorization: `Bearer ${to.token}` });
const status = '/api/v1/status';
const cookieOf = (reply: Reply): string => reply.headers['set-cookie']?.[0]?.split(';')[0] ?? '';

describe('the door', () => {
  it('asks who is there', async () => {
    for (const headers of [{}, { authorization: 'Bearer nope' }, { cookie: `taplight_${server.port}=nope` }]) {
      const reply = await ask(status, headers);
      expect(reply.status).toBe(401);
      expect(reply.json()).toMatchObject({ code: 'LOGIN_NEEDED', hint: expect.stringContaining('link') });
    }
    expect((await ask('/metrics')).status).toBe(401);
    expect((await ask('/api/v1/openapi.json')).status).toBe(401);
    expect((await ask('/nowhere')).status).toBe(401);
  });

  it('lets a program in by the token', async () => {
    expect((await ask(status, withToken())).status).toBe(200);
  });

  it('lets a browser in by the printed link, once, and keeps a cookie that scripts and other sites do not get', async () => {
    const link = new URL(server.link());
    const first = await ask(`${link.pathname}${link.search}`);
    expect([first.status, first.headers.location]).toEqual([303, '/']);
    const cookie = first.headers['set-cookie']?.[0] ?? '';
    expect(cookie).toMatch(/^taplight_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await ask(status, { cookie: cookieOf(first) })).status).toBe(200);
    const again = await ask(`${link.pathname}${link.search}`);
    expect([again.status, again.headers['set-cookie']]).toEqual([401, undefined]);
    expect(links).toEqual([server.link()]);
    const next = new URL(links[0]);
    const second = await ask(`${next.pathname}${next.search}`);
    expect(cookieOf(second)).not.toBe(cookieOf(first));
    expect((await ask(status, { authorization: `Bearer ${link.searchParams.get('token')}` })).status).toBe(401);
  });

  it('ends a session when asked to', async () => {
    const link = new URL(server.link());
    const cookie = cookieOf(await ask(`/${link.search}`));
    expect((await post('/api/v1/logout', '', { cookie })).status).toBe(204);
    expect((await ask(status, { cookie })).status).toBe(401);
  });

  it('answers to its own names only', async () => {
    const to = (host: string, headers = withToken()) => ask(status, { ...headers, host });
    for (const host of ['127.0.0.1:7474', 'localhost', 'LOCALHOST:9', '[::1]:7474', '127.1.2.3'])
      expect((await to(host)).status, host).toBe(200);
    for (const host of ['evil.example', 'localhost.evil.example', '192.0.2.7', '127.0.0.1.evil.example'])
      expect((await to(host)).json(), host).toMatchObject({ code: 'WRONG_HOST' });
    for (const host of ['a b', '[::1', 'a/b'])
      expect((await to(host)).json(), host).toMatchObject({ code: expect.stringMatching(/BAD_REQUEST|WRONG_HOST/) });
    const open = (host: string) => ask(status, { ...withToken(withPassword), host }, withPassword);
    expect((await open('192.0.2.7:80')).status).toBe(200);
    expect((await open('tap.example')).status).toBe(200);
    expect((await open('evil.example')).status).toBe(403);
  });

  it('refuses what pages of other sites ask', async () => {
    const host = `127.0.0.1:${server.port}`;
    const from = (headers: Record<string, string>) => ask(status, { ...withToken(), host, ...headers });
    expect((await from({ origin: `http://${host}` })).status).toBe(200);
    expect((await from({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    const others = ['http://evil.example', 'null', `http://127.0.0.1:${server.port + 1}`, 'https://localhost'];
    for (const origin of others)
      expect((await from({ origin })).json(), origin).toMatchObject({ code: 'WRONG_ORIGIN' });
    expect((await from({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const visit = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await from(visit)).status).toBe(403);
    expect((await ask('/', visit)).status).toBe(200);
  });

  it('forbids browsers what they need not do, in every answer', async () => {
    for (const reply of [await ask('/'), await ask(status), await ask(status, { host: 'evil.example' })]) {
      expect(reply.headers).toMatchObject({
        'content-security-policy': expect.stringMatching(/^default-src 'self'; .*frame-ancestors 'none'/),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      expect(reply.headers['access-control-allow-origin']).toBeUndefined();
      expect(reply.headers['x-powered-by']).toBeUndefined();
    }
    expect((await ask('/')).text).not.toMatch(/<script|<style|style=|https?:/);
  });

  it('takes bodies of a known and modest length', async () => {
    const large = await post('/api/v1/rows', `"${'x'.repeat(1 << 20)}"`, withToken());
    expect([large.status, (large.json() as { code: string }).code]).toEqual([413, 'BODY_TOO_LARGE']);
    const headers = { ...withToken(), 'transfer-encoding': 'chunked' };
    const endless = await askServer({ port: server.port, path: '/api/v1/rows', method: 'POST', headers });
    expect(endless.status).toBe(411);
  });
});

describe('a password', () => {
  const login = (password: string) => post('/api/v1/login', JSON.stringify({ password }), {}, withPassword);

  it('is demanded off loopback, and has to be worth the name', async () => {
    await expect(openServer(fakeParts(), { ...options, address: '0.0.0.0' })).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: expect.stringContaining('lets others in'),
    });
    await expect(openServer(fakeParts(), { ...options, password: 'short' })).rejects.toMatchObject({
      code: 'BAD_OPTION',
    });
    await expect(openServer(fakeParts(), { ...options, token: 'short' })).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });

  it('opens a session', async () => {
    const reply = await login('correct horse');
    expect(reply.status).toBe(204);
    expect((await ask(status, { cookie: cookieOf(reply) }, withPassword)).status).toBe(200);
  });

  it('may be tried five times a minute', async () => {
    for (let i = 0; i < 5; i++) expect((await login(`wrong ${i}`)).status).toBe(401);
    for (const given of ['wrong again', 'correct horse']) {
      const reply = await login(given);
      expect([reply.status, reply.headers['set-cookie']]).toEqual([429, undefined]);
    }
  });

  it('is not there where the link is', async () => {
    expect((await post('/api/v1/login', '{"password":"x"}')).json()).toMatchObject({ code: 'UNSUPPORTED' });
  });
});

describe('an address that cannot be had', () => {
  it('is a failure that says so', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    await expect(openServer(fakeParts(), { ...options, port })).rejects.toMatchObject({
      code: 'SERVE_FAILED',
      message: `127.0.0.1:${port} is taken by another program`,
    });
    taken.close();
    const elsewhere = { ...options, address: '192.0.2.1', password: 'long enough' };
    await expect(openServer(fakeParts(), elsewhere)).rejects.toMatchObject({
      code: 'SERVE_FAILED',
      message: 'this machine has no address 192.0.2.1',
    });
  });
});
