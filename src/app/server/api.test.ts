// Proves that every route of the API does what its description says: each one is called, and what it answers fits the shape
// that is declared; and that no input, however odd, gets anything but a described refusal.

import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Batch, valueReader } from '../../output/store/index.ts';
import { askServer, type Reply } from './golden/asking.ts';
import { alertId, type FakeParts, fakeParts, tables } from './golden/fake-parts.ts';
import { type OpenServer, openServer } from './open-server.ts';
import { nothingLive } from './owned-store.ts';
import { refusalCodes } from './refusals.ts';

const parts: FakeParts = fakeParts();
let server: OpenServer;
beforeAll(async () => {
  parts.scene.publish(5, 'running', { stages: [{ name: 'capture', in: 5, dropped: 0 }] });
  server = await openServer(parts, { address: '127.0.0.1', port: 0, password: null, token: null, allowHosts: [] });
});
afterAll(async () => {
  await server.close();
  rmSync(parts.uploads.folder(), { recursive: true });
});

const ask = (path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<Reply> =>
  askServer({
    port: server.port,
    path,
    method,
    headers: { authorization: `Bearer ${server.token}` },
    ...(body === undefined ? {} : { body: isText(body) ? body : JSON.stringify(body) }),
  });
const isText = (body: unknown): body is string | Uint8Array => typeof body === 'string' || body instanceof Uint8Array;
const v1 = '/api/v1';

interface Described {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}
interface Operation {
  readonly summary: string;
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
}

/** A good request for every route that is described: path with values in it, and a body where it takes one. */
const link = encodeURIComponent(JSON.stringify({ table: 'flows' }));
const good: Record<string, readonly [path: string, body?: object]> = {
  'GET /api/v1/status': ['/status'],
  'GET /api/v1/live': ['/live'],
  'GET /api/v1/live/stream': ['/live/stream?hz=20'],
  'POST /api/v1/live/rows': ['/live/rows', { table: 'flows', filter: 'tls', count: 3 }],
  'GET /api/v1/live/series': ['/live/series?span=recent'],
  'GET /api/v1/live/flows/{run}/{flowId}': ['/live/flows/7/3'],
  'GET /api/v1/live/flows/{run}/{flowId}/packets': ['/live/flows/7/3/packets?from=0&limit=5'],
  'GET /api/v1/live/packets.pcapng': ['/live/packets.pcapng?filter=tls'],
  'POST /api/v1/live/alerts/{run}/{id}': [`/live/alerts/7/${alertId}`, { state: 'acknowledged' }],
  'GET /api/v1/during/snapshot': ['/during/snapshot?fromUs=10&toUs=20'],
  'GET /api/v1/during/series': ['/during/series?fromUs=10&toUs=20&span=recent'],
  'GET /api/v1/scenes': ['/scenes'],
  'POST /api/v1/scenes': ['/scenes', { demo: true }],
  'GET /api/v1/scenes/{id}': ['/scenes/main'],
  'DELETE /api/v1/scenes/{id}': ['/scenes/2'],
  'POST /api/v1/scenes/upload': ['/scenes/upload?name=a.pcapng', Buffer.from('0a0d0d0a00', 'hex')],
  'GET /api/v1/interfaces': ['/interfaces'],
  'GET /api/v1/tables': ['/tables'],
  'POST /api/v1/filter/check': ['/filter/check', { filter: 'port:443 bad' }],
  'POST /api/v1/filter/complete': ['/filter/complete', { filter: 'ap', at: 0 }],
  'POST /api/v1/rows': [
    '/rows',
    { table: 'flows', limit: 2, runs: 'all', sort: [{ column: 'app', descending: true }] },
  ],
  'POST /api/v1/count': ['/count', { table: 'flows' }],
  'POST /api/v1/top': ['/top', { by: ['app'], measures: ['bytes'] }],
  'POST /api/v1/series': ['/series', { measures: ['bytes', 'rtt_p95'], stepSec: 60 }],
  'POST /api/v1/diff': ['/diff', { before: { runs: [1] }, after: { runs: [2] } }],
  'POST /api/v1/sql': ['/sql', { sql: 'SELECT 1', maxRows: 700 }],
  'GET /api/v1/runs': ['/runs'],
  'GET /api/v1/sensors': ['/sensors'],
  'GET /api/v1/export/{format}': [`/export/csv?request=${link}`],
  'GET /api/v1/alerts': ['/alerts?limit=5'],
  'GET /api/v1/alerts/{id}': [`/alerts/${alertId}`],
  'POST /api/v1/alerts/{id}/state': [`/alerts/${alertId}/state`, { state: 'acknowledged' }],
  'GET /api/v1/runs/{run}/flows/{flow}/packets': ['/runs/7/flows/3/packets'],
  'GET /api/v1/alerts/{id}/packets': [`/alerts/${alertId}/packets`],
  'POST /api/v1/login': ['/login', { password: 'x' }],
  'POST /api/v1/logout': ['/logout', {}],
  'GET /metrics': ['/metrics'],
};

async function described(): Promise<Described> {
  return (await ask(`${v1}/openapi.json`)).json();
}

function operations(document: Described): [name: string, Operation][] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]): [string, Operation] => [`${method.toUpperCase()} ${path}`, each]),
  );
}

