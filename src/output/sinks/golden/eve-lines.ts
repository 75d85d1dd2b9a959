// What tests of EVE write: two flows, an alert, a snapshot, and the lines that a sink makes of them.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { plainAlert } from '../../../core/golden/plain-alert.ts';
import { type Alert, Flow, type Snapshot, tcpFlag } from '../../../core/index.ts';
import { type OpenSink, sinks } from '../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'taplight-eve-'));
afterAll(() => rmSync(folder, { recursive: true }));

// biome-ignore lint/suspicious/noExplicitAny: lines are read as the loose JSON that they are
export type Line = any;

/** What a sink writes in one go. */
export function linesOf(use: (sink: OpenSink) => void, interfaceName?: (index: number) => string | null): Line[] {
  const path = join(folder, 'lines.json');
  rmSync(path, { force: true });
  const sink = sinks[0].open({ path, ...(interfaceName ? { interfaceName } : {}) });
  use(sink);
  sink.close();
  const text = readFileSync(path, 'utf8');
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

export function tcpFlow(): Flow {
  return Object.assign(new Flow(), {
    id: 4503599627370497,
    proto: 6,
    o0: 0xc0a80203 | 0,
    r0: 0x0a000001,
    oPort: 37010,
    rPort: 80,
    firstUs: 1255711456083524,
    lastUs: 1255711457185868,
    oPackets: 8,
    rPackets: 5,
    oBytes: 607,
    rBytes: 6_000_000_000,
    oIpBytes: 495,
    rIpBytes: 5_999_999_930,
    oPayloadBytes: 79,
    rPayloadBytes: 5_000_000_000,
    oFlags: tcpFlag.syn | tcpFlag.ack | tcpFlag.psh | tcpFlag.rst,
    rFlags: tcpFlag.syn | tcpFlag.ack | tcpFlag.psh,
    oTtlMin: 63,
    oTtlMax: 64,
    tcpState: 10,
    connState: 'RSTO',
    history: 'ShADadR',
    end: 2,
    handshakeRttUs: 23456,
    serverRttUs: 23000,
    clientRttUs: 456,
    app: 'doh',
    app2: 'http2',
    app3: 'grpc',
    eveApp: 'tls',
    appHow: 'handshake',
    appConfidence: 100,
    service: 'cloudflare',
    vlanOuter: 1,
    vlanInner: 10,
    hasMac: true,
    mac: Uint8Array.of(0, 0x1a, 2, 3, 4, 5, 0xff, 6, 7, 8, 9, 10),
  });
}

export function icmpv6Flow(): Flow {
  return Object.assign(new Flow(), {
    id: 7,
    outerId: 6,
    ipVersion: 6,
    proto: 58,
    o0: 0xfe800000 | 0,
    o3: 1,
    r0: 0xff020000 | 0,
    r3: 2,
    oPort: 135,
    rPort: 136,
    firstUs: 1e15,
    lastUs: 1e15 + 5,
    oPackets: 1,
    rPackets: 1,
    vlanOuter: 6,
    vlanInner: 6,
    tunnelId: 99,
    part: 2,
    end: 3,
    alerted: true,
  });
}

export const alert: Alert = {
  ...plainAlert,
  detector: 'volume.packets',
  firstUs: 1e15,
  lastUs: 1e15 + 1,
  packet: 101,
  count: 120,
  observed: 101,
  explain: '192.168.1.1 sent 101 packets\u202e.',
  mitre: 'T1046',
  flows: ['1:IJQHtzXv/tXud3FtXIufkDsfEd4='],
  filter: 'ip.src == 192.168.1.1',
};

export const snapshot: Snapshot = {
  packets: 1000,
  bytes: 512_345,
  capturedBytes: 500_000,
  firstUs: 1e15,
  lastUs: 1e15 + 61e6,
  linkTypes: ['EN10MB'],
  received: 1003,
  dropped: { kernel: 1, interface: 2, queue: 3 },
  problems: { 'ipv4.truncated': 4 },
  problemSamples: {},
  link: { ipv4: { packets: 900, bytes: 500_000 }, arp: { packets: 100, bytes: 12_345 } },
  ip: { TCP: { number: 6, packets: 800, bytes: 480_000 }, UDP: { number: 17, packets: 100, bytes: 20_000 } },
  flows: { total: 30, tcp: 20, udp: 8, icmp: 1, other: 1, active: 5, resumed: 0, evicted: 0, capacity: 1024 },
  apps: {},
  events: {},
  talkers: [],
  hosts: 0,
  tcp: {
    retransmissions: 3,
    fastRetransmissions: 1,
    spuriousRetransmissions: 0,
    outOfOrder: 2,
    duplicateAcks: 9,
    zeroWindows: 0,
    lostSegments: 0,
    keepAlives: 0,
    handshakeRttMs: { p50: 1, p95: 2, max: 3, count: 4 },
  },
  alerts: [],
  incidents: [],
  risks: [],
  detection: null,
  seconds: [],
  findings: [],
  stages: [{ name: 'facts', in: 1000, dropped: 3, fill: 0.5 }],
};
