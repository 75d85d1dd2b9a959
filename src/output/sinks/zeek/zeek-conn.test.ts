// Proves that a flow's line of conn.log has Zeek's words: names of both sides only, ICMP turned round, other protocols bare.

import { describe, expect, it } from 'vitest';
import { Flow } from '../../../core/index.ts';
import { connValues, isConnection } from './zeek-conn.ts';
import { zeekColumns } from './zeek-logs.ts';

const columns = zeekColumns('conn') ?? [];
const base = {
  id: 62,
  proto: 6,
  o0: 0x0a000001,
  r0: 0xc0000264 | 0,
  oPort: 40_000,
  rPort: 80,
  firstUs: 1e6,
  lastUs: 3e6,
  oPackets: 3,
  rPackets: 2,
  oIpBytes: 200,
  rIpBytes: 100,
  oPayloadBytes: 80,
  rPayloadBytes: 20,
  oSeqBytes: 90,
  rSeqBytes: 20,
  connState: 'SF',
  history: 'ShADadFf',
};
function row(change: Partial<Flow>): Record<string, unknown> {
  const values = connValues(Object.assign(new Flow(), base, change));
  return Object.fromEntries(columns.map(({ name }, i) => [name, values[i]]));
}

it('has a value for every column', () => {
  expect(connValues(new Flow())).toHaveLength(columns.length);
  expect(row({})).toEqual({
    ts: 1e6,
    uid: 'C000000010',
    'id.orig_h': '10.0.0.1',
    'id.orig_p': 40_000,
    'id.resp_h': '192.0.2.100',
    'id.resp_p': 80,
    proto: 'tcp',
    service: undefined,
    duration: 2e6,
    orig_bytes: 90,
    resp_bytes: 20,
    conn_state: 'SF',
    local_orig: true,
    local_resp: true,
    missed_bytes: 10,
    history: 'ShADadFf',
    orig_pkts: 3,
    orig_ip_bytes: 200,
    resp_pkts: 2,
    resp_ip_bytes: 100,
    tunnel_parents: undefined,
    ip_proto: 6,
  });
});

describe('names', () => {
  const named: [Partial<Flow>, string | undefined][] = [
    [{ zeekServices: 'quic,ssl', proto: 17 }, 'quic,ssl'],
    [{ zeekServices: 'http' }, 'http'],
    [{ zeekServices: 'http', rPayloadBytes: 0 }, 'http'],
    [{ zeekServices: 'http', rPayloadBytes: 0, history: 'D' }, undefined],
    [{ zeekServices: 'ssh', rPayloadBytes: 0 }, undefined],
    [{ zeekServices: 'dns', rPayloadBytes: 0, proto: 17 }, 'dns'],
    [{ zeekServices: 'ftp-data', oPayloadBytes: 0 }, 'ftp-data'],
    [{ zeekServices: 'ldap_tcp,krb', proto: 17 }, 'ldap_udp,krb'],
    [{ zeekServices: 'krb_tcp', proto: 17 }, 'krb'],
    [{ zeekServices: 'syslog', oPayloadBytes: 0 }, 'syslog_tcp'],
  ];
  it.each(named)('%j: %s', (change, service) => {
    expect(row(change).service).toBe(service);
  });
});

it('does not lengthen a connection by what trails behind its end', () => {
  expect(row({ closedUs: 2e6 }).duration).toBe(1e6);
  expect(row({ lastUs: 1e6 })).toMatchObject({ duration: undefined, orig_bytes: undefined, resp_bytes: undefined });
});

it('takes who answered a question that was not seen for the originator', () => {
  const seen = row({ proto: 1, oPort: 8, rPort: 0, oPackets: 0, oIpBytes: 0, oPayloadBytes: 0 });
  expect(seen).toMatchObject({
    'id.orig_h': '192.0.2.100',
    'id.orig_p': 0,
    'id.resp_p': 8,
    proto: 'icmp',
    history: undefined,
    orig_pkts: 2,
    resp_pkts: 0,
    resp_bytes: 0,
  });
});

it('tells of other protocols neither ports nor payload, and nothing of what only carries', () => {
  expect(row({ proto: 132 })).toMatchObject({
    'id.orig_p': 0,
    'id.resp_p': 0,
    proto: 'unknown_transport',
    orig_bytes: 0,
    conn_state: 'OTH',
    missed_bytes: 0,
    history: undefined,
    ip_proto: 132,
  });
  expect(
    [6, 17, 1, 58, 132, 4, 41, 47, 59].filter((proto) => isConnection(Object.assign(new Flow(), { proto }))),
  ).toEqual([6, 17, 1, 58, 132]);
});

it('names the tunnel that it is in', () => {
  expect(row({ outerId: 62 }).tunnel_parents).toEqual(['C000000010']);
});
