// Proves that the closing summary says what the snapshot says, in lines that fit and in a document whose keys and types
// are those of the contract.

import { describe, expect, test } from 'vitest';
import { plainAlert } from '../../core/golden/plain-alert.ts';
import type { Alert, Snapshot } from '../../core/index.ts';
import { cellWidth } from './columns.ts';
import type { Style } from './looks/style.ts';
import { protocolChart, protocolChartSvg } from './protocol-chart.ts';
import { type SummarySource, summaryDocument } from './summary-document.ts';
import { summaryText, volumeCells } from './summary-text.ts';

const nothing: Snapshot = {
  packets: 0,
  bytes: 0,
  capturedBytes: 0,
  firstUs: null,
  lastUs: null,
  linkTypes: [],
  received: 0,
  dropped: { kernel: 0, interface: 0, queue: 0 },
  problems: {},
  problemSamples: {},
  link: {},
  ip: {},
  flows: { total: 0, tcp: 0, udp: 0, icmp: 0, other: 0, active: 0, resumed: 0, evicted: 0, capacity: 1024 },
  apps: {},
  events: {},
  talkers: [],
  hosts: 0,
  tcp: {
    retransmissions: 0,
    fastRetransmissions: 0,
    spuriousRetransmissions: 0,
    outOfOrder: 0,
    duplicateAcks: 0,
    zeroWindows: 0,
    lostSegments: 0,
    keepAlives: 0,
    handshakeRttMs: { p50: null, p95: null, max: null, count: 0 },
  },
  alerts: [],
  incidents: [],
  risks: [],
  detection: null,
  seconds: [],
  findings: [],
  stages: [],
};

const alert: Alert = {
  ...plainAlert,
  detector: 'volume.packets',
  severity: 'info',
  score: 0,
  key: '192.168.1.10',
  firstUs: 1695017601216460,
  lastUs: 1695017621216460,
  firstPacket: 1,
  packet: 101,
  count: 60_000,
  observed: 60_000,
  threshold: 100,
  explain: '192.168.1.10 sent 60,000 packets, more than the threshold of 100.',
  mitre: null,
  flows: ['1:IJQHtzXv/tXud3FtXIufkDsfEd4='],
  packets: Array.from({ length: 30 }, (_, i) => i + 1),
  filter: 'ip.src == 192.168.1.10',
};

const busy: Snapshot = {
  ...nothing,
  packets: 123_456,
  bytes: 87_654_321,
  capturedBytes: 80_000_000,
  firstUs: 1695017601216460,
  lastUs: 1695017721716461,
  linkTypes: ['EN10MB'],
  received: 123_500,
  dropped: { kernel: 44, interface: 0, queue: 0 },
  problems: { 'ipv4.truncated': 12, 'tcp.length': 1 },
  problemSamples: { 'ipv4.truncated': { packet: 4711, at: 14, need: 20, have: 9 } },
  link: { ipv4: { packets: 120_000, bytes: 87_000_000 }, arp: { packets: 100, bytes: 4200 } },
  ip: {
    UDP: { number: 17, packets: 20_000, bytes: 6_000_000 },
    TCP: { number: 6, packets: 100_000, bytes: 80_000_000 },
    ICMP: { number: 1, packets: 300, bytes: 30_000 },
    'IPv6-ICMP': { number: 58, packets: 12, bytes: 1000 },
    SCTP: { number: 132, packets: 0, bytes: 0 },
  },
  flows: {
    total: 3456,
    tcp: 3000,
    udp: 400,
    icmp: 50,
    other: 6,
    active: 12,
    resumed: 3,
    evicted: 0,
    capacity: 1 << 20,
  },
  apps: {
    tls: { flows: 40, packets: 800, bytes: 90_000 },
    unknown: { flows: 2, packets: 3, bytes: 200 },
  },
  events: { tls: 39 },
  talkers: [
    { ip: '2001:db8:1234:5678:9abc:def0:1234:5678', packets: 60, bytes: 5000, packetsReceived: 4, bytesReceived: 20 },
    { ip: '192.168.1.10', packets: 60_000, bytes: 50_000_000, packetsReceived: 40_000, bytesReceived: 20_000_000 },
  ],
  tcp: {
    retransmissions: 12,
    fastRetransmissions: 3,
    spuriousRetransmissions: 0,
    outOfOrder: 4,
    duplicateAcks: 40,
    zeroWindows: 2,
    lostSegments: 0,
    keepAlives: 0,
    handshakeRttMs: { p50: 23.45678, p95: 88.1, max: 1203, count: 2900 },
  },
  alerts: [
    alert,
    { ...alert, detector: 'scan.vertical', severity: 'high', explain: 'A \u001b[31mscan\u202e.', mitre: 'T1046' },
  ],
  seconds: Array.from({ length: 121 }, (_, i) => ({
    sec: 1695017601 + i,
    packets: 1000 + i,
    bytes: 1000 * ((i * 7) % 31) + i,
  })),
  findings: [
    {
      code: 'kernel-drops',
      severity: 'warning',
      text: 'The kernel dropped 44 packets before they reached us.',
      advice: 'Use a larger buffer or a narrower filter.',
    },
  ],
};

