// Wrong checksums as problems of a packet.

import { checksumBit, verifyChecksums } from '../../../capture/wire/index.ts';
import { type Packet, problemCode, setProblem } from '../../../core/index.ts';
import type { PacketCounts } from './packet-counts.ts';

const checksumProblems: readonly (readonly [bit: number, code: number])[] = [
  [checksumBit.ipv4, problemCode('ipv4.checksum')],
  [checksumBit.tcp, problemCode('tcp.checksum')],
  [checksumBit.udp, problemCode('udp.checksum')],
  [checksumBit.icmp, problemCode('icmp.checksum')],
  [checksumBit.icmpv6, problemCode('icmpv6.checksum')],
  [checksumBit.sctp, problemCode('sctp.checksum')],
];

/** Verifies the checksums of the level that `p` holds and notes the first wrong one; true when there is one. */
export function noteChecksums(p: Packet, counts: PacketCounts): boolean {
  const bad = verifyChecksums(p);
  if (bad === 0) return false;
  if ((bad & checksumBit.offloaded) !== 0) counts.offloadedChecksums++;
  for (const [bit, code] of checksumProblems) {
    if ((bad & bit) !== 0) setProblem(p, code, bit === checksumBit.ipv4 ? p.l3At : p.l4At, 0, 0);
  }
  return (bad & ~checksumBit.offloaded) !== 0;
}
