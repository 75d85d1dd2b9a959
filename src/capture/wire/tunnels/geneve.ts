// Generic network virtualization encapsulation (RFC 8926 §3.4).

import { type Packet, verdict } from '../../../core/packet.ts';
import { byEtherType, type Header } from '../tables.ts';
import { openTunnel } from './open-tunnel.ts';

//  |version| options, 6 |O|C| reserved, 6 |     protocol type      |  0   options in words
//  |          network identifier, 24 bits          |   reserved    |  4
//  |  options: class, 2; type, 1; length in words, 1; data …       |  8

/** A tunnel only with version 0, zero reserved bits, a protocol we read, and options that end where they should. */
function readGeneve(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 8 || b[at] >>> 6 !== 0 || (b[at + 1] & 0xbf) !== 0 || b[at + 7] !== 0) return verdict.leaf;
  const type = (b[at + 2] << 8) | b[at + 3];
  const payloadAt = at + 8 + ((b[at] & 0x3f) << 2);
  if (byEtherType[type] === 0 || payloadAt >= end) return verdict.leaf;
  let option = at + 8;
  while (payloadAt - option >= 4) option += 4 + ((b[option + 3] & 0x1f) << 2);
  if (option !== payloadAt) return verdict.leaf;
  p.tunnelId = (b[at + 4] << 16) | (b[at + 5] << 8) | b[at + 6];
  return openTunnel(p, payloadAt, type);
}

export const geneve: Header = {
  name: 'geneve',
  title: 'Generic Network Virtualization Encapsulation',
  standard: 'RFC 8926 §3.4',
  after: { udpPort: [6081] },
  read: readGeneve,
};
