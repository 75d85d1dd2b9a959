// PPP over Ethernet, discovery and session (RFC 2516 §4).

import { net, type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readPpp } from './ppp.ts';

const truncated = problemCode('pppoe.truncated');
const length = problemCode('pppoe.length');
const wrongVersion = problemCode('pppoe.version');

//  |version| type  |     code      |          session id           |  0
//  |            length             |  payload …                        4

/** Checks the header; 0 when it is unsound, else the end of its payload within `end`. */
function payloadEnd(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 6) {
    setProblem(p, truncated, at, 6, end - at);
    return 0;
  }
  if (b[at] !== 0x11) {
    setProblem(p, wrongVersion, at, 0x11, b[at]);
    return 0;
  }
  const size = (b[at + 4] << 8) | b[at + 5];
  if (size > end - at - 6 && p.end === end && p.end - p.at >= p.wireLen) setProblem(p, length, at, size, end - at - 6);
  return Math.min(at + 6 + size, end);
}

/** Reads PADI, PADO, PADR, PADS and PADT: no network layer. */
export function readPppoeDiscovery(p: Packet, at: number, end: number): number {
  if (payloadEnd(p, at, end) !== 0 && p.level === 0) p.pppoeSession = (p.bytes[at + 2] << 8) | p.bytes[at + 3];
  return verdict.noFlow;
}

/** Reads a session frame and the PPP frame in it. */
export function readPppoeSession(p: Packet, at: number, end: number): number {
  if (p.level === 0) p.net = net.other;
  const payload = payloadEnd(p, at, end);
  if (payload === 0) return verdict.noFlow;
  if (p.level === 0) p.pppoeSession = (p.bytes[at + 2] << 8) | p.bytes[at + 3];
  if (p.bytes[at + 1] !== 0) return verdict.noFlow;
  return readPpp(p, at + 6, payload);
}

export const pppoeDiscovery: Header = {
  name: 'pppoe-discovery',
  title: 'PPP over Ethernet, discovery',
  standard: 'RFC 2516 §5',
  after: { etherType: [0x8863] },
  read: readPppoeDiscovery,
};

export const pppoe: Header = {
  name: 'pppoe',
  title: 'PPP over Ethernet, session',
  standard: 'RFC 2516 §6',
  after: { etherType: [0x8864], linkType: [51] },
  read: readPppoeSession,
};
