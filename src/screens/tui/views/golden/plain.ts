// A capture that goes on, as plain data, for tests of views: an office with IPv6, wide letters, hostile names, huge and
// unknown numbers.

import { type Alert, families, latencyBins, type Pulse, type TrafficSeries } from '../../../../core/index.ts';
import type { ProtocolInfo, SceneSnapshot } from '../../../api/index.ts';
import { alerts, incidents, risks } from './alerts.ts';

export const nowSec = 1_795_430_707;
export const nowUs = nowSec * 1e6;

/** Names as an attacker sends them: an escape sequence, a direction override, marks without end. */
export const hostile = {
  escape: '\u001b[2J\u001b[31mevil\u0007.example',
  bidi: 'invoice\u202efdp.exe.example',
  marks: `z${'\u0301'.repeat(60)}algo.example`,
};
export const wide = '東京支社ファイルサーバー.例え.jp';

const field = (
  column: string,
  kind: string,
  title: string,
  unit: string | null = null,
  filters: readonly string[] = [],
) => ({
  column,
  kind,
  title,
  unit,
  filters,
});

export const protocols: readonly ProtocolInfo[] = [
  {
    name: 'tls',
    title: 'TLS',
    family: 'web-secret',
    fields: [
      field('sni', 'text', 'Server name', null, ['tls.handshake.extensions_server_name']),
      field('version', 'word', 'Version'),
      field('cipher', 'word', 'Cipher'),
      field('ja4', 'word', 'JA4'),
    ],
  },
  { name: 'quic', title: 'QUIC', family: 'quic', fields: [field('version', 'word', 'Version')] },
  {
    name: 'dns',
    title: 'DNS',
    family: 'names',
    fields: [
      field('qname', 'text', 'Question', null, ['dns.qry.name']),
      field('qtype', 'word', 'Type'),
      field('rcode_name', 'word', 'Answer code'),
      field('answers', 'texts', 'Answers'),
      field('rtt_us', 'u32', 'Time to answer', 'us'),
    ],
  },
  {
    name: 'http',
    title: 'HTTP',
    family: 'web-clear',
    fields: [field('host', 'text', 'Host'), field('status', 'u16', 'Status')],
  },
  { name: 'smb', title: 'SMB', family: 'mail-files', fields: [] },
  { name: 'ssh', title: 'SSH', family: 'remote', fields: [field('client', 'text', 'Client software')] },
  { name: 'telnet', title: 'Telnet', family: 'remote', fields: [] },
  { name: 'arp', title: 'ARP', family: 'local', fields: [] },
  { name: 'ntp', title: 'NTP', family: 'local', fields: [] },
];

/** Traffic that rises and falls: the same every time. */
function wave(i: number, size: number, slow: number, shift: number): number {
  const level = 0.55 + 0.45 * Math.sin(i / slow + shift) * Math.cos(i / (slow * 2.7) - shift);
  return Math.round(size * Math.max(0.02, level));
}

export function series(count: number, stepSec = 1): TrafficSeries {
  const columns = Array.from({ length: count }, (_, i) => i);
  const sizes = [3_100_000, 1_150_000, 60_000, 90_000, 40_000, 480_000, 9_000, 120_000];
  const layers = families.map((_, f) => columns.map((i) => wave(i, sizes[f] * stepSec, 11 + 5 * f, f)));
  const bytes = columns.map((i) => layers.reduce((sum, layer) => sum + layer[i], 0));
  const bins = (i: number, middle: number): number[] =>
    Array.from({ length: latencyBins }, (_, bin) =>
      Math.max(0, Math.round(30 * Math.exp(-((bin - middle - 2 * Math.sin(i / 40)) ** 2) / 3))),
    );
  return {
    startSec: nowSec - count * stepSec + 1,
    stepSec,
    packets: bytes.map((each) => Math.round(each / 800)),
    bytes,
    inBytes: bytes.map((each) => Math.round(each * 0.88)),
    outBytes: bytes.map((each, i) => Math.round(each * (0.08 + 0.03 * Math.sin(i / 7)))),
    families: layers,
    newFlows: columns.map((i) => wave(i, 22, 9, 1)),
    segments: bytes.map((each) => Math.round(each / 1300)),
    repeated: columns.map((i) => (i % 60 > 50 ? wave(i, 40, 3, 2) : i % 7)),
    rtt: columns.map((i) => bins(i, 7)),
    responses: columns.map((i) => bins(i, 10)),
  };
}

