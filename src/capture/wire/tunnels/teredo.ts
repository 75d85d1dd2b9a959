// Teredo: IPv6 over UDP through address translation (RFC 4380 §5.1.1).

import { type Packet, verdict } from '../../../core/packet.ts';
import type { Header } from '../tables.ts';
import { inner, openTunnel, plausibleIp } from './open-tunnel.ts';

//  authentication   | 0x00 0x01 | id length, 1 | value length, 1 | id | value | nonce, 8 | confirmation, 1 |
//  origin           | 0x00 0x00 | port, 2 | address, 4 |
//  both optional, in this order, before the IPv6 header

/** A tunnel only when a whole IPv6 header follows whose addresses are Teredo's or local to the link. */
function readTeredo(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  let next = at;
  if (end - next >= 4 && b[next] === 0 && b[next + 1] === 1) next += 13 + b[next + 2] + b[next + 3];
  if (end - next >= 8 && b[next] === 0 && b[next + 1] === 0) next += 8;
  if (end - next < 40) return verdict.leaf;
  const isIpv6 = plausibleIp(p, next, end, p.payloadLen - (next - at)) === inner.ipv6;
  if (!isIpv6 || !(isTeredoOrLocal(b, next + 8) || isTeredoOrLocal(b, next + 24))) return verdict.leaf;
  return openTunnel(p, next, inner.ipv6);
}

/** 2001:0::/32, or fe80::/10 as in router solicitations. */
function isTeredoOrLocal(b: Uint8Array, at: number): boolean {
  if (b[at] === 0x20) return b[at + 1] === 1 && b[at + 2] === 0 && b[at + 3] === 0;
  return b[at] === 0xfe && (b[at + 1] & 0xc0) === 0x80;
}

export const teredo: Header = {
  name: 'teredo',
  title: 'Teredo',
  standard: 'RFC 4380 §5.1.1',
  after: { udpPort: [3544] },
  read: readTeredo,
};
