// What views know of the capture in plain.ts, and rows of its tables.

import type { Cell, FlowDetails, PacketDetails, Row, RowWindow } from '../../../api/index.ts';
import type { Known, Look, Place, Wants } from '../../frame/view.ts';
import { alerts } from './alerts.ts';
import { hostile, names, nowUs, protocols, pulse, series, snapshot, wide } from './plain.ts';

const flow = (values: Row): Row => ({
  run: 3,
  sensor: 'office',
  flow_id: 17,
  proto: 6,
  start_ts: nowUs - 90e6,
  end_ts: nowUs,
  duration_us: 90e6,
  direction: 1,
  pkts_fwd: 900,
  pkts_rev: 1800,
  rate_fwd: 0,
  rate_rev: 0,
  repeated: 0,
  repeated_fwd: 0,
  repeated_rev: 0,
  rtt_us: null,
  server_rtt_us: null,
  client_rtt_us: null,
  responses: 0,
  response_us: null,
  response_most_us: null,
  verdict: '',
  verdict_percent: 0,
  alerted: false,
  is_open: true,
  country: '',
  host: '',
  service: '',
  state: 'established',
  community: 'c1a5f0d4e9b86a37',
  ...values,
});

export const flows: readonly Row[] = [
  flow({
    src_ip: '10.0.0.5',
    src_port: 51_234,
    dst_ip: '140.82.121.4',
    dst_port: 443,
    app: 'tls',
    host: 'api.github.com',
    service: 'GitHub',
    bytes_fwd: 4_800_000,
    bytes_rev: 120_000_000,
    rate_fwd: 137_500,
    rate_rev: 2_762_500,
    rtt_us: 23_100,
    server_rtt_us: 22_400,
    client_rtt_us: 700,
    responses: 41,
    response_us: 48_000,
    response_most_us: 700_000,
    verdict: 'server',
    verdict_percent: 71,
    country: 'US',
    ja4: 't13d1516h2_8daaf6152771_b0da82dd1658',
  }),
  flow({
    flow_id: 18,
    src_ip: '10.0.0.9',
    src_port: 50_022,
    dst_ip: '2a00:1450:4001:82b::200e',
    dst_port: 443,
    proto: 17,
    app: 'quic',
    host: 'edge.video.example',
    bytes_fwd: 2_100_000,
    bytes_rev: 838_000_000,
    rate_fwd: 25_000,
    rate_rev: 1_150_000,
    rtt_us: 14_000,
    state: '',
    country: 'IE',
  }),
  flow({
    flow_id: 19,
    src_ip: '10.0.0.5',
    src_port: 49_800,
    dst_ip: '10.0.0.20',
    dst_port: 445,
    app: 'smb',
    host: '',
    detail: '\\\\nas\\video\\Ferien 2026',
    bytes_fwd: 1_200_000,
    bytes_rev: 343_000_000,
    rate_fwd: 25_000,
    rate_rev: 425_000,
    rtt_us: 900,
    repeated: 1_200_000,
    repeated_rev: 1_200_000,
  }),
  flow({
    flow_id: 20,
    src_ip: '2001:db8:85a3::8a2e:370:7334',
    src_port: 61_000,
    dst_ip: '2001:db8:ffff:1111:2222:3333:4444:5555',
    dst_port: 8443,
    app: 'unknown',
    bytes_fwd: 9_007_199_254_740_991,
    bytes_rev: 1,
    rate_fwd: 1.2e15,
    rate_rev: 0,
    rtt_us: 4_200_000_000,
  }),
  flow({
    flow_id: 21,
    src_ip: '10.0.0.9',
    src_port: 40_112,
    dst_ip: '1.1.1.1',
    dst_port: 53,
    proto: 17,
    app: 'dns',
    host: 'A netflix.example',
    bytes_fwd: 44,
    bytes_rev: 120,
    rtt_us: 4100,
    state: '',
  }),
  flow({
    flow_id: 22,
    src_ip: '10.0.0.66',
    src_port: 41_022,
    dst_ip: '10.0.0.30',
    dst_port: 23,
    app: 'telnet',
    bytes_fwd: 60,
    bytes_rev: 0,
    state: 'reset',
    is_open: false,
    alerted: true,
  }),
  flow({
    flow_id: 23,
    src_ip: '10.0.0.5',
    src_port: 51_300,
    dst_ip: '203.0.113.66',
    dst_port: 443,
    app: 'tls',
    host: hostile.escape,
    bytes_fwd: 12_000,
    bytes_rev: 98_000,
    rtt_us: 180_000,
    country: 'ZZ',
  }),
  flow({
    flow_id: 24,
    src_ip: '10.0.0.20',
    src_port: 51_301,
    dst_ip: '203.0.113.67',
    dst_port: 80,
    app: 'http',
    host: hostile.bidi,
    bytes_fwd: 800,
    bytes_rev: 1200,
  }),
  flow({
    flow_id: 25,
    src_ip: '10.0.0.71',
    src_port: 51_302,
    dst_ip: '203.0.113.68',
    dst_port: 80,
    app: 'http',
    host: hostile.marks,
    bytes_fwd: 800,
    bytes_rev: 1200,
  }),
  flow({
    flow_id: 26,
    src_ip: '10.0.0.71',
    src_port: 0,
    dst_ip: '10.0.0.1',
    dst_port: 0,
    proto: 1,
    app: '',
    bytes_fwd: 84,
    bytes_rev: 84,
    state: '',
  }),
  ...Array.from({ length: 190 }, (_, i) =>
    flow({
      flow_id: 100 + i,
      start_ts: nowUs - i * 1e6,
      src_ip: `10.0.0.${40 + (i % 20)}`,
      src_port: 52_000 + i,
      dst_ip: `198.51.100.${i}`,
      dst_port: 443,
      app: i % 3 === 0 ? 'quic' : 'tls',
      host: `www${i}.example.com`,
      bytes_fwd: 900 + i * 131,
      bytes_rev: 5400 + i * 7919,
      rate_rev: Math.max(0, 90_000 - i * 900),
      rate_fwd: Math.max(0, 4000 - i * 40),
      rtt_us: 9000 + i * 333,
      is_open: i % 4 !== 0,
      state: i % 4 === 0 ? 'closed' : 'established',
    }),
  ),
];

