// SCTP common header (RFC 9260 §3.1).

import { type Packet, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readCutPorts } from './ports.ts';

const truncated = problemCode('sctp.truncated');
const length = problemCode('sctp.length');

//  |          source port          |       destination port        |  0
//  |                       verification tag                        |  4
//  |                            CRC32c                             |  8
//  |  chunks …                                                       12

/** Reads the ports; the chunks are payload. */
export function readSctp(p: Packet, at: number, end: number): number {
  if (end - at < 12) return readCutPorts(p, at, end, 12, truncated, length);
  const b = p.bytes;
  p.l4At = at;
  p.l4Ok = 1;
  p.srcPort = (b[at] << 8) | b[at + 1];
  p.dstPort = (b[at + 2] << 8) | b[at + 3];
  p.payloadAt = at + 12;
  p.payloadLen = p.l3At + p.ipLen - at - 12;
  return verdict.leaf;
}

export const sctp: Header = {
  name: 'sctp',
  title: 'Stream Control Transmission Protocol',
  standard: 'RFC 9260 §3.1',
  after: { ipProtocol: [132] },
  read: readSctp,
};
