// Which of several workers counts a frame of a file that all of them read.

import type { Packet } from '../../../core/index.ts';

/** In place of a verdict: another worker counts this frame. */
export const notOurs = -1;

/** Both ways of a conversation, and all conversations of two hosts, go to one worker; what is no IP to the first. */
export function isOfShard(p: Packet, shard: number, shards: number): boolean {
  if (p.ipVersion === 0) return shard === 0;
  const mixed = p.src0 ^ p.dst0 ^ p.src1 ^ p.dst1 ^ p.src2 ^ p.dst2 ^ p.src3 ^ p.dst3;
  return (Math.imul(mixed ^ (mixed >>> 16), 0x9e3779b1) >>> 16) % shards === shard;
}
