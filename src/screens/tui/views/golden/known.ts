// What views know of the capture in plain.ts, and rows of its tables.

import type { Cell, FlowDetails, PacketDetails, Row, RowWindow } from '../../../api/index.ts';
import type { Known, Look, Place, Wants } from '../../frame/view.ts';
import { alerts } from './alerts.ts';
import { hostile, nowUs, protocols, pulse, series, snapshot, wide } from './plain.ts';
import { flows, hosts } from './rows.ts';

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
