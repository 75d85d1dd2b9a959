// Internet checksums (RFC 1071) of IPv4, TCP, UDP, UDP-Lite, ICMP and ICMPv6, and SCTP's CRC32c, verified on request.

import type { Packet } from '../../core/packet.ts';
import { crc32c } from './crc32c.ts';

/** What {@link verifyChecksums} found; bits of one number. */
export const checksumBit = {
  ipv4: 1,
  tcp: 2,
  udp: 4,
  icmp: 8,
  icmpv6: 16,
  sctp: 32,
  /** The field was left for the network card to fill in: neither good nor bad. */
  offloaded: 64,
} as const;

/** Longest IP datagram of plain Ethernet. A longer one was often put together by the host: its checksum says nothing. */
const usualMtu = 1500;

/**
 * Verifies the level decoded last.
 *
 * @returns the bits of {@link checksumBit} for checksums that are wrong, and `offloaded`; 0 when all that can be checked
 *   are right. Fragments, cut segments, and packets on a source route are not checked beyond the IPv4 header.
 */
export function verifyChecksums(p: Packet): number {
  let found = 0;
  if (p.ipVersion === 4) found = verifyIpv4Header(p);
  if (p.ipVersion === 0 || p.isFragment !== 0 || p.l4Ok !== 1 || p.l3At + p.ipLen > p.l3End) return found;
  const at = p.l4At;
  const size = p.l3At + p.ipLen - at;
  switch (p.proto) {
    case 6:
      return found | verifyTcp(p, at, size);
    case 17:
      return found | verifyUdp(p, at, size);
    case 136:
      return found | verifyUdpLite(p, at, size);
    case 1:
      return found | (isSum(sum(p.bytes, at, at + size, 0)) ? 0 : checksumBit.icmp);
    case 58:
      return found | verifyIcmpv6(p, at, size);
    case 132:
      return found | verifySctp(p, at, size);
    default:
      return found;
  }
}

function verifyIpv4Header(p: Packet): number {
  const b = p.bytes;
  const headerLen = (b[p.l3At] & 15) << 2;
  const end = p.l3At + headerLen;
  if (end > p.l3End || isSum(sum(b, p.l3At, end, 0))) return 0;
  // A header whose sum or length is still zero waits for the card to finish it.
  const field = (b[p.l3At + 10] << 8) | b[p.l3At + 11];
  const length = (b[p.l3At + 2] << 8) | b[p.l3At + 3];
  return field === 0 || length === 0 ? checksumBit.offloaded : checksumBit.ipv4;
}

function verifyTcp(p: Packet, at: number, size: number): number {
  if (hasSourceRoute(p)) return 0;
  const field = (p.bytes[at + 16] << 8) | p.bytes[at + 17];
  return judge(p, at, size, 6, field, checksumBit.tcp);
}

function verifyUdp(p: Packet, at: number, size: number): number {
  const b = p.bytes;
  const field = (b[at + 6] << 8) | b[at + 7];
  const length = (b[at + 4] << 8) | b[at + 5];
  // Over IPv4 0 means that the sender made none; over IPv6 it is allowed for tunnels (RFC 6935).
  if (field === 0) return p.ipVersion === 4 || p.innerAt >= 0 ? 0 : checksumBit.udp;
  if (hasSourceRoute(p)) return 0;
  return judge(p, at, length === 0 ? size : length, 17, field, checksumBit.udp);
}

/** UDP-Lite sums only the bytes that its coverage field names, 0 for all; the pseudo-header has the whole length. */
function verifyUdpLite(p: Packet, at: number, size: number): number {
  if (hasSourceRoute(p)) return 0;
  const b = p.bytes;
  const coverage = (b[at + 4] << 8) | b[at + 5];
  const covered = coverage === 0 || coverage > size ? size : coverage;
  return isSum(sum(b, at, at + covered, pseudoHeader(p, 136, size))) ? 0 : checksumBit.udp;
}

function verifyIcmpv6(p: Packet, at: number, size: number): number {
  if (hasSourceRoute(p)) return 0;
  const field = (p.bytes[at + 2] << 8) | p.bytes[at + 3];
  return judge(p, at, size, 58, field, checksumBit.icmpv6);
}

