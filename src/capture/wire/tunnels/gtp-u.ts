// GPRS tunnelling, user plane (3GPP TS 29.281 §5).

import { type Packet, verdict } from '../../../core/packet.ts';
import type { Header } from '../tables.ts';
import { openTunnel, plausibleIp } from './open-tunnel.ts';

/** Message type of a user packet. */
const tPdu = 0xff;

//  |version|P|0|E|S|N| message type |            length            |  0   length behind the first 8 bytes
//  |                  tunnel endpoint identifier                   |  4
//  |      sequence (S)     | N-PDU (N) |  next extension type (E)  |  8   all four bytes when any of E, S, N is set
//  |  extensions: length in words, contents, next extension type … |

/** A tunnel only for version 1, protocol type 1, a length that fits, and an IP header inside. */
function readGtpU(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 8 || (b[at] & 0xf0) !== 0x30 || b[at + 1] !== tPdu) return verdict.leaf;
  const size = ((b[at + 2] << 8) | b[at + 3]) + 8;
  if (size > p.payloadLen) return verdict.leaf;
  let next = at + 8;
  if ((b[at] & 7) !== 0) {
    next += 4;
    if (next > end) return verdict.leaf;
    let extension = (b[at] & 4) !== 0 ? b[next - 1] : 0;
    while (extension !== 0) {
      const words = next < end ? b[next] : 0;
      next += words << 2;
      if (words === 0 || next > end) return verdict.leaf;
      extension = b[next - 1];
    }
  }
  const ip = plausibleIp(p, next, end, at + size - next);
  if (ip === 0) return verdict.leaf;
  p.tunnelId = (b[at + 4] << 24) | (b[at + 5] << 16) | (b[at + 6] << 8) | b[at + 7];
  return openTunnel(p, next, ip);
}

export const gtpU: Header = {
  name: 'gtp-u',
  title: 'GPRS Tunnelling Protocol, user plane',
  standard: '3GPP TS 29.281 §5',
  after: { udpPort: [2152] },
  read: readGtpU,
};
