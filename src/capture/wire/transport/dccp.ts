// DCCP generic header (RFC 4340 §5.1).

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readCutPorts } from './ports.ts';

const truncated = problemCode('dccp.truncated');
const length = problemCode('dccp.length');

/** Reads the ports; the data offset, in words, says where the payload begins. */
export function readDccp(p: Packet, at: number, end: number): number {
  if (end - at < 12) return readCutPorts(p, at, end, 12, truncated, length);
  const b = p.bytes;
  p.l4At = at;
  p.srcPort = (b[at] << 8) | b[at + 1];
  p.dstPort = (b[at + 2] << 8) | b[at + 3];
  const said = p.l3At + p.ipLen - at;
  const headerLen = b[at + 4] << 2;
  if (headerLen < 12 || headerLen > said) {
    setProblem(p, length, at, Math.max(headerLen, 12), headerLen < 12 ? headerLen : said);
    p.l4Ok = 2;
    p.payloadAt = end;
    p.payloadLen = 0;
    return verdict.leaf;
  }
  p.l4Ok = 1;
  p.payloadAt = Math.min(at + headerLen, end);
  p.payloadLen = said - headerLen;
  return verdict.leaf;
}

export const dccp: Header = {
  name: 'dccp',
  title: 'Datagram Congestion Control Protocol',
  standard: 'RFC 4340 §5.1',
  after: { ipProtocol: [33] },
  read: readDccp,
};
