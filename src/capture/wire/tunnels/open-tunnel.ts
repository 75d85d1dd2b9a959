// How a tunnel header hands its payload on: the inner header is named by an EtherType, whatever the tunnel calls it.

import { type Packet, verdict } from '../../../core/packet.ts';

/** EtherTypes that tunnels name their payload with, as far as the code needs to say them. */
export const inner = { ipv4: 0x0800, ipv6: 0x86dd, ethernet: 0x6558, mpls: 0x8847, ppp: 0x880b, nsh: 0x894f } as const;

/**
 * Marks the inner header; the engine counts this level and calls decodeInner. The inner level ends at `p.payloadEnd`.
 * With no inner byte captured there is nothing to descend to, and the level is a leaf.
 */
export function openTunnel(p: Packet, innerAt: number, etherType: number): number {
  if (innerAt >= p.payloadEnd) return verdict.leaf;
  p.innerAt = innerAt;
  p.innerAs = etherType;
  return verdict.tunnel;
}

/**
 * EtherType of an IP datagram by its first nibble, 0 when it can be none. For tunnels on a UDP port, where ordinary
 * traffic must not be taken for a tunnel: beyond the nibble, the lengths in the header have to fit `room`.
 *
 * @param room bytes of the payload as the outer headers say, not as captured
 */
export function plausibleIp(p: Packet, at: number, end: number, room: number): number {
  const b = p.bytes;
  if (end - at < 20) return 0;
  const version = b[at] >>> 4;
  if (version === 4) {
    const headerLen = (b[at] & 15) << 2;
    const length = (b[at + 2] << 8) | b[at + 3];
    return headerLen >= 20 && length >= headerLen && length <= room ? inner.ipv4 : 0;
  }
  if (version === 6) return 40 + ((b[at + 4] << 8) | b[at + 5]) <= room ? inner.ipv6 : 0;
  return 0;
}
