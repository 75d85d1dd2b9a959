// IPv6 header (RFC 8200 §3).

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readIpPayload } from './ip-payload.ts';
import { wireLenMax } from './ipv4.ts';

const truncated = problemCode('ipv6.truncated');
const length = problemCode('ipv6.length');
const wrongVersion = problemCode('ipv6.version');

//  |version| traffic class |              flow label               |  0
//  |        payload length         |  next header  |   hop limit   |  4
//  |                  source address, 16 bytes                     |  8
//  |                destination address, 16 bytes                  | 24

/** Reads a datagram and what it carries, extension headers included. */
export function readIpv6(p: Packet, ipAt: number, end: number): number {
  const at = ipAt & 0x3fffffff;
  const b = p.bytes;
  if (end - at < 40 || b[at] >>> 4 !== 6) return refuse(p, at, end);
  p.ipVersion = 6;
  p.l3At = at;
  p.tos = ((b[at] & 15) << 4) | (b[at + 1] >>> 4);
  const next = b[at + 6];
  p.ttl = b[at + 7];
  p.src0 = (b[at + 8] << 24) | (b[at + 9] << 16) | (b[at + 10] << 8) | b[at + 11];
  p.src1 = (b[at + 12] << 24) | (b[at + 13] << 16) | (b[at + 14] << 8) | b[at + 15];
  p.src2 = (b[at + 16] << 24) | (b[at + 17] << 16) | (b[at + 18] << 8) | b[at + 19];
  p.src3 = (b[at + 20] << 24) | (b[at + 21] << 16) | (b[at + 22] << 8) | b[at + 23];
  p.dst0 = (b[at + 24] << 24) | (b[at + 25] << 16) | (b[at + 26] << 8) | b[at + 27];
  p.dst1 = (b[at + 28] << 24) | (b[at + 29] << 16) | (b[at + 30] << 8) | b[at + 31];
  p.dst2 = (b[at + 32] << 24) | (b[at + 33] << 16) | (b[at + 34] << 8) | b[at + 35];
  p.dst3 = (b[at + 36] << 24) | (b[at + 37] << 16) | (b[at + 38] << 8) | b[at + 39];
  const payloadLen = (b[at + 4] << 8) | b[at + 5];
  const ipLen = payloadLen === 0 && mayBeLonger(next) ? lengthWhenZero(p, at, end) : payloadLen + 40;
  p.ipLen = ipLen;
  let l3End = at + ipLen;
  if (l3End > end) {
    if (p.end === end && p.end - p.at >= p.wireLen) setProblem(p, length, at, ipLen, end - at);
    l3End = end;
  }
  p.l3End = l3End;
  return readIpPayload(p, next, at + 40, l3End);
}

function refuse(p: Packet, at: number, end: number): number {
  if (end > at && p.bytes[at] >>> 4 !== 6) setProblem(p, wrongVersion, at, 6, p.bytes[at] >>> 4);
  else setProblem(p, truncated, at, 40, end - at);
  return verdict.noFlow;
}

/** Hop-by-hop options may hold the length of a jumbogram; TCP and UDP are what network cards cut up. */
const mayBeLonger = (next: number): boolean => next === 0 || next === 6 || next === 17;

/**
 * A payload length of 0 announces a jumbo payload option (RFC 2675 §3), or is left to the network card. Until the option
 * is read the datagram reaches to the end of the frame.
 */
function lengthWhenZero(p: Packet, at: number, end: number): number {
  const onWire = end === p.end ? Math.min(p.wireLen, wireLenMax) - (at - p.at) : 0;
  return Math.max(onWire, end - at);
}

export const ipv6: Header = {
  name: 'ipv6',
  title: 'Internet Protocol version 6',
  standard: 'RFC 8200 §3',
  after: { etherType: [0x86dd], pppProtocol: [0x0057] },
  read: readIpv6,
};
