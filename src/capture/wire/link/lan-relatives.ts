// Local networks that carry LLC or EtherTypes as Ethernet does: token ring, FDDI, ATM, ARCNET, IP over InfiniBand, FireWire.

import { net, type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readEtherType } from './ether-types.ts';
import { readLlc } from './llc.ts';

const tokenRingTruncated = problemCode('token-ring.truncated');
const fddiTruncated = problemCode('fddi.truncated');
const sunatmTruncated = problemCode('sunatm.truncated');
const arcnetTruncated = problemCode('arcnet.truncated');
const ipoibTruncated = problemCode('ipoib.truncated');
const firewireTruncated = problemCode('firewire.truncated');

/** True when `size` bytes are there; else notes what is missing. */
function has(p: Packet, at: number, end: number, size: number, truncated: number): boolean {
  if (end - at >= size) return true;
  setProblem(p, truncated, at, size, end - at);
  return false;
}

/** Access control, frame control, addresses, and routing information when the source's first bit says so. */
function readTokenRing(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (!has(p, at, end, 14, tokenRingTruncated)) return verdict.noFlow;
  p.dstMacAt = at + 2;
  p.srcMacAt = at + 8;
  p.net = net.other;
  if ((b[at + 1] & 0xc0) !== 0x40) return verdict.noFlow;
  const routing = (b[at + 8] & 0x80) !== 0 && end - at > 14 ? b[at + 14] & 0x1f : 0;
  if (!has(p, at, end, 14 + routing, tokenRingTruncated)) return verdict.noFlow;
  return readLlc(p, at + 14 + routing, end);
}

/** Frame control and addresses; only LLC frames go on. */
function readFddi(p: Packet, at: number, end: number): number {
  if (!has(p, at, end, 13, fddiTruncated)) return verdict.noFlow;
  p.dstMacAt = at + 1;
  p.srcMacAt = at + 7;
  p.net = net.other;
  return (p.bytes[at] & 0xf0) === 0x50 ? readLlc(p, at + 13, end) : verdict.noFlow;
}

/** SunATM: direction and type, path, channel; type 2 is LLC. */
function readSunatm(p: Packet, at: number, end: number): number {
  if (!has(p, at, end, 4, sunatmTruncated)) return verdict.noFlow;
  p.net = net.other;
  return (p.bytes[at] & 15) === 2 ? readLlc(p, at + 4, end) : verdict.noFlow;
}

/** ARCNET as Linux shows it (RFC 1201): source, destination, offset, protocol; the newer ones have 3 bytes more. */
function readArcnet(p: Packet, at: number, end: number): number {
  if (!has(p, at, end, 8, arcnetTruncated)) return verdict.noFlow;
  p.net = net.other;
  const protocol = p.bytes[at + 4];
  if (protocol === 240) return readEtherType(p, 0x0800, at + 5, end);
  if (protocol === 212) return readEtherType(p, 0x0800, at + 8, end);
  if (protocol === 196) return readEtherType(p, 0x86dd, at + 8, end);
  if (protocol === 213) return readEtherType(p, 0x0806, at + 8, end);
  return protocol === 241 ? readEtherType(p, 0x0806, at + 5, end) : verdict.noFlow;
}

/** IP over InfiniBand: a 40-byte global route header, EtherType, two reserved bytes (RFC 4391 §6). */
function readIpoib(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (!has(p, at, end, 44, ipoibTruncated)) return verdict.noFlow;
  return readEtherType(p, (b[at + 40] << 8) | b[at + 41], at + 44, end);
}

/** IP over FireWire as Apple shows it: two 8-byte addresses and an EtherType. */
function readFirewire(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (!has(p, at, end, 18, firewireTruncated)) return verdict.noFlow;
  return readEtherType(p, (b[at + 16] << 8) | b[at + 17], at + 18, end);
}

export const tokenRing: Header = {
  name: 'token-ring',
  title: 'Token ring',
  standard: 'IEEE 802.5',
  after: { linkType: [6] },
  read: readTokenRing,
};

export const fddi: Header = {
  name: 'fddi',
  title: 'Fibre Distributed Data Interface',
  standard: 'ANSI X3.139',
  after: { linkType: [10] },
  read: readFddi,
};

export const sunatm: Header = {
  name: 'sunatm',
  title: 'SunATM',
  standard: 'LINKTYPE_SUNATM',
  after: { linkType: [123] },
  read: readSunatm,
};

export const arcnet: Header = {
  name: 'arcnet',
  title: 'ARCNET on Linux',
  standard: 'RFC 1201, LINKTYPE_ARCNET_LINUX',
  after: { linkType: [129] },
  read: readArcnet,
};

export const ipoib: Header = {
  name: 'ipoib',
  title: 'IP over InfiniBand',
  standard: 'RFC 4391 §6, LINKTYPE_IPOIB',
  after: { linkType: [242] },
  read: readIpoib,
};

export const firewire: Header = {
  name: 'firewire',
  title: 'IP over FireWire',
  standard: 'RFC 2734, LINKTYPE_APPLE_IP_OVER_IEEE1394',
  after: { linkType: [138] },
  read: readFirewire,
};
