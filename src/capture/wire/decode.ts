// The entry points of decoding: a frame, the level inside the one just decoded, a datagram put together elsewhere.

import { type Packet, setProblem, verdict } from '../../core/packet.ts';
import { problemCode } from '../../core/problems.ts';
import { startFrame, startLevel } from './level.ts';
import { readEtherType } from './link/ether-types.ts';
import { readEthernet } from './link/ethernet.ts';
import { readIpv4 } from './network/ipv4.ts';
import { readIpv6 } from './network/ipv6.ts';
import { byLinkType, readers } from './tables.ts';

const unknownLink = problemCode('linktype.unknown');
const tunnelDepth = problemCode('tunnel.depth');
const ipVersion = problemCode('ip.version');

/** Levels of one frame that are decoded, the outermost included. */
export const levelLimit = 8;

/**
 * Decodes a frame up to the transport header of its outermost IP level. The caller has set bytes, at, end, wireLen and
 * linkType; everything else that decoding says is reset first.
 */
export function decode(p: Packet): number {
  startFrame(p);
  startLevel(p);
  if (p.linkType === 1) return readEthernet(p, p.at, p.end);
  const reader = p.linkType < byLinkType.length ? byLinkType[p.linkType] : 0;
  if (reader === 0) {
    setProblem(p, unknownLink, p.at, 0, 0);
    return verdict.noFlow;
  }
  return readers[reader](p, p.at, p.end);
}

/**
 * Decodes the level at `p.innerAt`, after decode or decodeInner returned `verdict.tunnel`. Link fields stay those of the
 * outermost level.
 */
export function decodeInner(p: Packet): number {
  const at = p.innerAt;
  const end = p.payloadEnd;
  const as = p.innerAs;
  startLevel(p);
  if (at < 0) return verdict.noFlow;
  if (p.level + 1 >= levelLimit) {
    setProblem(p, tunnelDepth, at, levelLimit, p.level + 2);
    return verdict.noFlow;
  }
  p.level++;
  return readEtherType(p, as, at, end);
}

/**
 * Decodes an IP datagram at an offset of `p.bytes` as the current level, for reassembled datagrams. Its header must no
 * longer say that it is a fragment (IPv6: a fragment header with offset 0 and no more fragments may stay), and its length
 * field must be that of the whole.
 */
export function decodeIp(p: Packet, at: number, end: number): number {
  startLevel(p);
  const version = at < end ? p.bytes[at] >>> 4 : 0;
  if (version === 4) return readIpv4(p, at, end);
  if (version === 6) return readIpv6(p, at, end);
  setProblem(p, ipVersion, at, 4, version);
  return verdict.noFlow;
}
