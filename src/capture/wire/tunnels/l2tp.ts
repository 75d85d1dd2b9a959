// Layer two tunnelling, version 2, over UDP (RFC 2661 §3.1): the data messages carry PPP.

import { type Packet, verdict } from '../../../core/packet.ts';
import type { Header } from '../tables.ts';
import { inner, openTunnel } from './open-tunnel.ts';

/** Flags of the first byte. */
const isControl = 0x80;
const hasLength = 0x40;
const hasSequence = 0x08;
const hasOffset = 0x02;
const reserved = 0x34;

//  |T L 0 0 S 0 O P|0 0 0 0|version|         length (L)            |
//  |          tunnel id            |          session id           |
//  |       sequence sent (S)       |     sequence expected (S)     |
//  |        offset size (O)        |  padding of that size …       |

/** A tunnel only for data messages of version 2 with zero reserved bits and a PPP header behind. */
function readL2tp(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 8 || (b[at] & (isControl | reserved)) !== 0 || b[at + 1] !== 2) return verdict.leaf;
  const flags = b[at];
  let next = at + 2;
  if ((flags & hasLength) !== 0) {
    const size = (b[next] << 8) | b[next + 1];
    if (size < 8 || size > p.payloadLen) return verdict.leaf;
    next += 2;
  }
  const idsAt = next;
  next += (flags & hasSequence) !== 0 ? 8 : 4;
  if ((flags & hasOffset) !== 0) {
    if (end - next < 2) return verdict.leaf;
    next += 2 + ((b[next] << 8) | b[next + 1]);
  }
  if (!isPpp(b, next, end)) return verdict.leaf;
  p.tunnelId = (b[idsAt] << 24) | (b[idsAt + 1] << 16) | (b[idsAt + 2] << 8) | b[idsAt + 3];
  return openTunnel(p, next, inner.ppp);
}

/** Address and control, or a protocol number: the first byte even and the second odd, or a single odd byte of IP. */
function isPpp(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < 2) return false;
  if (b[at] === 0xff) return b[at + 1] === 3;
  if (b[at] === 0x21 || b[at] === 0x57) return true;
  return (b[at] & 1) === 0 && (b[at + 1] & 1) === 1;
}

export const l2tp: Header = {
  name: 'l2tp',
  title: 'Layer Two Tunnelling Protocol, version 2',
  standard: 'RFC 2661 §3.1',
  after: { udpPort: [1701] },
  read: readL2tp,
};
