// Proves that EVE lines are whole JSON objects that say what the flow, the alert and the snapshot say, and that they
// follow Suricata's published schema.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { eveJudge } from '../../../test/corpus/eve-schema.ts';
import { plainAlert } from '../../core/golden/plain-alert.ts';
import { type Alert, communityId, Flow, formatAddress, type Snapshot, tcpFlag } from '../../core/index.ts';
import { signatureId } from './eve-alert.ts';
import { type OpenSink, sinks } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'taplight-eve-'));
afterAll(() => rmSync(folder, { recursive: true }));

// biome-ignore lint/suspicious/noExplicitAny: lines are read as the loose JSON that they are
type Line = any;

/** What a sink writes in one go. */
function linesOf(use: (sink: OpenSink) => void, interfaceName?: (index: number) => string | null): Line[] {
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

function tcpFlow(): Flow {
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

function icmpv6Flow(): Flow {
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

test('a TCP flow, field by field', () => {
  const [line] = linesOf((sink) => sink.write(tcpFlow()));
  expect(line).toEqual({
    timestamp: '2009-10-16T16:44:17.185868+0000',
    flow_id: 4503599627370497,
    event_type: 'flow',
    vlan: [1, 10],
    src_ip: '192.168.2.3',
    src_port: 37010,
    dest_ip: '10.0.0.1',
    dest_port: 80,
    ip_v: 4,
    proto: 'TCP',
    app_proto: 'tls',
    flow: {
      pkts_toserver: 8,
      pkts_toclient: 5,
      bytes_toserver: 607,
      bytes_toclient: 6_000_000_000,
      start: '2009-10-16T16:44:16.083524+0000',
      end: '2009-10-16T16:44:17.185868+0000',
      age: 1,
      state: 'closed',
      reason: 'timeout',
      alerted: false,
    },
    ether: { dest_macs: ['ff:06:07:08:09:0a'], src_macs: ['00:1a:02:03:04:05'] },
    community_id: communityId(4, 0xc0a80203 | 0, 0, 0, 0, 0x0a000001, 0, 0, 0, 6, 37010, 80),
    tcp: {
      tcp_flags: '1e',
      tcp_flags_ts: '1e',
      tcp_flags_tc: '1a',
      syn: true,
      rst: true,
      psh: true,
      ack: true,
      state: 'closed',
    },
    taplight: {
      end: 'rst',
      conn_state: 'RSTO',
      history: 'ShADadR',
      origin_rule: 'handshake',
      app: 'doh',
      app_how: 'handshake',
      app_confidence: 100,
      also: ['http2', 'grpc'],
      service: 'cloudflare',
      ip_bytes_toserver: 495,
      ip_bytes_toclient: 5_999_999_930,
      payload_bytes_toserver: 79,
      payload_bytes_toclient: 5_000_000_000,
      ttl_toserver: [63, 64],
      handshake_rtt_us: 23456,
      server_rtt_us: 23000,
      client_rtt_us: 456,
    },
  });
});

test.each([
  ['bytes that told nothing', { oPayloadBytes: 1 }, 'failed'],
  ['a guess by port', { oPayloadBytes: 1, app: 'http', eveApp: 'http', appHow: 'port' }, 'failed'],
  ['no bytes at all', { oPayloadBytes: 0, rPayloadBytes: 0 }, undefined],
])('app_proto of %s', (_what, values, expected) => {
  const [line] = linesOf((sink) => sink.write(Object.assign(new Flow(), { proto: 6 }, values)));
  expect(line.app_proto).toBe(expected);
});

test.each([
  ['', undefined],
  ['http', 'http'],
])('app_proto_orig is what was spoken before: %j', (eveAppBefore, expected) => {
  const known = { proto: 6, app: 'http', eveApp: 'tls', eveAppBefore, appHow: 'handshake' };
  const [line] = linesOf((sink) => sink.write(Object.assign(new Flow(), known)));
  expect([line.app_proto, line.app_proto_orig]).toEqual(['tls', expected]);
});

test('an ICMPv6 flow in a tunnel: type and code instead of ports, one VLAN tag, no tcp', () => {
  const [line] = linesOf((sink) => sink.write(icmpv6Flow()));
  expect(line).toMatchObject({
    vlan: [6],
    src_ip: 'fe80::1',
    dest_ip: 'ff02::2',
    ip_v: 6,
    proto: 'IPv6-ICMP',
    icmp_type: 135,
    icmp_code: 0,
    response_icmp_type: 136,
    flow: { state: 'established', reason: 'timeout', age: 0, alerted: true },
    taplight: { outer_flow_id: 6, tunnel_id: 99, part: 2, end: 'timeout' },
  });
  for (const key of ['src_port', 'dest_port', 'tcp', 'ether', 'in_iface']) expect(line).not.toHaveProperty(key);
});

test('an ICMP error keeps its code; a protocol without ports has none', () => {
  const error = Object.assign(new Flow(), { proto: 1, oPort: 3, rPort: 13, oPackets: 1 });
  const esp = Object.assign(new Flow(), { proto: 50, end: 6 });
  const [first, second] = linesOf((sink) => {
    sink.write(error);
    sink.write(esp);
  });
  expect(first).toMatchObject({ icmp_type: 3, icmp_code: 13, flow: { state: 'new', reason: 'forced' } });
  expect(first).not.toHaveProperty('response_icmp_type');
  expect(second).toMatchObject({ proto: 'ESP', flow: { reason: 'shutdown' } });
  expect(second).not.toHaveProperty('src_port');
});

test('the interface is named where there is one, whatever its name', () => {
  const names = ['eth0', 'Wi‑Fi "5"\u001b[31m', null];
  const lines = linesOf(
    (sink) => {
      for (const iface of [0, 1, 2, 0]) sink.write(Object.assign(new Flow(), { iface }));
    },
    (index) => names[index],
  );
  expect(lines.map((line) => line.in_iface)).toEqual(['eth0', 'Wi‑Fi "5"\\x1b[31m', undefined, 'eth0']);
});

const alert: Alert = {
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

test('an alert', () => {
  const [line] = linesOf((sink) => sink.alert?.(alert));
  expect(line).toMatchObject({
    timestamp: '2001-09-09T01:46:40.000001+0000',
    event_type: 'alert',
    src_ip: '192.168.1.1',
    community_id: '1:IJQHtzXv/tXud3FtXIufkDsfEd4=',
    alert: {
      action: 'allowed',
      gid: 7474,
      rev: 1,
      signature: 'TAPLIGHT Many packets from one source (volume.packets)',
      severity: 4,
    },
    taplight: { detector: 'volume.packets', count: 120, explain: '192.168.1.1 sent 101 packets\\u{202e}.' },
  });
  expect(line.alert.signature_id).toBe(signatureId('volume.packets'));
});

test('an alert about something that is no address has none', () => {
  for (const key of ['eth0', '00:1a:2b:3c:4d:5e', 'a.b.c.d', 'example.com']) {
    const [line] = linesOf((sink) => sink.alert?.({ ...alert, sources: [], key }));
    expect(line).not.toHaveProperty('src_ip');
  }
  const [line] = linesOf((sink) => sink.alert?.({ ...alert, sources: [], key: 'fe80::1' }));
  expect(line).toMatchObject({ src_ip: 'fe80::1', ip_v: 6 });
});

test('numbers of signatures never change', () => {
  expect(signatureId('volume.packets')).toBe(signatureId('volume.packets'));
  expect(signatureId('')).toBe(1_000_000 + (0x811c9dc5 % 1_000_000));
  expect(signatureId('scan.vertical')).not.toBe(signatureId('scan.horizontal'));
});

const snapshot: Snapshot = {
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

test('the counters', () => {
  const [line] = linesOf((sink) => sink.stats?.(snapshot));
  expect(line).toMatchObject({
    event_type: 'stats',
    timestamp: '2001-09-09T01:47:41.000000+0000',
    stats: {
      uptime: 61,
      capture: { kernel_packets: 1003, kernel_drops: 1, kernel_ifdrops: 2 },
      decoder: { pkts: 1000, bytes: 512_345, invalid: 4, ipv4: 900, ipv6: 0, arp: 100, tcp: 800, avg_pkt_size: 512 },
      flow: { total: 30, active: 5, tcp: 20, udp: 8 },
    },
    taplight: { queue_drops: 3 },
  });
});

test('any flow gives one whole line with the numbers it was given', () => {
  const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  const count = fc.oneof(fc.nat(70_000), fc.nat(Number.MAX_SAFE_INTEGER));
  const anyFlow = fc.record({
    id: count,
    outerId: fc.oneof(fc.constant(0), count),
    ipVersion: fc.constantFrom(4, 6),
    proto: fc.oneof(fc.constantFrom(1, 6, 17, 58, 132), fc.nat(255)),
    o0: word,
    o1: word,
    o2: word,
    o3: word,
    r0: word,
    oPort: fc.nat(65535),
    rPort: fc.nat(65535),
    firstUs: fc.integer({ min: -1e15, max: 4e15 }),
    lastUs: fc.oneof(fc.integer({ min: -1e15, max: 4e15 }), fc.constant(1e300)),
    oPackets: count,
    rPackets: count,
    rBytes: count,
    oFlags: fc.nat(511),
    rFlags: fc.nat(511),
    oTtlMax: fc.nat(255),
    tcpState: fc.nat(10),
    end: fc.nat(6),
    originRule: fc.nat(2),
    history: fc.string({ maxLength: 20 }),
    handshakeRttUs: fc.integer({ min: -1, max: 2 ** 31 - 1 }),
    vlanOuter: fc.integer({ min: -1, max: 4095 }),
    vlanInner: fc.integer({ min: -1, max: 4095 }),
    tunnelId: fc.integer({ min: -1, max: 0xffffffff }),
    hasMac: fc.boolean(),
    part: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(anyFlow, { minLength: 1, maxLength: 20 }), (records) => {
      const lines = linesOf((sink) => {
        const flow = new Flow();
        for (const record of records) sink.write(Object.assign(flow, record));
      });
      expect(lines.length).toBe(records.length);
      lines.forEach((line, i) => {
        const r = records[i];
        expect(line.flow_id).toBe(r.id);
        expect(line.src_ip).toBe(formatAddress(r.ipVersion, r.o0, r.o1, r.o2, r.o3));
        expect(line.flow).toMatchObject({
          pkts_toserver: r.oPackets,
          pkts_toclient: r.rPackets,
          bytes_toclient: r.rBytes,
        });
        expect(line.flow.age).toBeGreaterThanOrEqual(0);
        if (violations !== null) expect(violations(line)).toBeNull();
      });
    }),
    { numRuns: 150 },
  );
});

// --- the published schema ------------------------------------------------------------------------------------------

const violations = await eveJudge();

describe.skipIf(violations === null)('Suricata’s schema', () => {
  test('accepts flows, alerts and stats without our key', () => {
    const lines = linesOf(
      (sink) => {
        sink.write(tcpFlow());
        sink.write(icmpv6Flow());
        sink.write(new Flow());
        sink.alert?.(alert);
        sink.alert?.({ ...alert, key: 'somewhere', mitre: null, flows: [] });
        sink.stats?.(snapshot);
      },
      () => 'eth0',
    );
    expect(lines.length).toBe(6);
    for (const line of lines) expect(violations?.(line)).toBeNull();
  });

  test('would notice a key that it does not know', () => {
    expect(violations?.({ timestamp: '2001-09-09T01:47:41.0+0000', event_type: 'flow', nonsense: 1 })).not.toBeNull();
    expect(violations?.({ timestamp: 'now', event_type: 'flow' })).not.toBeNull();
  });
});
