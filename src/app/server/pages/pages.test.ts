// Proves that the dashboard's files reach those who came in, whole, packed and cached as they may be, and nobody else; and
// that no path leads out of their folder.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askServer, type Reply } from '../golden/asking.ts';
import { fakeParts } from '../golden/fake-parts.ts';
import { type OpenServer, openServer } from '../open-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'taplight-pages-'));
const web = join(folder, 'web');
const index = '<!doctype html><title>dashboard</title>';
const script = `console.log('${'x'.repeat(500)}')`;
mkdirSync(join(web, 'views'), { recursive: true });
writeFileSync(join(web, 'index.html'), index);
writeFileSync(join(web, 'main-5XK2QPLM.js'), script);
writeFileSync(join(web, 'main-5XK2QPLM.js.br'), brotliCompressSync(script));
writeFileSync(join(web, 'main-5XK2QPLM.js.gz'), gzipSync(script));
writeFileSync(join(web, 'views', 'map.svg'), '<svg/>');
writeFileSync(join(web, 'strange.exe'), 'no');
writeFileSync(join(folder, 'secret.txt'), 'nobody reads this');
symlinkSync(join(folder, 'secret.txt'), join(web, 'link.txt'));

const options = { address: '127.0.0.1', port: 0, password: null, token: null, allowHosts: [] };
let server: OpenServer;
let withPassword: OpenServer;
beforeAll(async () => {
  server = await openServer({ ...fakeParts(), web }, options);
  withPassword = await openServer({ ...fakeParts(), web }, { ...options, password: 'correct horse' });
});
afterAll(async () => {
  await server.close();
  await withPassword.close();
  rmSync(folder, { recursive: true });
});

const bare = (path: string, headers: Record<string, string> = {}, to = server): Promise<Reply> =>
  askServer({ port: to.port, path, headers });
const ask = (path: string, headers: Record<string, string> = {}): Promise<Reply> =>
  bare(path, { authorization: `Bearer ${server.token}`, ...headers });
const html = { accept: 'text/html,*/*' };

