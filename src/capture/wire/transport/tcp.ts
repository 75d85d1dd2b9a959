// TCP header (RFC 9293 §3.1).

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readCutPorts } from './ports.ts';

const truncated = problemCode('tcp.truncated');
const length = problemCode('tcp.length');
const malformed = problemCode('tcp.malformed');

//  0                   1                   2                   3
//  |          source port          |       destination port        |  0
//  |                        sequence number                        |  4
//  |                     acknowledgment number                     |  8
//  | offs |res|A|C|E|U|A|P|R|S|F|  |            window             | 12
//  |           checksum            |        urgent pointer         | 16
//  |                    options, 0 to 40 bytes                     | 20

/** Reads ports, flags, numbers and the payload's place; `end` is `p.l3End`. Options are only checked for their lengths. */
export function readTcp(p: Packet, tcpAt: number, end: number): number {
  const at = tcpAt & 0x3fffffff;
  if (end - at < 20) return readCutPorts(p, at, end, 20, truncated, length);
  const b = p.bytes;
  p.l4At = at;
  p.srcPort = (b[at] << 8) | b[at + 1];
  p.dstPort = (b[at + 2] << 8) | b[at + 3];
  p.seq = (b[at + 4] << 24) | (b[at + 5] << 16) | (b[at + 6] << 8) | b[at + 7];
  p.ack = (b[at + 8] << 24) | (b[at + 9] << 16) | (b[at + 10] << 8) | b[at + 11];
  const headerLen = (b[at + 12] >>> 4) << 2;
  p.tcpFlags = ((b[at + 12] & 1) << 8) | b[at + 13];
  p.window = (b[at + 14] << 8) | b[at + 15];
  const said = p.l3At + p.ipLen - at;
  p.payloadEnd = end;
  if (headerLen < 20 || headerLen > said) {
    p.l4Ok = 2;
    p.payloadAt = end;
    setProblem(p, length, at, Math.max(headerLen, 20), headerLen < 20 ? headerLen : said);
    return verdict.leaf;
  }
  p.l4Ok = 1;
  p.tcpHeaderLen = headerLen;
  p.payloadLen = said - headerLen;
  const payloadAt = at + headerLen;
  if (payloadAt + p.payloadLen > end) p.payloadLen = payloadOnWire(p, payloadAt, end);
  if (payloadAt > end) {
    p.payloadAt = end;
    setProblem(p, truncated, at, headerLen, end - at);
    return verdict.leaf;
  }
  p.payloadAt = payloadAt;
  // Most segments carry either no options or exactly NOP NOP timestamps, whose lengths need no walk.
  if (headerLen > 20 && !(headerLen === 32 && b[at + 20] === 1 && b[at + 22] === 8 && b[at + 23] === 10)) {
    checkOptions(p, at, payloadAt);
  }
  return verdict.leaf;
}

/**
 * Payload that was not captured counts, but not more of it than the frame had on the wire, whatever IP says; where a
 * container such as PPPoE ends before the capture does, not more than it holds.
 */
function payloadOnWire(p: Packet, payloadAt: number, end: number): number {
  const wireEnd = end < p.end ? end : p.at + p.wireLen;
  return Math.max(0, Math.min(p.payloadLen, wireEnd - payloadAt));
}

/** Every option must end inside the header. */
function checkOptions(p: Packet, tcpAt: number, end: number): void {
  const b = p.bytes;
  let at = tcpAt + 20;
  while (at < end) {
    const kind = b[at];
    if (kind === 0) return;
    if (kind === 1) {
      at++;
      continue;
    }
    const size = at + 1 < end ? b[at + 1] : 0;
    if (size < 2 || size > end - at) {
      setProblem(p, malformed, tcpAt, Math.max(size, 2), size < 2 ? size : end - at);
      return;
    }
    at += size;
  }
}

export const tcp: Header = {
  name: 'tcp',
  title: 'Transmission Control Protocol',
  standard: 'RFC 9293 §3.1',
  after: { ipProtocol: [6] },
  read: readTcp,
};
