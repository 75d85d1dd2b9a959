// Encapsulating security payload (RFC 4303 §2): encrypted, so a leaf; its index is no port.

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';

const truncated = problemCode('esp.truncated');
const length = problemCode('esp.length');

/** Checks that security parameters index and sequence number are there; the index is at `l4At`. */
export function readEsp(p: Packet, at: number, end: number): number {
  const said = p.l3At + p.ipLen - at;
  if (end - at < 8) {
    if (said < 8) setProblem(p, length, at, 8, said);
    else setProblem(p, truncated, at, 8, end - at);
    return verdict.leaf;
  }
  p.l4At = at;
  p.l4Ok = 1;
  p.payloadAt = at + 8;
  p.payloadLen = said - 8;
  return verdict.leaf;
}

export const esp: Header = {
  name: 'esp',
  title: 'Encapsulating Security Payload',
  standard: 'RFC 4303 §2',
  after: { ipProtocol: [50] },
  read: readEsp,
};
