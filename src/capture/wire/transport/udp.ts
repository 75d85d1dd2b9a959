// UDP header (RFC 768); length 0 as in jumbograms (RFC 2675 §4); hands known tunnel ports on.

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import { byUdpPort, type Header, readers } from '../tables.ts';
import { readCutPorts } from './ports.ts';

const truncated = problemCode('udp.truncated');
const length = problemCode('udp.length');

/** Longest datagram whose length fits the field. */
const fieldMax = 65535;

/** Reads ports and the payload's place; `end` is `p.l3End`. A tunnel's reader decides itself whether it is one. */
export function readUdp(p: Packet, udpAt: number, end: number): number {
  const at = udpAt & 0x3fffffff;
  if (end - at < 8) return readCutPorts(p, at, end, 8, truncated, length);
  const b = p.bytes;
  p.l4At = at;
  const srcPort = (b[at] << 8) | b[at + 1];
  const dstPort = (b[at + 2] << 8) | b[at + 3];
  p.srcPort = srcPort;
  p.dstPort = dstPort;
  const said = p.l3At + p.ipLen - at;
  let size = (b[at + 4] << 8) | b[at + 5];
  // A first fragment holds less than the length says; a length of 0 is allowed where the field is too small.
  if (p.isFragment !== 0 || (size === 0 && said > fieldMax)) size = said;
  if (size < 8 || size > said) {
    p.l4Ok = 2;
    p.payloadAt = end;
    p.payloadEnd = end;
    setProblem(p, length, at, Math.max(size, 8), size < 8 ? size : said);
    return verdict.leaf;
  }
  const payloadAt = at + 8;
  const payloadEnd = Math.min(at + size, end);
  p.l4Ok = 1;
  p.payloadAt = payloadAt;
  p.payloadLen = size - 8;
  p.payloadEnd = payloadEnd;
  const tunnel = byUdpPort[dstPort] || byUdpPort[srcPort];
  if (tunnel !== 0) return readers[tunnel](p, payloadAt, payloadEnd);
  return verdict.leaf;
}

export const udp: Header = {
  name: 'udp',
  title: 'User Datagram Protocol',
  standard: 'RFC 768',
  after: { ipProtocol: [17] },
  read: readUdp,
};