const host = (ip: string, values: Row): Row => ({
  ip,
  names: names[ip] === undefined ? [] : [names[ip]],
  name: names[ip] ?? '',
  local: ip.startsWith('10.'),
  macs: ['8c:85:90:11:22:33'],
  first_ts: nowUs - 700e6,
  last_ts: nowUs - 2e6,
  flows: 120,
  flows_out: 100,
  flows_in: 20,
  bytes_in: 0,
  bytes_out: 0,
  rate_in: 0,
  rate_out: 0,
  apps: ['tls', 'dns'],
  alerts: 0,
  country: '',
  vendor: '',
  ...values,
});

export const hosts: readonly Row[] = [
  host('10.0.0.5', {
    bytes_in: 2_100_000_000,
    bytes_out: 210_000_000,
    rate_in: 3_187_500,
    rate_out: 162_500,
    vendor: 'Apple',
  }),
  host('140.82.121.4', {
    bytes_in: 190_000_000,
    bytes_out: 1_800_000_000,
    rate_in: 137_500,
    rate_out: 2_762_500,
    apps: ['tls'],
    country: 'US',
  }),
  host('10.0.0.9', {
    bytes_in: 838_000_000,
    bytes_out: 20_000_000,
    rate_in: 1_150_000,
    rate_out: 25_000,
    apps: ['quic', 'dns', 'ntp', 'mdns', 'ssdp'],
    vendor: 'Samsung',
  }),
  host('10.0.0.20', { bytes_in: 3_000_000, bytes_out: 340_000_000, apps: ['smb'] }),
  host('2001:db8:85a3::8a2e:370:7334', { bytes_in: 400, bytes_out: 9_000_000, apps: [] }),
  host('10.0.0.66', { bytes_in: 0, bytes_out: 3840, flows: 64, alerts: 2, apps: ['telnet'] }),
  host('203.0.113.66', { bytes_in: 120, bytes_out: 0, flows: 1, country: 'ZZ' }),
];

const alertRows: readonly Row[] = alerts.map((alert) => ({
  run: 3,
  alert_id: alert.id,
  detector: alert.detector,
  title: alert.title,
  severity: alert.severity,
  severity_rank: ['info', 'low', 'medium', 'high', 'severe', 'critical'].indexOf(alert.severity),
  state: alert.state,
  key: alert.key,
  sources: [...alert.sources],
  targets: [...alert.targets],
  first_ts: alert.firstUs,
  last_ts: alert.lastUs,
  count: alert.count,
  observed: alert.observed,
  threshold: alert.threshold,
  unit: alert.unit,
  explain: alert.explain,
  mitre: alert.mitre ?? '',
  flows: [...alert.flows],
  packets: [...alert.packets],
  filter: alert.filter,
  details: JSON.stringify(alert),
}));

const questions: readonly Row[] = ['netflix.example', wide, hostile.escape, 'api.github.com'].map((qname, i) => ({
  run: 3,
  flow_id: 21 + i,
  ts: nowUs - i * 3e6,
  src_ip: '10.0.0.9',
  dst_ip: '1.1.1.1',
  src_port: 40_112,
  dst_port: 53,
  qname,
  qtype: i === 1 ? 'AAAA' : 'A',
  rcode_name: i === 2 ? 'NXDOMAIN' : 'NOERROR',
  answers: i === 2 ? [] : ['198.51.100.7', '198.51.100.8'],
  rtt_us: i === 3 ? null : 4100 * (i + 1),
}));

const tables: Readonly<Record<string, readonly Row[]>> = { flows, hosts, alerts: alertRows, dns: questions };

