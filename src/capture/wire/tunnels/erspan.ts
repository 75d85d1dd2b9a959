// Mirrored frames in GRE: ERSPAN types I, II and III (draft-foschiano-erspan), and WCCP redirection.

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { inner, openTunnel, plausibleIp } from './open-tunnel.ts';

const truncated = problemCode('erspan.truncated');

//  II    |version| VLAN, 12 | class, 3 | en, 2 |T| session, 10 |  reserved, 12 | index, 20 |
//  III   |version| VLAN, 12 | class, 3 |B, 2|T| session, 10 | timestamp, 32 | group, 16 |P| type, 5 | hardware, 6 |D|G, 2|O|
//        | platform header, 64 (when O is 1) |

/** Type I has no header; what tells it from type II is that GRE carries no sequence number. */
function readErspan(p: Packet, at: number, end: number): number {
  const hasSequence = (p.bytes[p.l4At] & 0x10) !== 0;
  if (!hasSequence) return openTunnel(p, at, inner.ethernet);
  if (end - at < 8) {
    setProblem(p, truncated, at, 8, end - at);
    return verdict.leaf;
  }
  p.tunnelId = ((p.bytes[at + 2] & 3) << 8) | p.bytes[at + 3];
  return openTunnel(p, at + 8, inner.ethernet);
}

function readErspan3(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  const size = end - at >= 12 && (b[at + 11] & 1) !== 0 ? 20 : 12;
  if (end - at < size) {
    setProblem(p, truncated, at, size, end - at);
    return verdict.leaf;
  }
  p.tunnelId = ((b[at + 2] & 3) << 8) | b[at + 3];
  const type = (b[at + 10] >>> 2) & 0x1f;
  if (type === 0) return openTunnel(p, at + size, inner.ethernet);
  const ip = type === 2 ? plausibleIp(p, at + size, end, p.payloadLen - size) : 0;
  return ip === 0 ? verdict.leaf : openTunnel(p, at + size, ip);
}

/** WCCP version 1 has the datagram at once, version 2 a 4-byte header before it. */
function readWccp(p: Packet, at: number, end: number): number {
  let ip = plausibleIp(p, at, end, p.payloadLen);
  if (ip !== 0) return openTunnel(p, at, ip);
  ip = plausibleIp(p, at + 4, end, p.payloadLen - 4);
  return ip === 0 ? verdict.leaf : openTunnel(p, at + 4, ip);
}

export const erspan: Header = {
  name: 'erspan',
  title: 'Encapsulated remote SPAN, types I and II',
  standard: 'draft-foschiano-erspan-03 §4.1, §4.2',
  after: { greProtocol: [0x88be] },
  read: readErspan,
};

export const erspan3: Header = {
  name: 'erspan3',
  title: 'Encapsulated remote SPAN, type III',
  standard: 'draft-foschiano-erspan-03 §4.3',
  after: { greProtocol: [0x22eb] },
  read: readErspan3,
};

export const wccp: Header = {
  name: 'wccp',
  title: 'Web cache redirection',
  standard: 'draft-mclaggan-wccp-v2rev1 §4.12',
  after: { greProtocol: [0x883e] },
  read: readWccp,
};