/** Zero stands for a card that fills it in, or for a peer that accepts none (RFC 9653). */
function verifySctp(p: Packet, at: number, size: number): number {
  const b = p.bytes;
  // The CRC is the only little-endian field of the protocol.
  const field = b[at + 8] | (b[at + 9] << 8) | (b[at + 10] << 16) | (b[at + 11] << 24);
  if (field === crc32c(b, at, at + size, at + 8)) return 0;
  return field === 0 ? checksumBit.offloaded : checksumBit.sctp;
}

/** Sums segment and pseudo-header; a field that holds just the pseudo-header's sum was left to the card. */
function judge(p: Packet, at: number, size: number, proto: number, field: number, bit: number): number {
  const pseudo = pseudoHeader(p, proto, size);
  if (isSum(sum(p.bytes, at, at + size, pseudo))) return 0;
  const withoutSize = pseudoHeader(p, proto, 0);
  if (field === fold(pseudo) || field === fold(withoutSize)) return checksumBit.offloaded;
  return p.ipLen > usualMtu ? checksumBit.offloaded : bit;
}

/** True when the pseudo-header's destination is not the one in the IP header: a source route with hops left. */
function hasSourceRoute(p: Packet): boolean {
  const b = p.bytes;
  if (p.ipVersion === 6) return hasRoutingHeader(p);
  const end = p.l3At + ((b[p.l3At] & 15) << 2);
  let at = p.l3At + 20;
  while (at + 2 < end && b[at] !== 0) {
    if ((b[at] === 131 || b[at] === 137) && b[at + 2] <= b[at + 1]) return true;
    if (b[at] !== 1 && b[at + 1] < 2) return false;
    at += b[at] === 1 ? 1 : b[at + 1];
  }
  return false;
}

/** Extension headers up to the transport header were walked before, so their lengths are known to hold. */
function hasRoutingHeader(p: Packet): boolean {
  const b = p.bytes;
  let next = b[p.l3At + 6];
  let at = p.l3At + 40;
  while (at + 4 <= p.l4At) {
    if (next === 43 && b[at + 3] !== 0) return true;
    const size = next === 51 ? (b[at + 1] + 2) << 2 : next === 44 ? 8 : (b[at + 1] + 1) << 3;
    next = b[at];
    at += size;
  }
  return false;
}

/** Sum of the pseudo-header (RFC 9293 §3.1, RFC 8200 §8.1); unfolded. */
function pseudoHeader(p: Packet, proto: number, size: number): number {
  let s = proto + (size >>> 16) + (size & 0xffff);
  s += (p.src0 >>> 16) + (p.src0 & 0xffff) + (p.dst0 >>> 16) + (p.dst0 & 0xffff);
  if (p.ipVersion === 4) return s;
  s += (p.src1 >>> 16) + (p.src1 & 0xffff) + (p.src2 >>> 16) + (p.src2 & 0xffff);
  s += (p.src3 >>> 16) + (p.src3 & 0xffff) + (p.dst1 >>> 16) + (p.dst1 & 0xffff);
  return s + (p.dst2 >>> 16) + (p.dst2 & 0xffff) + (p.dst3 >>> 16) + (p.dst3 & 0xffff);
}

/** Sum of 16-bit words of `b[at, end)` onto `start`; an odd last byte is padded with zero. */
function sum(b: Uint8Array, at: number, end: number, start: number): number {
  let s = start;
  let i = at;
  // 8 bytes a round; 64 KiB of 0xffff stay below 2^31, jumbograms are folded on the way.
  for (const last = end - 7; i < last; i += 8) {
    s += ((b[i] << 8) | b[i + 1]) + ((b[i + 2] << 8) | b[i + 3]) + ((b[i + 4] << 8) | b[i + 5]);
    s += (b[i + 6] << 8) | b[i + 7];
    if (s > 0x3fffffff) s = (s & 0xffff) + (s >>> 16);
  }
  for (; i + 1 < end; i += 2) s += (b[i] << 8) | b[i + 1];
  if (i < end) s += b[i] << 8;
  return s;
}

function fold(s: number): number {
  let folded = (s & 0xffff) + (s >>> 16);
  folded = (folded & 0xffff) + (folded >>> 16);
  return folded;
}

/** A right checksum makes the sum all ones. */
function isSum(s: number): boolean {
  return fold(s) === 0xffff;
}
