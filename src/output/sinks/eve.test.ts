// Proves that EVE lines are whole JSON objects that say what the flow says, and that those of flows, alerts and counters
// follow Suricata's published schema.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eveJudge } from '../../../test/corpus/eve-schema.ts';
import { communityId, Flow, formatAddress } from '../../core/index.ts';
import { alert, icmpv6Flow, linesOf, snapshot, tcpFlow } from './golden/eve-lines.ts';

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