describe('files of the dashboard', () => {
  it('come with their kind, and are kept by browsers as long as their name says', async () => {
    const page = await ask('/');
    expect([page.status, page.text, page.headers['cache-control']]).toEqual([200, index, 'no-cache']);
    const code = await ask('/main-5XK2QPLM.js');
    expect(code.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
    });
    expect(code.text).toBe(script);
    expect((await ask('/views/map.svg')).headers['content-type']).toBe('image/svg+xml');
  });

  it('are packed as the browser takes them', async () => {
    const encoding = async (accepts: string) => {
      const { headers } = await ask('/main-5XK2QPLM.js', { 'accept-encoding': accepts });
      return [headers['content-encoding'], Number(headers['content-length'])];
    };
    expect(await encoding('gzip, deflate, br')).toEqual(['br', brotliCompressSync(script).length]);
    expect(await encoding('gzip')).toEqual(['gzip', gzipSync(script).length]);
    expect(await encoding('br;q=0, gzip;q=0.5')).toEqual(['gzip', gzipSync(script).length]);
    expect(await encoding('identity')).toEqual([undefined, script.length]);
  });

  it('are not sent again to whoever has them', async () => {
    const { etag = '' } = (await ask('/')).headers;
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    expect((await ask('/', { 'if-none-match': etag })).status).toBe(304);
    expect((await ask('/', { 'if-none-match': `W/${etag}, "x"` })).status).toBe(304);
    expect((await ask('/', { 'if-none-match': '"x"' })).status).toBe(200);
    const packed = await ask('/main-5XK2QPLM.js', { 'accept-encoding': 'br' });
    expect(packed.headers.etag).not.toBe((await ask('/main-5XK2QPLM.js')).headers.etag);
  });

  it('are one page for all views, and none for what is not there', async () => {
    for (const path of ['/flows', '/hosts/10.0.0.5', '/hosts/2001:db8::1', '/s/2/alerts', '/flows?filter=a.js'])
      expect((await ask(path)).text, path).toBe(index);
    expect((await ask('/hosts/printer.local', html)).text).toBe(index);
    for (const path of ['/gone-5XK2QPLM.js', '/views/gone.svg', '/api/v1/nowhere', '/api/nowhere', '/strange.exe'])
      expect((await ask(path)).json(), path).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are those of their folder only, whatever is asked for', async () => {
    const dots = fc.constantFrom('..', '%2e%2e', '.%2e', '..%2f', '%2e%2e%2f', '..\\', '..%5c', '%252e%252e', '.', '');
    const word = fc.constantFrom('secret.txt', 'link.txt', 'web', 'index.html', 'etc/passwd', '%00', 'a');
    const path = fc.array(fc.oneof(dots, word, fc.string()), { minLength: 1, maxLength: 6 });
    const known = [index, script, '<svg/>'];
    await fc.assert(
      fc.asyncProperty(path, async (parts) => {
        const reply = await ask(`/${parts.join('/').replace(/[^\x21-\x7e]/g, '')}`);
        expect(reply.text).not.toContain('nobody reads this');
        if (reply.status === 200) expect(known).toContain(reply.text);
        else expect([303, 304, 400, 401, 404]).toContain(reply.status);
      }),
      { numRuns: 200 },
    );
  });

  it('carry a policy that lets nothing foreign in', async () => {
    const policy = String((await ask('/flows')).headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect((await ask('/')).headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
  });
});

describe('whoever is not known', () => {
  it('gets a page that says what to do, in place of every view, and no file', async () => {
    for (const path of ['/', '/flows', '/hosts/10.0.0.5']) {
      const reply = await bare(path, html);
      expect([reply.status, reply.text.includes('Open the link that was printed')], path).toEqual([401, true]);
      expect(reply.text).not.toContain('<form');
      expect(reply.text).not.toMatch(/<script|<style|style=/);
    }
    for (const path of ['/main-5XK2QPLM.js', '/index.html', '/views/map.svg'])
      expect((await bare(path)).json(), path).toMatchObject({ code: 'LOGIN_NEEDED' });
    const style = await bare('/login.css');
    expect([style.status, style.headers['content-type']]).toEqual([200, 'text/css; charset=utf-8']);
  });

  it('is told when the link was used before', async () => {
    const link = new URL(server.link());
    const first = await bare(`/${link.search}`, html);
    expect([first.status, first.headers.location]).toEqual([303, '/']);
    const again = await bare(`/${link.search}`, html);
    expect([again.status, again.text.includes('This link was used before')]).toEqual([401, true]);
    const cookie = String(first.headers['set-cookie']?.[0]).split(';')[0];
    expect((await bare(`/${link.search}`, { ...html, cookie })).headers.location).toBe('/');
    expect((await bare('/flows', { ...html, cookie })).text).toBe(index);
  });

  it('goes on by itself when a page elsewhere led here', async () => {
    const visit = { ...html, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    const reply = await bare('/flows', visit);
    expect([reply.status, reply.text.includes('http-equiv="refresh" content="0">')]).toEqual([200, true]);
    const link = new URL(server.link());
    const opened = await bare(`/${link.search}`, visit);
    expect(opened.text).toContain('content="0;url=/"');
    expect(opened.headers['set-cookie']?.[0]).toContain('HttpOnly');
    expect((await bare('/api/v1/status', visit)).status).toBe(403);
  });

  it('may give the password in a form, without scripts', async () => {
    const form = await bare('/flows', html, withPassword);
    expect(form.text).toMatch(/<form method="post" action="\/login">\s*<label for="password">/);
    expect(form.headers['referrer-policy']).toBe('same-origin');
    const post = (password: string, headers: Record<string, string> = {}) =>
      askServer({
        port: withPassword.port,
        path: '/login',
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams({ password }).toString(),
      });
    const wrong = await post('<b>wrong</b>');
    expect([wrong.status, wrong.text.includes('role="alert"')]).toEqual([401, true]);
    expect(wrong.text).not.toContain('<b>');
    expect((await post('correct horse', { origin: 'http://evil.example' })).status).toBe(403);
    const right = await post('correct horse');
    expect([right.status, right.headers.location]).toEqual([303, '/']);
    const cookie = String(right.headers['set-cookie']?.[0]).split(';')[0];
    expect((await bare('/', { cookie }, withPassword)).text).toBe(index);
  });
});
