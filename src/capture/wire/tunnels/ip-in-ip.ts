// Tunnels directly on IP: IPv4 (RFC 2003), IPv6 (RFC 4213 §3), EtherIP (RFC 3378), Ethernet as
// such (RFC 8986), MPLS (RFC 4023).

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { inner, openTunnel } from './open-tunnel.ts';

const etheripTruncated = problemCode('etherip.truncated');
const etheripVersion = problemCode('etherip.version');

function readIpv4InIp(p: Packet, at: number): number {
  return openTunnel(p, at, inner.ipv4);
}

function readIpv6InIp(p: Packet, at: number): number {
  return openTunnel(p, at, inner.ipv6);
}

function readMplsInIp(p: Packet, at: number): number {
  return openTunnel(p, at, inner.mpls);
}

function readEthernetInIp(p: Packet, at: number): number {
  return openTunnel(p, at, inner.ethernet);
}

/** Version 3 in the first nibble, 12 zero bits, then a frame. */
function readEtherip(p: Packet, at: number, end: number): number {
  if (end - at < 2) {
    setProblem(p, etheripTruncated, at, 2, end - at);
    return verdict.leaf;
  }
  // Some implementations wrote the nibbles the wrong way round.
  const version = p.bytes[at];
  if (version !== 0x30 && version !== 0x03) {
    setProblem(p, etheripVersion, at, 0x30, version);
    return verdict.leaf;
  }
  return openTunnel(p, at + 2, inner.ethernet);
}

export const ipv4InIp: Header = {
  name: 'ipip',
  title: 'IPv4 in IP',
  standard: 'RFC 2003',
  after: { ipProtocol: [4] },
  read: readIpv4InIp,
};

export const ipv6InIp: Header = {
  name: 'ipv6-in-ip',
  title: 'IPv6 in IP',
  standard: 'RFC 4213 §3, RFC 2473',
  after: { ipProtocol: [41] },
  read: readIpv6InIp,
};

export const etherip: Header = {
  name: 'etherip',
  title: 'Ethernet in IP',
  standard: 'RFC 3378',
  after: { ipProtocol: [97] },
  read: readEtherip,
};

export const ethernetInIp: Header = {
  name: 'ethernet-in-ip',
  title: 'Ethernet behind a segment routing header',
  standard: 'RFC 8986 §4.9',
  after: { ipProtocol: [143] },
  read: readEthernetInIp,
};

export const mplsInIp: Header = {
  name: 'mpls-in-ip',
  title: 'MPLS in IP',
  standard: 'RFC 4023 §3',
  after: { ipProtocol: [137] },
  read: readMplsInIp,
};
