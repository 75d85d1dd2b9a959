// Proves that real conversations on an interface tell what was said and no secret, that the packets written meanwhile tell
// the same from file with one worker or two, and that Ctrl+C in the middle of traffic leaves whole lines.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Namespace, openNamespace, reasonToSkip } from './live-namespace.ts';
import { scratchFolder } from './scratch-folder.ts';
import { main, until } from './started-program.ts';
import { secretForms } from './talks-secrets.ts';
import {
  buildScene,
  byFlow,
  type EveLine,
  eveLines,
  isOpen,
  listenToScene,
  outputsOf,
  playScene,
  readCapture,
  sortedLogs,
  type Told,
  zeekLogs,
} from './talks-stage.ts';

const skip = reasonToSkip();
if (skip !== null) console.log(`skipped: ${skip}`);

const folder = scratchFolder('talks-live');

/** By event type and port of the server: what the lines of that kind say, in order. */
const wanted: readonly (readonly [type: string, port: number, lines: readonly object[]])[] = [
  [
    'http',
    80,
    [
      { http: { hostname: 'www.example.test', url: '/first?x=1', http_method: 'GET', status: 200, length: 2960 } },
      {
        http: { url: '/chunked', status: 200, http_user_agent: 'scene/1.0' },
        taplight: { http: { responseBytes: 5920 } },
      },
      { http: { url: '/packed', status: 200 }, taplight: { http: { responseBytes: 2960 } } },
      { http: { url: '/head', http_method: 'HEAD', status: 200, length: 0 }, taplight: { http: { responseBytes: 0 } } },
      { http: { url: '/missing', status: 404 } },
      {
        http: { url: '/form', http_method: 'POST', status: 303, redirect: '/form/1' },
        taplight: { http: { username: 'anna', authorization: 'Basic', requestBytes: 28 } },
      },
    ],
  ],
  ['http', 8765, [{ http: { url: '/talk', status: 101 } }]],
  ['websocket', 8765, [{ websocket: { fin: true, opcode: 'text' } }, { websocket: { fin: true, opcode: 'text' } }]],
  [
    'tls',
    443,
    [
      {
        tls: {
          version: 'TLS 1.2',
          sni: 'old.example.test',
          subject: 'CN=old.example.test',
          server_alpns: ['http/1.1'],
        },
      },
      { tls: { version: 'TLS 1.3', sni: 'new.example.test', client_alpns: ['h2', 'http/1.1'] } },
    ],
  ],
  [
    'dns',
    53,
    [
      { proto: 'UDP', dns: { type: 'request', queries: [{ rrname: 'www.example.test', rrtype: 'A' }] } },
      { proto: 'UDP', dns: { type: 'response', rcode: 'NOERROR', grouped: { A: ['192.0.2.7'] } } },
      { proto: 'UDP', dns: { type: 'request', queries: [{ rrname: 'missing.example.test' }] } },
      { proto: 'UDP', dns: { type: 'response', rcode: 'NXDOMAIN' } },
      { proto: 'TCP', dns: { type: 'request', id: 77 } },
      { proto: 'TCP', dns: { type: 'response', id: 77, grouped: { A: ['192.0.2.7'] } } },
    ],
  ],
  [
    'smtp',
    25,
    [
      {
        smtp: { helo: 'desk.example.test', mail_from: '<anna@example.test>', rcpt_to: ['<ben@example.test>'] },
        email: { subject: 'Minutes of May', attachment: ['may.csv'] },
        taplight: { smtp: { user: 'anna', isLoggedIn: true } },
      },
    ],
  ],
  [
    'ftp',
    21,
    [
      { ftp: { completion_code: ['220'] } },
      { ftp: { command: 'USER', command_data: 'anna' } },
      { ftp: { command: 'PASS', command_data: '***', completion_code: ['230'] } },
      { ftp: { command: 'PASV', mode: 'passive', dynamic_port: 40_021 } },
      { ftp: { command: 'RETR', command_data: 'notes.txt', completion_code: ['150', '226'] } },
      { ftp: { command: 'QUIT' } },
    ],
  ],
  [
    'ftp_data',
    40_021,
    [{ ftp_data: { command: 'RETR', filename: 'notes.txt' }, taplight: { 'ftp-data': { bytes: 5400 } } }],
  ],
  [
    'ssh',
    2200,
    [{ ssh: { client: { software_version: 'tapclient_2.0' }, server: { software_version: 'tapserver_1.0' } } }],
  ],
  [
    'mqtt',
    1883,
    [
      { mqtt: { connect: { client_id: 'sensor-7', username: 'anna', password: '***' }, connack: { return_code: 0 } } },
      { mqtt: { publish: { topic: 'house/cellar', message: '21.5' } } },
      { mqtt: { disconnect: {} } },
    ],
  ],
  [
    'redis',
    6379,
    [
      { taplight: { redis: { command: 'AUTH', arguments: '***', success: true } } },
      { taplight: { redis: { command: 'SET', key: 'lamp', value: 'on' } } },
      { taplight: { redis: { command: 'GET', key: 'lamp', reply: 'on' } } },
    ],
  ],
  [
    'pgsql',
    5432,
    [
      { pgsql: { request: { startup_parameters: { user: 'anna', optional_parameters: [{ database: 'stock' }] } } } },
      { pgsql: { request: { password_redacted: true }, response: { message: 'authentication_ok' } } },
      { pgsql: { request: { simple_query: 'select id from things' }, response: { data_rows: 1 } } },
      { pgsql: { request: { message: 'termination_message' } } },
    ],
  ],
];

