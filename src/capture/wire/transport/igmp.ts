// Group membership (IGMP, RFC 1112, 2236, 9776).

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';

const truncated = problemCode('igmp.truncated');
const length = problemCode('igmp.length');

/** Reads the type into `icmpType`; every version has 8 bytes before its sources or group records. */
export function readIgmp(p: Packet, at: number, end: number): number {
  const said = p.l3At + p.ipLen - at;
  if (end - at < 8) {
    if (said < 8) setProblem(p, length, at, 8, said);
    else setProblem(p, truncated, at, 8, end - at);
    return verdict.leaf;
  }
  p.l4At = at;
  p.l4Ok = 1;
  p.icmpType = p.bytes[at];
  p.icmpCode = p.bytes[at + 1];
  p.payloadAt = at + 8;
  p.payloadLen = said - 8;
  return verdict.leaf;
}

export const igmp: Header = {
  name: 'igmp',
  title: 'Internet Group Management Protocol',
  standard: 'RFC 9776',
  after: { ipProtocol: [2] },
  read: readIgmp,
};