export const pulse: Pulse = {
  lastUs: nowUs,
  packets: 4_612_480,
  bytes: 3_812_480_123,
  flows: 18_204,
  activeFlows: 1284,
  hosts: 38,
  dropped: { kernel: 0, interface: 0, queue: 0 },
  recent: null,
};

export const names: Readonly<Record<string, string>> = {
  '10.0.0.5': 'laptop-anna',
  '10.0.0.9': 'tv.lan',
  '10.0.0.20': wide,
  '10.0.0.30': 'printer.lan',
  '140.82.121.4': 'api.github.com',
  '2a00:1450:4001:82b::200e': 'edge.video.example',
  '203.0.113.66': hostile.escape,
};

const app = (bytes: number, flows: number) => ({ packets: Math.round(bytes / 800), bytes, flows });
const talker = (ip: string, bytes: number, bytesReceived: number) => ({
  ip,
  bytes,
  bytesReceived,
  packets: Math.round(bytes / 700),
  packetsReceived: Math.round(bytesReceived / 1000),
});
const times = (p50: number | null, p95: number | null, max: number | null, count: number) => ({ p50, p95, max, count });
const healthRow = (
  name: string,
  rtt: readonly [number, number, number],
  response: readonly [number, number, number],
  repeated: number,
) => ({
  name,
  flows: 120,
  rttMs: times(...rtt, 118),
  responseMs: times(...response, 402),
  segments: 84_000,
  repeated,
});

const health: NonNullable<SceneSnapshot['health']> = {
  flows: 9120,
  rttMs: times(14.2, 182, 2400, 8800),
  responseMs: times(38, 640, 9100, 21_000),
  segments: 2_900_000,
  repeated: 8700,
  waitedSec: {
    server: 8120,
    client: 2210,
    receiver_window: 12,
    sender_window: 0,
    loss: 640,
    queueing: 310,
    bandwidth: 1450,
    round_trips: 980,
    not_captured: 4,
  },
  paths: [
    healthRow('10.0.0.0/24 → 203.0.113.66', [180, 410, 2400], [90, 640, 9100], 2400),
    healthRow('10.0.0.0/24 → 2001:db8:85a3::8a2e:370:7334', [92, 120, 130], [20, 44, 60], 0),
    healthRow('10.0.0.0/24 → 140.82.121.4', [23, 31, 88], [48, 120, 700], 12),
  ],
  hosts: [healthRow('203.0.113.66', [180, 410, 2400], [90, 640, 9100], 2400)],
  slowest: [
    {
      id: 17,
      client: '10.0.0.5:51234',
      server: '203.0.113.66:443',
      app: 'tls',
      firstUs: nowUs - 90e6,
      waitedSec: 41.2,
      verdict: 'server',
      share: 0.83,
      sentence: '83 % of 41.2 s it waited for the server to answer.',
    },
    {
      id: 18,
      client: '[2001:db8::5]:50022',
      server: '[2001:db8:85a3::8a2e:370:7334]:443',
      app: 'quic',
      firstUs: nowUs - 60e6,
      waitedSec: 3.1,
      verdict: 'loss',
      share: 0.61,
      sentence: '61 % of 3.1 s went by while lost packets were sent again.',
    },
  ],
};