const kindOf = (name: string, value: Cell): string => {
  if (name.endsWith('_ts') || name === 'ts') return 'time';
  if (typeof value === 'number') return 'u64';
  if (typeof value === 'boolean') return 'flag';
  return Array.isArray(value) ? 'texts' : 'text';
};

/** An answer as scenes give it: of all rows, in the order they have here. */
export function answer(wants: Wants): RowWindow | null {
  if (wants.table === undefined) return null;
  const rows = tables[wants.table] ?? [];
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const from = wants.from ?? 0;
  return {
    columns: columns.map((name) => ({
      name,
      kind: kindOf(name, rows.find((row) => row[name] != null)?.[name] ?? null),
    })),
    rows: rows.slice(from, from + (wants.count ?? 200)).map((row) => columns.map((name) => row[name] ?? null)),
    total: wants.table === 'flows' ? 1284 : rows.length,
    kept: wants.table === 'flows' ? 1284 : rows.length,
    forgotten: wants.table === 'dns' ? 12_400 : 0,
  };
}

export const flowDetails: FlowDetails = {
  flow: flows[0],
  transactions: [
    {
      table: 'tls',
      row: {
        ts: nowUs - 89.9e6,
        sni: 'api.github.com',
        version: 'TLS 1.3',
        cipher: 'TLS_AES_128_GCM_SHA256',
        ja4: 't13d1516h2_8daaf6152771_b0da82dd1658',
      },
    },
    { table: 'http', row: { ts: nowUs - 80e6, host: hostile.escape, status: 200 } },
    { table: 'dns', row: questions[1] },
  ],
  alerts: [alerts[0]],
  timeline: {
    startUs: nowUs - 90e6,
    stepUs: 1.5e6,
    forward: Array.from({ length: 60 }, (_, i) => (i % 9) * 9000),
    backward: Array.from({ length: 60 }, (_, i) => ((i * i) % 23) * 210_000),
  },
  hasPackets: true,
};

const frameBytes = `8c859011223300005e00530108004500${'00343a5f40004006'}0a0000058c527904c82201bb${'00112233445566778899aabbccddeeff'.repeat(6)}48656c6c6f2c20776f726c641b5b324a`;
const packetOf = (i: number): PacketDetails => ({
  number: 4_600_100 + i,
  timeUs: nowUs - 89e6 + i * 1700,
  wireLen: i % 2 === 0 ? 66 + i : 1514,
  hex: frameBytes,
  summary:
    i === 3
      ? `443 → 51234 [PSH, ACK] ${hostile.escape}`
      : `51234 → 443 [ACK] Seq=${1 + i * 1448} Ack=${1 + i} Win=501 Len=${i * 7}`,
  isForward: i % 2 === 0,
  layers: [
    {
      name: 'Ethernet',
      from: 0,
      to: 14,
      fields: [
        ['To', '8c:85:90:11:22:33'],
        ['From', '00:00:5e:00:53:01'],
        ['Type', 'IPv4 (0x0800)'],
      ],
    },
    {
      name: 'IPv4',
      from: 14,
      to: 34,
      fields: [
        ['From', '10.0.0.5'],
        ['To', '140.82.121.4'],
        ['TTL', '64'],
        ['Protocol', 'TCP (6)'],
      ],
    },
    {
      name: 'TCP',
      from: 34,
      to: 54,
      fields: [
        ['Source port', '51234'],
        ['Destination port', '443'],
        ['Flags', 'PSH, ACK'],
      ],
    },
    { name: 'payload', from: 54, to: frameBytes.length / 2, fields: [['Bytes', String(frameBytes.length / 2 - 54)]] },
  ],
});
export const packets: readonly PacketDetails[] = Array.from({ length: 120 }, (_, i) => packetOf(i));

export const known: Known = {
  about: {
    id: 'main',
    kind: 'interface',
    names: ['eth0'],
    isLive: true,
    can: { packets: true, history: true, acknowledge: true, places: true },
  },
  protocols,
  snapshot,
  pulse: { ...pulse, recent: null },
  recent: series(600),
  whole: series(512, 2),
  window: null,
  asked: null,
  flow: flowDetails,
  packets,
  trouble: null,
};

/** A shell in one line: what a view wants is there. */
export const answered = (base: Known, wants: Wants): Known => ({ ...base, window: answer(wants), asked: wants });

export const start: Place = { selected: 0, first: 0, sort: null, opened: [], filter: '', pane: 0 };

export const looks: Readonly<Record<'dark' | 'light' | 'sixteen' | 'mono' | 'plain', Look>> = {
  dark: { width: 120, colour: true, unicode: true, depth: 256, background: 'dark' },
  light: { width: 120, colour: true, unicode: true, depth: 256, background: 'light' },
  sixteen: { width: 120, colour: true, unicode: true, depth: 16, background: 'dark' },
  mono: { width: 120, colour: false, unicode: true, depth: 0, background: 'dark' },
  plain: { width: 120, colour: false, unicode: false, depth: 0, background: 'dark' },
};
