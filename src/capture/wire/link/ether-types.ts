// From an EtherType to the header it announces: IPv4 and IPv6 are called directly, others through the table.

import { net, type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import { readIpv4 } from '../network/ipv4.ts';
import { readIpv6 } from '../network/ipv6.ts';
import { byEtherType, readers } from '../tables.ts';

const tooDeep = problemCode('link.depth');

/** Tags, labels and pseudowires that may follow one another before the network layer. */
const depthLimit = 16;

/** How many link headers of this level are being read; back at 0 whenever decoding returns. */
let depth = 0;

/** Reads what an EtherType announces. At level 0 it becomes the frame's tag; an inner tag replaces it. */
export function readEtherType(p: Packet, etherType: number, at: number, end: number): number {
  if (p.level === 0) {
    p.etherType = etherType;
    p.net = etherType === 0x0800 ? net.ipv4 : etherType === 0x86dd ? net.ipv6 : net.other;
  }
  if (etherType === 0x0800) return readIpv4(p, at, end);
  if (etherType === 0x86dd) return readIpv6(p, at, end);
  const reader = byEtherType[etherType];
  if (reader === 0) return verdict.noFlow;
  if (depth >= depthLimit) {
    setProblem(p, tooDeep, at, depthLimit, depth);
    return verdict.noFlow;
  }
  depth++;
  const result = readers[reader](p, at, end);
  depth--;
  return result;
}

/** Reads an IP datagram whose version only its first nibble tells. */
export function readIpByNibble(p: Packet, at: number, end: number, otherwise: number): number {
  const version = at < end ? p.bytes[at] >>> 4 : 0;
  if (version === 4) return readEtherType(p, 0x0800, at, end);
  if (version === 6) return readEtherType(p, 0x86dd, at, end);
  setProblem(p, otherwise, at, 4, version);
  return verdict.noFlow;
}
