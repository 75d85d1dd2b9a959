// VXLAN (RFC 7348 §5) with group policy (draft-smith-vxlan-group-policy), and VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe).

import { type Packet, verdict } from '../../../core/packet.ts';
import { nshProtocol } from '../link/ethernet-tags.ts';
import type { Header } from '../tables.ts';
import { inner, openTunnel } from './open-tunnel.ts';

//  |G 0 0 0 I 0 0 0|  reserved, or policy flags and group (G)      |  0
//  |          network identifier, 24 bits          |   reserved    |  4

/** A tunnel only with the identifier flag set, the reserved bits zero, and room for an Ethernet header. */
function readVxlan(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  // A next protocol on this port is the later format before it had its own.
  if (end - at >= 8 && (b[at] & 0x04) !== 0) return readVxlanGpe(p, at, end);
  if (end - at < 22 || (b[at] & 0x7f) !== 0x08 || b[at + 7] !== 0) return verdict.leaf;
  const hasPolicy = b[at] === 0x88;
  if (hasPolicy ? (b[at + 1] & 0xb7) !== 0 : (b[at + 1] | b[at + 2] | b[at + 3]) !== 0) return verdict.leaf;
  p.tunnelId = (b[at + 4] << 16) | (b[at + 5] << 8) | b[at + 6];
  return openTunnel(p, at + 8, inner.ethernet);
}

//  |0 0 v v I P B O|     reserved, 16 bits         | next protocol |  0

/** Version 0 with identifier flag; management frames (O) hold no traffic. */
function readVxlanGpe(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 12 || (b[at] & 0xf9) !== 0x08 || (b[at + 1] | b[at + 2] | b[at + 7]) !== 0) return verdict.leaf;
  const hasProtocol = (b[at] & 0x04) !== 0;
  const type = hasProtocol ? nshProtocol(b[at + 3]) : inner.ethernet;
  if (type === 0) return verdict.leaf;
  p.tunnelId = (b[at + 4] << 16) | (b[at + 5] << 8) | b[at + 6];
  return openTunnel(p, at + 8, type);
}

export const vxlan: Header = {
  name: 'vxlan',
  title: 'Virtual Extensible LAN',
  standard: 'RFC 7348 §5',
  // 8472 is what Linux used before the port was assigned.
  after: { udpPort: [4789, 8472] },
  read: readVxlan,
};

export const vxlanGpe: Header = {
  name: 'vxlan-gpe',
  title: 'VXLAN with a next protocol',
  standard: 'draft-ietf-nvo3-vxlan-gpe-13 §3',
  after: { udpPort: [4790] },
  read: readVxlanGpe,
};