export const snapshot: SceneSnapshot = {
  state: 'running',
  packets: 4_612_480,
  hosts: 38,
  bytes: 3_812_480_123,
  capturedBytes: 3_812_480_123,
  firstUs: nowUs - 761e6,
  lastUs: nowUs,
  linkTypes: ['Ethernet'],
  received: 4_612_492,
  dropped: { kernel: 12, interface: 0, queue: 0 },
  problems: { 'ipv4.truncated': 3, 'dns.bad-name': 41, 'tcp.bad-length': 1 },
  problemSamples: { 'dns.bad-name': { packet: 4_100_233, at: 42, need: 63, have: 12 } },
  link: {},
  ip: {},
  flows: {
    total: 18_204,
    tcp: 9120,
    udp: 8800,
    icmp: 240,
    other: 44,
    active: 1284,
    resumed: 3,
    evicted: 0,
    capacity: 1_048_576,
  },
  apps: {
    tls: app(2_330_000_000, 7100),
    quic: app(838_000_000, 420),
    smb: app(343_000_000, 12),
    dns: app(114_000_000, 8100),
    unknown: app(101_000_000, 600),
    http: app(61_000_000, 310),
    ssh: app(24_000_000, 4),
    ntp: app(90_000, 120),
    arp: app(12_000, 0),
    [hostile.bidi]: app(800, 1),
  },
  events: { dns: 8100, tls: 7100, http: 310, quic: 420 },
  talkers: [
    talker('10.0.0.5', 210_000_000, 2_100_000_000),
    talker('140.82.121.4', 1_800_000_000, 190_000_000),
    talker('10.0.0.9', 20_000_000, 838_000_000),
    talker('2a00:1450:4001:82b::200e', 838_000_000, 20_000_000),
    talker('10.0.0.20', 340_000_000, 3_000_000),
    talker('2001:db8:85a3::8a2e:370:7334', 9_000_000, 400),
    talker('203.0.113.66', 120, 0),
  ],
  tcp: {
    retransmissions: 8700,
    fastRetransmissions: 2100,
    spuriousRetransmissions: 90,
    outOfOrder: 410,
    duplicateAcks: 7000,
    zeroWindows: 14,
    lostSegments: 0,
    keepAlives: 2100,
    handshakeRttMs: { p50: 14.2, p95: 182, max: 2400, count: 8800 },
  },
  incidents,
  risks,
  detection: {
    evidence: 412,
    told: 9,
    excepted: 2,
    suppressed: 0,
    late: 0,
    detectors: [
      { detector: 'scan.ports', rows: 38, capacity: 65_536, bytes: 4_200_000, evictions: 0, refusals: 0 },
      { detector: 'dns.tunnel', rows: 65_536, capacity: 65_536, bytes: 9_437_184, evictions: 1204, refusals: 3 },
      { detector: 'beacon', rows: 1200, capacity: 65_536, bytes: 2_097_152, evictions: 0, refusals: 0 },
    ],
    exceptions: [
      { who: '10.0.0.30', what: 'scan.ports', why: 'the vulnerability scanner', hits: 2, lastUs: nowUs - 60e6 },
    ],
    faults: [],
  },
  findings: [
    {
      code: 'kernel-drops',
      severity: 'warning',
      text: 'The kernel dropped 12 packets (<0.1 %) because the capture ring was full.',
      advice: 'Give it a larger ring (--buffer 128M) or more workers (--workers 2).',
    },
  ],
  stages: [
    { name: 'capture', in: 4_612_492, dropped: 12, fill: 0.31 },
    { name: 'analysis', in: 4_612_480, dropped: 0 },
    { name: 'hand-over', in: 51_200, dropped: 0, fill: 0.02 },
    { name: 'store', in: 48_100, dropped: 0, fill: 0.64 },
  ],
  alertCounts: { info: 2, low: 1, medium: 1, high: 1, severe: 0, critical: 1 },
  alerts: alerts satisfies readonly Alert[],
  health,
  forgotten: { flows: 0, dns: 12_400 },
  names,
  process: { cpuSec: 41.3, memoryBytes: 214_000_000, wallSec: 764 },
};
