// IPv4 header with options (RFC 791 §3.1).

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readIpPayload } from './ip-payload.ts';

const truncated = problemCode('ipv4.truncated');
const length = problemCode('ipv4.length');
const wrongVersion = problemCode('ipv4.version');
const malformed = problemCode('ipv4.malformed');

/** Frame lengths above this are a lie of the capture file; they would turn the packet's integers into fractions. */
export const wireLenMax = 0x3fffffff;

//  |version|  ihl  |      tos      |         total length          |  0
//  |        identification         |0 D M|    fragment offset      |  4
//  |      ttl      |   protocol    |        header checksum        |  8
//  |                        source address                         | 12
//  |                      destination address                      | 16
//  |                   options, 0 to 40 bytes                      | 20

/**
 * Reads a datagram and what it carries. A header that no host would accept (version, lengths that contradict each other)
 * ends as noFlow; one whose options the capture cut still has addresses and ends as a leaf.
 */
export function readIpv4(p: Packet, ipAt: number, end: number): number {
  const at = ipAt & 0x3fffffff;
  const b = p.bytes;
  if (end - at < 20) {
    setProblem(p, truncated, at, 20, end - at);
    return verdict.noFlow;
  }
  const first = b[at];
  const headerLen = (first & 15) << 2;
  let ipLen = (b[at + 2] << 8) | b[at + 3];
  if (first >>> 4 !== 4 || headerLen < 20 || ipLen < headerLen) {
    if (first >>> 4 !== 4 || headerLen < 20 || ipLen !== 0) return refuse(p, at, first, headerLen, ipLen);
    ipLen = lengthToFrameEnd(p, at, end);
  }
  p.ipVersion = 4;
  p.l3At = at;
  p.ipLen = ipLen;
  p.tos = b[at + 1];
  p.fragId = (b[at + 4] << 8) | b[at + 5];
  p.ttl = b[at + 8];
  const proto = b[at + 9];
  p.proto = proto;
  p.src0 = (b[at + 12] << 24) | (b[at + 13] << 16) | (b[at + 14] << 8) | b[at + 15];
  p.dst0 = (b[at + 16] << 24) | (b[at + 17] << 16) | (b[at + 18] << 8) | b[at + 19];
  let l3End = at + ipLen;
  if (l3End > end) {
    // Normal with a snapshot length; a contradiction when the whole frame is here.
    if (p.end === end && p.end - p.at >= p.wireLen) setProblem(p, length, at, ipLen, end - at);
    l3End = end;
  }
  p.l3End = l3End;
  if (headerLen !== 20 && !readOptions(p, at, headerLen)) return verdict.leaf;
  const fragment = (b[at + 6] << 8) | b[at + 7];
  if ((fragment & 0x3fff) !== 0) {
    p.isFragment = 1;
    p.fragOffset = (fragment & 0x1fff) << 3;
    p.moreFragments = (fragment >>> 13) & 1;
  }
  return readIpPayload(p, proto, at + headerLen, l3End);
}

function refuse(p: Packet, at: number, first: number, headerLen: number, ipLen: number): number {
  if (first >>> 4 !== 4) setProblem(p, wrongVersion, at, 4, first >>> 4);
  else if (headerLen < 20) setProblem(p, length, at, 20, headerLen);
  else setProblem(p, length, at, headerLen, ipLen);
  return verdict.noFlow;
}

/** A total length of 0 is left for the network card to fill in: the datagram ends with the frame. */
function lengthToFrameEnd(p: Packet, at: number, end: number): number {
  const onWire = end === p.end ? Math.min(p.wireLen, wireLenMax) - (at - p.at) : 0;
  return Math.max(onWire, end - at);
}

/** Walks the options; false when they were not captured, so that nothing behind them is there either. */
function readOptions(p: Packet, ipAt: number, headerLen: number): boolean {
  const b = p.bytes;
  const end = ipAt + headerLen;
  if (end > p.l3End) {
    setProblem(p, truncated, ipAt, headerLen, p.l3End - ipAt);
    p.payloadAt = p.l3End;
    p.payloadEnd = p.l3End;
    return false;
  }
  let at = ipAt + 20;
  while (at < end && b[at] !== 0) {
    if (b[at] === 1) {
      at++;
      continue;
    }
    const size = at + 1 < end ? b[at + 1] : 0;
    if (size < 2 || size > end - at) {
      setProblem(p, malformed, ipAt, Math.max(size, 2), size < 2 ? size : end - at);
      break;
    }
    at += size;
  }
  return true;
}

export const ipv4: Header = {
  name: 'ipv4',
  title: 'Internet Protocol version 4',
  standard: 'RFC 791 §3.1',
  after: { etherType: [0x0800], llcSap: [0x06], pppProtocol: [0x0021] },
  read: readIpv4,
};