/** A check of values against a shape of the description. */
function checker(document: Described): (schema: object, value: unknown) => string {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema({ $id: 'doc', components: document.components });
  const rooted = (schema: object): object =>
    JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"doc#/components')) as object;
  return (schema, value) => (ajv.validate(rooted(schema), value) ? '' : ajv.errorsText());
}

describe('the description', () => {
  it('is OpenAPI 3.1, with shapes that are JSON Schema, and describes every route that is there', async () => {
    const document = await described();
    expect(document.openapi).toBe('3.1.0');
    expect(
      operations(document)
        .map(([name]) => name)
        .sort(),
    ).toEqual(Object.keys(good).sort());
    const check = checker(document);
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      expect(() => check(schema, null), name).not.toThrow();
    }
    for (const [name, { summary, parameters = [] }] of operations(document)) {
      expect(summary, name).not.toBe('');
      const inPath = parameters.filter((each) => each.in === 'path').map((each) => `{${each.name}}`);
      expect(inPath.sort(), name).toEqual((name.match(/{\w+}/g) ?? []).sort());
    }
  });

  it('is what the routes do: each gives what is declared, and takes what is declared', async () => {
    const document = await described();
    const check = checker(document);
    for (const [name, operation] of operations(document)) {
      const [path, body] = good[name];
      const [method] = name.split(' ');
      const wanted = operation.requestBody?.content['application/json']?.schema;
      if (wanted !== undefined) expect(check(wanted, body), name).toBe('');
      if (name.endsWith('/stream')) continue; // it does not end; see below
      const reply = await ask(path === '/metrics' ? path : `${v1}${path}`, body, method);
      const declared = operation.responses[reply.status] ?? operation.responses.default;
      if (reply.status === 204) continue;
      const media = String(reply.headers['content-type']).split(';')[0];
      expect(Object.keys(declared.content ?? {}), name).toContain(media);
      const schema = declared.content?.[media]?.schema ?? {};
      if (media === 'application/json') expect(check(schema, reply.json()), name).toBe('');
      expect(reply.status, name).toBe(name.includes('login') ? 501 : 200);
    }
  });
});

describe('docs/70-api.md', () => {
  const page = readFileSync(new URL('../../../docs/70-api.md', import.meta.url), 'utf8');

  it('names every route and every refusal, and no others', () => {
    const rows = [...page.matchAll(/^\| `((?:GET|POST|DELETE) [^`?]+)/gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual(Object.keys(good).sort());
    const refusals = [...page.matchAll(/^\| `([A-Z_]+)` \| (\d+)/gm)].map(([, code, status]) => [code, Number(status)]);
    expect(Object.fromEntries(refusals)).toEqual(refusalCodes);
  });
});