const live: SummarySource = { kind: 'interface', names: ['eth0'], damage: null };
const style = (width: number, more: Partial<Style> = {}): Style => ({ width, colour: false, unicode: true, ...more });
const colours = /\u001b\[[0-9;]*m/g;

describe('the text', () => {
  test.each([60, 80, 120])('at %d cells', (width) => {
    const text = summaryText(busy, live, style(width));
    expect(text).toMatchSnapshot();
    for (const line of text.split('\n')) expect(cellWidth(line), line).toBeLessThanOrEqual(width);
    const coloured = summaryText(busy, live, style(width, { colour: true }));
    expect(coloured).not.toBe(text);
    expect(coloured.replace(colours, '')).toBe(text);
  });

  test('in colour', () => {
    expect(JSON.stringify(summaryText(busy, live, style(80, { colour: true })).split('\n'), null, 1)).toMatchSnapshot();
  });

  test('without unicode there is only ASCII', () => {
    const text = summaryText(busy, live, style(60, { unicode: false }));
    expect(text).toMatchSnapshot();
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  });

  test('of nothing', () => {
    expect(summaryText(nothing, { kind: 'file', names: ['empty.pcap'], damage: null }, style(80))).toMatchSnapshot();
  });

  test('a damaged input is said, and what is hostile is shown as escapes', () => {
    const damage = 'Packet 5 claims 1,514 bytes, the file has 20 left.';
    const text = summaryText(busy, { kind: 'file', names: ['a\u001b[2J.pcap', 'b', 'c', 'd'], damage }, style(200));
    expect(text).toContain(`Damaged input: ${damage} Everything before that is counted.`);
    expect(text).toContain('a\\x1b[2J.pcap, b, c and 1 more');
    expect(text).toContain('A \\x1b[31mscan\\u{202e}.');
    expect(text).toContain('44 packets lost');
  });

  test('alerts are sorted by severity, talkers by bytes sent', () => {
    const text = summaryText(busy, live, style(120));
    expect(text.indexOf('scan.vertical')).toBeLessThan(text.indexOf('1 for information'));
    expect(text.indexOf('  192.168.1.10')).toBeLessThan(text.indexOf('  2001:db8'));
  });

  test('seconds are put into cells by their time; the busiest second of a cell counts', () => {
    const at = (sec: number, bytes: number) => ({ sec, bytes, packets: 1 });
    expect(volumeCells([at(10, 1), at(12, 3)], 10)).toEqual([1, 0, 3]);
    expect(volumeCells([at(0, 1), at(1, 9), at(2, 2), at(3, 3)], 2)).toEqual([9, 3]);
    expect(volumeCells([at(0, 1), at(1e9, 2)], 3)).toEqual([1, 0, 2]);
    expect(volumeCells([], 3)).toEqual([]);
  });
});

/** The contract: a type by name, an object of contracts, [contract] for a list, {'*': contract} for any keys. */
type Contract = string | readonly [Contract] | { readonly [key: string]: Contract };

const volume = { packets: 'count', bytes: 'count' };
const contract: Contract = {
  tool: { name: 'string', version: 'string' },
  source: { kind: 'string', names: ['string'], link_types: ['string'] },
  packets: 'count',
  bytes: 'count',
  captured_bytes: 'count',
  first_ts: 'time?',
  last_ts: 'time?',
  duration_s: 'number',
  dropped: { kernel: 'count', interface: 'count', queue: 'count' },
  problems: { '*': 'count' },
  truncated_input: 'boolean',
  protocols: {
    link: { '*': volume },
    ip: { '*': { number: 'count', ...volume } },
    app: { '*': { flows: 'count', ...volume } },
  },
  flows: { total: 'count', tcp: 'count', udp: 'count', icmp: 'count', other: 'count' },
  talkers: [{ ip: 'string', packets: 'count', bytes: 'count', packets_received: 'count', bytes_received: 'count' }],
  tcp: {
    retransmissions: 'count',
    fast_retransmissions: 'count',
    spurious_retransmissions: 'count',
    out_of_order: 'count',
    duplicate_acks: 'count',
    zero_windows: 'count',
    lost_segments: 'count',
    keep_alives: 'count',
    handshake_rtt_ms: { p50: 'number?', p95: 'number?', max: 'number?', count: 'count' },
  },
  alerts: [
    {
      detector: 'string',
      severity: 'string',
      score: 'number',
      key: 'string',
      first_ts: 'time',
      last_ts: 'time',
      first_packet: 'count',
      packet: 'count',
      count: 'count',
      observed: 'number',
      threshold: 'number',
      explain: 'string',
      mitre: 'string?',
      flows: ['string'],
      packets: ['count'],
      filter: 'string',
    },
  ],
};

function isOfType(value: unknown, type: string): boolean {
  if (type.endsWith('?')) return value === null || isOfType(value, type.slice(0, -1));
  if (type === 'count') return Number.isSafeInteger(value) && Number(value) >= 0;
  if (type === 'time') return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(String(value));
  return typeof value === type;
}

/** Paths at which a value breaks the contract; keys beyond it are welcome. */
function breaches(value: unknown, rule: Contract, path = '$'): string[] {
  if (typeof rule === 'string') return isOfType(value, rule) ? [] : [path];
  if (Array.isArray(rule)) {
    return Array.isArray(value) ? value.flatMap((item, i) => breaches(item, rule[0], `${path}[${i}]`)) : [path];
  }
  if (typeof value !== 'object' || value === null) return [path];
  const object = value as Record<string, unknown>;
  return Object.entries(rule).flatMap(([key, inner]) =>
    key === '*'
      ? Object.entries(object).flatMap(([name, item]) => breaches(item, inner, `${path}.${name}`))
      : breaches(object[key], inner as Contract, `${path}.${key}`),
  );
}

describe('the document', () => {
  test.each([
    ['nothing', nothing],
    ['much', busy],
  ])('of %s keeps the contract', (_, snapshot) => {
    const document = JSON.parse(JSON.stringify(summaryDocument(snapshot, live, '1.2.3')));
    expect(breaches(document, contract)).toEqual([]);
  });

  test('says what the snapshot says', () => {
    const source: SummarySource = { kind: 'file', names: ['a.pcap'], damage: 'It ends early.' };
    expect(JSON.parse(JSON.stringify(summaryDocument(busy, source, '1.2.3')))).toMatchObject({
      tool: { name: 'taplight', version: '1.2.3' },
      source: { kind: 'file', names: ['a.pcap'], link_types: ['EN10MB'] },
      packets: 123_456,
      captured_bytes: 80_000_000,
      first_ts: '2023-09-18T06:13:21.216460Z',
      duration_s: 120.500001,
      truncated_input: true,
      protocols: {
        link: { arp: { packets: 100, bytes: 4200 } },
        ip: { TCP: { number: 6, packets: 100_000 } },
        app: {
          tls: { flows: 40, packets: 800, bytes: 90_000 },
          unknown: { flows: 2, packets: 3, bytes: 200 },
        },
      },
      talkers: [
        { ip: '192.168.1.10', packets_received: 40_000 },
        { packets: 60, bytes_received: 20 },
      ],
      tcp: { out_of_order: 4, handshake_rtt_ms: { p50: 23.457, p95: 88.1, max: 1203, count: 2900 } },
      alerts: [
        { packet: 101, mitre: null },
        { explain: 'A \\x1b[31mscan\\u{202e}.', mitre: 'T1046' },
      ],
    });
  });

  test('at most 20 talkers and 20 packets of an alert', () => {
    const talkers = Array.from({ length: 50 }, (_, i) => ({ ...busy.talkers[0], ip: `10.0.0.${i}`, bytes: i }));
    // biome-ignore lint/suspicious/noExplicitAny: the document is read as the loose JSON that it is
    const document = summaryDocument({ ...busy, talkers }, live, '0') as any;
    expect(document.talkers.length).toBe(20);
    expect(document.talkers[0].ip).toBe('10.0.0.49');
    expect(document.alerts[0].packets.length).toBe(20);
  });

  test('the check itself notices what is missing or of another type', () => {
    const document = JSON.parse(JSON.stringify(summaryDocument(busy, live, '1')));
    document.dropped.kernel = '44';
    delete document.tcp.keep_alives;
    document.talkers[1].ip = null;
    expect(breaches(document, contract)).toEqual(['$.dropped.kernel', '$.talkers[1].ip', '$.tcp.keep_alives']);
  });
});

describe('the chart', () => {
  test.each([60, 80, 120])('at %d cells, sorted, only what was seen', (width) => {
    const lines = protocolChart(busy.ip, style(width)).split('\n');
    expect(lines.map((line) => line.trim().split(' ')[0])).toEqual(['TCP', 'UDP', 'ICMP', 'IPv6-ICMP']);
    expect(new Set(lines.map((line) => cellWidth(line))).size).toBe(1);
    for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(width);
    expect(lines[0]).toMatch(/█ +100,000 +83\.1 % +80\.0 MB$/);
  });

  test('what does not fit is added up', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`P${i}`, { packets: 40 - i, bytes: 1 }]));
    const lines = protocolChart(many, style(80)).split('\n');
    expect(lines.length).toBe(12);
    expect(lines[11]).toContain('29 others');
    expect(lines[11]).toMatch(/ 435 /);
  });

  test('of nothing', () => {
    expect(protocolChart({}, style(80))).toBe('  no IP packets yet');
    expect(protocolChartSvg({}, 'x')).toContain('no IP packets');
  });

  test('as a picture: one bar per protocol, a sentence for who does not see it, names escaped', () => {
    const svg = protocolChartSvg({ ...busy.ip, '<script>': { packets: 1, bytes: 1 } }, 'a&b.pcap');
    expect(svg).toMatchSnapshot();
    expect(svg).not.toContain('<script>');
    expect(svg.match(/<rect class="(?!page)/g)?.length).toBe(5);
    expect(svg).toContain('Packets by IP protocol, of 120,313 in all: TCP 83.1 % (100,000), UDP 16.6 % (20,000)');
  });
});
