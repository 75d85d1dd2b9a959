// ICMP (RFC 792) and ICMPv6 (RFC 4443, neighbour discovery RFC 4861): type, code, and what follows the first 8 bytes.

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';

const icmpTruncated = problemCode('icmp.truncated');
const icmpLength = problemCode('icmp.length');
const icmpv6Truncated = problemCode('icmpv6.truncated');
const icmpv6Length = problemCode('icmpv6.length');

/** Every message of both protocols has 4 bytes of type, code, checksum and at least 4 of its own. */
const headerLen = 8;

function readMessage(p: Packet, at: number, end: number, truncated: number, length: number): number {
  const b = p.bytes;
  const have = end - at;
  const said = p.l3At + p.ipLen - at;
  p.payloadAt = end;
  p.payloadEnd = end;
  p.payloadLen = said > headerLen ? said - headerLen : 0;
  if (have >= 2) {
    p.l4At = at;
    p.icmpType = b[at];
    p.icmpCode = b[at + 1];
  }
  if (have < headerLen) {
    if (said < headerLen) setProblem(p, length, at, headerLen, said);
    else setProblem(p, truncated, at, headerLen, have);
    return verdict.leaf;
  }
  p.l4Ok = 1;
  p.payloadAt = at + headerLen;
  return verdict.leaf;
}

/** Reads type and code. The packet quoted by an error message is payload, not a level. */
export function readIcmp(p: Packet, at: number, end: number): number {
  return readMessage(p, at, end, icmpTruncated, icmpLength);
}

/** As {@link readIcmp}; the body of neighbour discovery begins at `l4At + 4`. */
export function readIcmpv6(p: Packet, at: number, end: number): number {
  return readMessage(p, at, end, icmpv6Truncated, icmpv6Length);
}

export const icmp: Header = {
  name: 'icmp',
  title: 'Internet Control Message Protocol',
  standard: 'RFC 792',
  after: { ipProtocol: [1] },
  read: readIcmp,
};

export const icmpv6: Header = {
  name: 'icmpv6',
  title: 'Internet Control Message Protocol for IPv6',
  standard: 'RFC 4443, RFC 4861',
  after: { ipProtocol: [58] },
  read: readIcmpv6,
};