describe('routes', () => {
  it('tell how the program is', async () => {
    expect((await ask(`${v1}/status`)).json()).toMatchObject({
      version: '1.2.3',
      state: 'running',
      store: { place: '/store', rows: { flows: 12 } },
      stages: [{ name: 'capture', in: 5, dropped: 0 }],
      can: { live: true, history: true, packets: true, filters: true, alerts: true },
    });
    const { text } = await ask('/metrics');
    expect(text).toContain('# TYPE taplight_packets_total counter\ntaplight_packets_total 5\n');
    expect(text).toContain('taplight_dropped_total{place="kernel"} 0\n');
    expect(text).toContain('taplight_store_rows{table="flows"} 12\n');
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^# (HELP|TYPE) \w+ .+$|^[a-z_]+(\{[a-z]+="[^"]*"\})? -?[\d.e+-]+$/);
    }
  });

  it('draw windows on live rows', async () => {
    const body = { table: 'flows', columns: ['flow_id', 'app'], filter: 'tls', from: 1, count: 2 };
    expect((await ask(`${v1}/live/rows`, body)).json()).toMatchObject({
      columns: [
        { name: 'flow_id', kind: 'u64' },
        { name: 'app', kind: 'word' },
      ],
      rows: [
        [9, 'tls'],
        [7, 'tls'],
      ],
      total: 6,
      kept: 12,
      forgotten: 0,
    });
    await ask(`${v1}/live/rows`, { table: 'flows', range: { fromUs: 1, toUs: 2 } });
    expect(parts.scene.asked.at(-1)).toBe('rows {"table":"flows","range":{"fromUs":1,"toUs":2},"from":0,"count":50}');
    expect((await ask(`${v1}/live/rows`, { table: 'nope' })).json()).toMatchObject({ code: 'BAD_QUERY' });
    expect((await ask(`${v1}/live/rows`, { table: 'flows', count: 201 })).json()).toMatchObject({
      code: 'BAD_REQUEST',
    });
    expect((await ask(`${v1}/live/rows?scene=9`, body)).json()).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('show a flow, its packets, and traffic over time', async () => {
    expect((await ask(`${v1}/live/flows/7/3`)).json()).toMatchObject({ flow: { flow_id: 3 }, hasPackets: true });
    expect((await ask(`${v1}/live/flows/7/404`)).json()).toMatchObject({ code: 'BAD_QUERY' });
    await ask(`${v1}/live/flows/7/3/packets?from=20&limit=10`);
    expect(parts.scene.asked.at(-1)).toBe('packets 3 20 10');
    expect((await ask(`${v1}/live/flows/7/3/packets?limit=1001`)).status).toBe(400);
    const file = await ask(`${v1}/live/packets.pcapng?run=7&flow=3`);
    expect([file.text, file.headers['content-disposition']]).toEqual([
      'pcapng bytes',
      'attachment; filename="flow-3.pcapng"',
    ]);
    expect((await ask(`${v1}/live/packets.pcapng?run=7&flow=9`)).json()).toMatchObject({ code: 'NO_SUCH_FILE' });
    for (const query of ['', '?run=7', '?run=7&flow=3&filter=tls'])
      expect((await ask(`${v1}/live/packets.pcapng${query}`)).status, query).toBe(400);
    expect((await ask(`${v1}/live/series?span=whole`)).status).toBe(204);
    expect((await ask(`${v1}/live/series?span=recent`)).json()).toMatchObject({ stepSec: 1, bytes: [100] });
    expect((await ask(`${v1}/live/alerts/7/${alertId}`, { state: 'open' })).status).toBe(204);
    expect(parts.scene.asked.at(-1)).toBe(`state 7 ${alertId} open`);
  });

  it('show a stretch of the past, and read it once for snapshot and series', async () => {
    const before = parts.scene.asked.length;
    expect((await ask(`${v1}/during/snapshot?fromUs=100&toUs=150`)).json()).toMatchObject({ packets: 50 });
    expect((await ask(`${v1}/during/series?fromUs=100&toUs=150`)).status).toBe(204);
    expect(parts.scene.asked.slice(before)).toEqual(['during 100 150']);
    expect((await ask(`${v1}/during/snapshot?fromUs=150&toUs=150`)).json()).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('say where a filter is wrong', async () => {
    const problem = { code: 'BAD_FILTER', message: "there is no field 'bad'", hint: 'See docs.', at: 4, length: 3 };
    expect((await ask(`${v1}/filter/check`, { filter: 'tls bad' })).json()).toMatchObject({ ok: false, problem });
    expect((await ask(`${v1}/filter/check`, { filter: 'tls' })).json()).toMatchObject({ ok: true });
    const reply = await ask(`${v1}/rows`, { table: 'flows', filter: 'tls bad' });
    expect([reply.status, reply.json()]).toEqual([400, problem]);
  });

  it('write all rows into files', async () => {
    const request = (given: object) => encodeURIComponent(JSON.stringify({ table: 'flows', ...given }));
    const csv = await ask(`${v1}/export/csv?request=${request({})}`);
    expect(csv.headers['content-disposition']).toBe('attachment; filename="flows.csv"');
    const lines = csv.text.split('\r\n');
    expect(lines).toHaveLength(14);
    expect(lines[0]).toMatch(/^run,sensor,flow_id,/);
    expect(csv.text).toContain(`"'=a,""b"`);
    const json = await ask(`${v1}/export/json?request=${request({ limit: 5, offset: 10 })}`);
    expect((json.json() as { flow_id: number }[]).map(({ flow_id }) => flow_id)).toEqual([11, 12]);
    const parquet = await ask(`${v1}/export/parquet?request=${request({})}`);
    expect(parquet.text).toBe('PAR1 not really PAR1');
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('taplight-export-'))).toEqual([]);
    const bad = await ask(`${v1}/export/csv?request=${request({ filter: 'bad' })}`);
    expect([bad.status, bad.headers['content-disposition']]).toEqual([400, undefined]);
    expect((await ask(`${v1}/export/csv?request=nonsense`)).json()).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('keep the state that a person gives an alert, as a newer version of it', async () => {
    parts.written.length = 0;
    const reply = await ask(`${v1}/alerts/${alertId}/state`, { state: 'acknowledged' });
    expect(reply.json()).toMatchObject({ alert_id: alertId, state: 'acknowledged', detector: 'scan.vertical' });
    const [batch] = parts.written as [Batch];
    const table = tables.find(({ name }) => name === 'alerts');
    const value = (name: string) => {
      const at = table?.columns.findIndex((column) => column.name === name) ?? -1;
      return valueReader(table?.columns[at].kind ?? 'text', batch.columns[at])(0);
    };
    expect([value('alert_id'), value('state'), value('run')]).toEqual([alertId, 'acknowledged', 7]);
    expect(value('version')).toBeGreaterThan(5);
    expect(parts.states).toContain(`7 ${alertId} acknowledged`);
    expect((await ask(`${v1}/alerts/${alertId}/state`, { state: 'gone' })).status).toBe(400);
    expect((await ask(`${v1}/alerts/x"y`)).status).toBe(400);
  });

  it('give packets as a file, or say before it begins why not', async () => {
    const reply = await ask(`${v1}/runs/7/flows/3/packets`);
    expect([reply.text, reply.headers['content-type']]).toEqual(['flow packets', 'application/x-pcapng']);
    expect(reply.headers['content-disposition']).toBe('attachment; filename="flow-3.pcapng"');
    expect((await ask(`${v1}/alerts/${alertId}/packets`)).text).toBe('alert packets');
  });

  it('hand large results over whole', async () => {
    const result = (await ask(`${v1}/sql`, { sql: 'SELECT', maxRows: 1750 })).json() as { rows: unknown[][] };
    expect(result.rows).toHaveLength(1750);
    expect(result.rows[1749]).toEqual([1749, 'name 1749 “ü”']);
    await ask(`${v1}/sql?timeoutMs=1234`, { sql: 'SELECT' });
    expect(parts.history.asked.at(-1)).toMatchObject({ name: 'sql', timeoutMs: 1234 });
  });

  it('stop a question in the engine when whoever asked it goes away', async () => {
    const before = parts.history.stopped;
    const signal = AbortSignal.timeout(60);
    const headers = { authorization: `Bearer ${server.token}` };
    const asking = askServer({
      port: server.port,
      path: `${v1}/sql`,
      method: 'POST',
      headers,
      body: '{"sql":"hang"}',
      signal,
    });
    await expect(asking).rejects.toThrow();
    while (parts.history.stopped === before) await new Promise((resolve) => setTimeout(resolve, 5));
  });
});

describe('odd input', () => {
  const routes = Object.entries(good).filter(([name]) => name.startsWith('POST') && !/log|scenes/.test(name));

  it('is refused with a code, a message and a hint, and nothing is thrown inside', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify({ table: value })),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), text, async ([, [path]], body) => {
        const reply = await ask(`${v1}${path}`, body === '' ? ' ' : body);
        expect([200, 400]).toContain(reply.status);
        if (reply.status === 200) return;
        const problem = reply.json() as Record<string, unknown>;
        expect(problem).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/), message: expect.any(String) });
        expect(problem.hint).not.toBe('');
      }),
      { numRuns: 150 },
    );
  });

  it('is refused where a good request has one part wrong', async () => {
    const part = fc.oneof(fc.constant(null), fc.boolean(), fc.string(), fc.object(), fc.double());
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), part, fc.nat(9), async ([, [path, body]], value, at) => {
        const keys = Object.keys(body ?? {});
        const reply = await ask(`${v1}${path}`, { ...body, [keys[at % keys.length]]: value });
        expect([200, 400]).toContain(reply.status);
      }),
      { numRuns: 150 },
    );
  });

  it('is refused by name where the path, the method or the media type is wrong', async () => {
    expect((await ask(`${v1}/nowhere`)).json()).toMatchObject({ code: 'NOT_FOUND' });
    expect((await ask(`${v1}/rows`)).json()).toMatchObject({ code: 'NOT_FOUND' });
    const headers = { authorization: `Bearer ${server.token}`, 'content-type': 'text/plain' };
    const plain = await askServer({ port: server.port, path: `${v1}/rows`, method: 'POST', headers, body: '{}' });
    expect(plain.json()).toMatchObject({ code: 'WRONG_MEDIA_TYPE' });
    const reply = await ask(`${v1}/rows`, { table: 'flows', surprise: 1 });
    expect(reply.json()).toMatchObject({ code: 'BAD_REQUEST', message: expect.stringContaining('surprise') });
  });
});

describe('a server without parts', () => {
  it('says what it lacks', async () => {
    const none = { history: null, ...nothingLive, store: null, filters: null, packets: null };
    const options = { address: '127.0.0.1', port: 0, password: null, token: null, allowHosts: [] };
    const bare = await openServer({ ...parts, ...none }, options);
    const headers = { authorization: `Bearer ${bare.token}` };
    for (const path of [
      '/live',
      '/live/stream',
      '/live/series?span=whole',
      '/scenes/main',
      '/runs',
      '/alerts',
      `/alerts/${alertId}/packets`,
    ]) {
      const reply = await askServer({ port: bare.port, path: `${v1}${path}`, headers });
      expect([reply.status, (reply.json() as { code: string }).code], path).toEqual([501, 'UNSUPPORTED']);
    }
    expect((await askServer({ port: bare.port, path: '/metrics', headers })).status).toBe(200);
    expect((await askServer({ port: bare.port, path: `${v1}/status`, headers })).json()).toMatchObject({ store: null });
    await bare.close();
  });
});
