// The key of a conversation: both endpoints in one order whoever speaks, and a hash of it.

import { ipProto, type Packet } from '../../core/index.ts';
import { KIND_DOWN } from './flow-row.ts';
import { icmpSecond, isOneWayIcmp } from './icmp-key.ts';

/**
 * Sets the key fields of `p` for the level it holds: the lower endpoint by address, then by port, comes first. For ICMP
 * the type and its counterpart or code stand in for ports; what nothing answers has a key for each way.
 *
 * @param seed makes the hash unguessable for who wants to fill one corner of the index
 */
export function orderKey(p: Packet, seed: number): void {
  let srcPort = p.srcPort;
  let dstPort = p.dstPort;
  let kind = p.proto | (p.ipVersion << 8);
  const proto = p.proto;
  const isV4 = p.ipVersion === 4;
  const src = isV4 ? p.src0 : p.src3;
  const dst = isV4 ? p.dst0 : p.dst3;
  let isDown = src > dst;
  if (src === dst) isDown = compareRest(p) > 0;
  if (proto === ipProto.icmp || proto === ipProto.icmpv6) {
    srcPort = p.l4Ok !== 0 ? p.icmpType : 0;
    dstPort = p.l4Ok !== 0 ? icmpSecond(p) : 0;
    if (p.l4Ok !== 0 && isOneWayIcmp(p)) {
      if (isDown) kind |= KIND_DOWN;
    } else if (src === dst && compareRest(p) === 0) isDown = srcPort > dstPort;
  } else if (src === dst && srcPort > dstPort && compareRest(p) === 0) isDown = true;
  p.keyDir = isDown ? 1 : 0;
  p.keyLow = isDown ? dst : src;
  p.keyHigh = isDown ? src : dst;
  p.keyPorts = isDown ? (dstPort << 16) | srcPort : (srcPort << 16) | dstPort;
  p.keyKind = kind;
  p.keyHash = hashKey(p, isV4 ? 0 : foldV6(p), seed);
}

/** Order of what IPv6 addresses have beyond their last words; 0 for IPv4. */
function compareRest(p: Packet): number {
  if (p.ipVersion === 4) return 0;
  if (p.src0 !== p.dst0) return p.src0 < p.dst0 ? -1 : 1;
  if (p.src1 !== p.dst1) return p.src1 < p.dst1 ? -1 : 1;
  if (p.src2 !== p.dst2) return p.src2 < p.dst2 ? -1 : 1;
  return 0;
}

/** Mixes the first three words of both IPv6 addresses, the same both ways. */
function foldV6(p: Packet): number {
  return (
    Math.imul(p.src0 ^ p.dst0, 0x9e3779b1) ^
    Math.imul(p.src1 ^ p.dst1, 0x85ebca6b) ^
    Math.imul(p.src2 ^ p.dst2, 0xc2b2ae35)
  );
}

function hashKey(p: Packet, fold: number, seed: number): number {
  let h = Math.imul(p.keyLow ^ seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15) ^ p.keyHigh, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ p.keyPorts ^ fold, 0xc2b2ae35);
  h ^= (h >>> 16) ^ Math.imul(p.keyKind, 0x9e3779b1);
  return h ^ (h >>> 15);
}
