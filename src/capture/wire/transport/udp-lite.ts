// UDP-Lite header (RFC 3828 §3.1): UDP with a checksum coverage in place of the length.

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readCutPorts } from './ports.ts';

const truncated = problemCode('udp-lite.truncated');
const length = problemCode('udp-lite.length');

/** Reads the ports. A coverage of 1 to 7 is forbidden, as is one beyond the datagram. */
export function readUdpLite(p: Packet, at: number, end: number): number {
  if (end - at < 8) return readCutPorts(p, at, end, 8, truncated, length);
  const b = p.bytes;
  p.l4At = at;
  p.srcPort = (b[at] << 8) | b[at + 1];
  p.dstPort = (b[at + 2] << 8) | b[at + 3];
  const said = p.l3At + p.ipLen - at;
  const coverage = (b[at + 4] << 8) | b[at + 5];
  const isSound = coverage === 0 || (coverage >= 8 && (coverage <= said || p.isFragment !== 0));
  if (!isSound) setProblem(p, length, at, Math.max(coverage, 8), coverage < 8 ? coverage : said);
  p.l4Ok = isSound ? 1 : 2;
  p.payloadAt = at + 8;
  p.payloadLen = said - 8;
  return verdict.leaf;
}

export const udpLite: Header = {
  name: 'udp-lite',
  title: 'Lightweight User Datagram Protocol',
  standard: 'RFC 3828 §3.1',
  after: { ipProtocol: [136] },
  read: readUdpLite,
};