/** Flows of each application in the scene. */
const flowsByApp = {
  ...{ http: 2, http2: 1, tls: 2, dns: 2, smtp: 1, ftp: 1, 'ftp-data': 1, ssh: 1 },
  ...{ mqtt: 1, redis: 1, postgresql: 1 },
};

const isAt = (port: number) => (line: EveLine) => line.dest_port === port || line.src_port === port;

describe.skipIf(skip !== null || !existsSync(main))('conversations on an interface', () => {
  let net: Namespace;
  let scene = '';
  const copy = join(folder, 'copy.pcapng');
  let live: Told;
  let read: Told;
  let shared: Told;
  let lines: EveLine[] = [];
  beforeAll(async () => {
    net = openNamespace('talks');
    scene = buildScene(folder);
    live = await listenToScene(net, folder, scene, copy);
    lines = eveLines(live.eve);
    read = await readCapture(folder, 'read', copy);
    shared = await readCapture(folder, 'shared', copy, '--workers', '2');
  }, 30_000);
  afterAll(() => net?.remove());

  it.each(wanted)('tell %s of port %d', (type, port, expected) => {
    const told = lines.filter((line) => line.event_type === type).filter(isAt(port));
    expect(told).toMatchObject(expected);
    expect(told).toHaveLength(expected.length);
  });

  it('tell both requests of HTTP/2 with their answers', () => {
    const told = lines.filter((line) => line.event_type === 'http').filter(isAt(8080));
    for (const [path, status] of [
      ['/two/here', 200],
      ['/two/missing', 404],
    ]) {
      const http = { version: '2', hostname: 'two.example.test', url: path, status, http_user_agent: 'scene/2.0' };
      expect(told).toContainEqual(expect.objectContaining({ http: expect.objectContaining(http) }));
    }
  });

  it('tell no contradiction, and lose nothing', () => {
    expect(lines.filter((line) => line.event_type === 'anomaly')).toEqual([]);
    expect([live.code, read.code, shared.code]).toEqual([0, 0, 0]);
    for (const { out } of [live, read]) {
      expect(JSON.parse(out)).toMatchObject({ dropped: { kernel: 0, interface: 0, queue: 0 }, problems: {} });
    }
  });

  it.each(['live', 'read', 'shared'])('are counted by application: %s', (which) => {
    const { out } = { live, read, shared }[which] ?? live;
    const { protocols, flows } = JSON.parse(out);
    const counts = Object.entries(protocols.app).map(([app, count]) => [app, (count as { flows: number }).flows]);
    expect(Object.fromEntries(counts)).toEqual(flowsByApp);
    expect(flows).toMatchObject({ total: 14, tcp: 13, udp: 1 });
  });

  it('tell no secret', () => {
    for (const { eve, logs, out, err } of [live, read, shared]) {
      const files = [eve, ...readdirSync(logs).map((name) => join(logs, name))];
      const texts = [...files.map((path) => readFileSync(path, 'latin1')), out, err];
      for (const form of secretForms) {
        expect(texts.filter((text) => text.toLowerCase().includes(form.toLowerCase()))).toEqual([]);
      }
    }
    // The secrets did pass by.
    const wire = readFileSync(copy, 'latin1');
    expect(secretForms.filter((form) => wire.includes(form)).length).toBeGreaterThanOrEqual(3);
  });

  it('give the same events from file, in the same order in each flow', () => {
    const flows = byFlow(lines);
    expect(flows.size).toBeGreaterThanOrEqual(14);
    expect(byFlow(eveLines(read.eve))).toEqual(flows);
    expect(lines.filter((line) => line.event_type === 'flow').every((line) => line.in_iface === 'lo')).toBe(true);
  });

  it('give the same logs from file', () => {
    const logs = zeekLogs(live.logs);
    expect(Object.keys(logs).sort()).toContain('http.log');
    expect(zeekLogs(read.logs)).toEqual(logs);
  });

  it('give the same events and logs with two workers', () => {
    expect(withoutAlerts(shared.eve)).toEqual(withoutAlerts(read.eve));
    expect(sortedLogs(shared.logs)).toEqual(sortedLogs(read.logs));
  });

  it('leave whole lines when Ctrl+C comes in between', async () => {
    const { eve, logs, words } = outputsOf(folder, 'stopped');
    const run = net.program(['-i', 'lo', '-v', ...words]);
    await until(() => run.err.includes(isOpen));
    const ready = join(folder, 'ready');
    const play = playScene(net, scene, 'loop', ready);
    await until(() => existsSync(ready));
    // Events are in the file while the capture goes on.
    await until(() => readFileSync(eve, 'utf8').split('"event_type":"http"').length > 50);
    run.child.kill('SIGINT');
    expect(await run.code).toBe(0);
    play.child.kill('SIGKILL');
    await play.code;
    expect(JSON.parse(run.out)).toMatchObject({ dropped: { queue: 0 } });
    const told = eveLines(eve);
    const requests = told.filter((line) => line.event_type === 'http');
    expect(requests.length).toBeGreaterThan(40);
    // Each flow that was seen has its record, also those that were open.
    const flows = new Set(told.filter((line) => line.event_type === 'flow').map((line) => line.flow_id));
    expect(requests.every((line) => flows.has(line.flow_id))).toBe(true);
    for (const name of ['conn.log', 'http.log']) {
      const text = readFileSync(join(logs, name), 'utf8');
      expect(text).toMatch(/\n#close\t[\d-]+\n$/);
      const rows = text.split('\n').slice(0, -2);
      const columns = rows.find((row) => row.startsWith('#fields'))?.split('\t').length ?? 0;
      for (const row of rows.filter((each) => !each.startsWith('#'))) expect(row.split('\t')).toHaveLength(columns - 1);
    }
  });
});

/** Events by flow, without alerts: several workers raise those by their sums. */
function withoutAlerts(eve: string): ReturnType<typeof byFlow> {
  return byFlow(eveLines(eve).filter((line) => line.event_type !== 'alert'));
}
