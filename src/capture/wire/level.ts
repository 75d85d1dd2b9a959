// Starting a frame and starting a level: every field that a reader may leave alone gets its resting value here. Left out
// are only fields that another one declares valid: the rest of a problem, and the numbers of a TCP header.

import type { Packet } from '../../core/packet.ts';

/** Resets the link fields and the problem. */
export function startFrame(p: Packet): void {
  p.net = 0;
  p.etherType = -1;
  p.srcMacAt = -1;
  p.dstMacAt = -1;
  p.vlanTags = 0;
  p.vlanOuter = -1;
  p.vlanInner = -1;
  p.mplsLabel = -1;
  p.pppoeSession = -1;
  p.level = 0;
  p.problem = 0;
}

/** Resets everything that describes one IP level. */
export function startLevel(p: Packet): void {
  p.ipVersion = 0;
  p.l3At = -1;
  p.l3End = -1;
  p.ipLen = 0;
  p.ttl = 0;
  p.tos = 0;
  p.proto = -1;
  p.src0 = 0;
  p.src1 = 0;
  p.src2 = 0;
  p.src3 = 0;
  p.dst0 = 0;
  p.dst1 = 0;
  p.dst2 = 0;
  p.dst3 = 0;
  p.isFragment = 0;
  p.fragOffset = 0;
  p.moreFragments = 0;
  p.fragId = 0;
  p.l4At = -1;
  p.l4Ok = 0;
  p.srcPort = 0;
  p.dstPort = 0;
  p.tcpFlags = 0;
  p.icmpType = 0;
  p.icmpCode = 0;
  p.payloadAt = -1;
  p.payloadLen = 0;
  p.payloadEnd = -1;
  p.innerAt = -1;
  p.innerAs = 0;
  p.tunnelId = -1;
}
