// Generic routing encapsulation, version 0 (RFC 2784, 2890, 1701; NVGRE RFC 7637) and version 1 (PPTP, RFC 2637 §4.1).

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import { byEtherType, byGreProtocol, type Header, readers } from '../tables.ts';
import { inner, openTunnel } from './open-tunnel.ts';

const truncated = problemCode('gre.truncated');
const length = problemCode('gre.length');
const wrongVersion = problemCode('gre.version');

/** Flags of the first byte, and the acknowledgment flag of version 1 in the second. */
const hasChecksum = 0x80;
const hasRouting = 0x40;
const hasKey = 0x20;
const hasSequence = 0x10;
const hasAck = 0x80;

//  |C|R|K|S| …   |A| …   |version|         protocol type         |
//  |      checksum (C or R)        |        offset (C or R)        |
//  |                    key (K)                                    |   version 1: payload length, call id
//  |                  sequence (S)                                 |   version 1 with A: acknowledgment behind
//  |  source route entries (R) …                                   |

/** Reads the header; what its protocol type names is a tunnel when we can read it, payload otherwise. */
export function readGre(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 4) return cut(p, at, end, 4);
  const version = b[at + 1] & 7;
  if (version > 1) {
    setProblem(p, wrongVersion, at, 1, version);
    return verdict.leaf;
  }
  const flags = b[at];
  let next = at + 4;
  if (version === 0 && (flags & (hasChecksum | hasRouting)) !== 0) next += 4;
  const keyAt = next;
  if ((flags & hasKey) !== 0) next += 4;
  if ((flags & hasSequence) !== 0) next += 4;
  if (version === 1 && (b[at + 1] & hasAck) !== 0) next += 4;
  if (next > end) return cut(p, at, end, next - at);
  if (version === 0 && (flags & hasRouting) !== 0) next = skipRoutes(p, at, next, end);
  if (next < 0) return verdict.leaf;
  p.l4At = at;
  p.l4Ok = 1;
  p.payloadAt = next;
  p.payloadLen = p.l3At + p.ipLen - next;
  if ((flags & hasKey) !== 0) {
    // A key of all ones reads as none: the field is a signed word.
    p.tunnelId = (b[keyAt] << 24) | (b[keyAt + 1] << 16) | (b[keyAt + 2] << 8) | b[keyAt + 3];
  }
  if (version === 1) return openPptp(p, at, keyAt, next);
  return openProtocol(p, (b[at + 2] << 8) | b[at + 3], next, end);
}

function cut(p: Packet, at: number, end: number, need: number): number {
  const said = p.l3At + p.ipLen - at;
  if (said < need) setProblem(p, length, at, need, said);
  else setProblem(p, truncated, at, need, end - at);
  return verdict.leaf;
}

/** Source route entries: family, offset, length; the last one has length 0. Returns -1 when they are cut. */
function skipRoutes(p: Packet, at: number, first: number, end: number): number {
  const b = p.bytes;
  let next = first;
  while (end - next >= 4) {
    const size = b[next + 3];
    next += 4 + size;
    if (size === 0) return next;
  }
  cut(p, at, end, next + 4 - at);
  return -1;
}

/** A packet that only acknowledges has no payload. */
function openPptp(p: Packet, at: number, keyAt: number, next: number): number {
  const b = p.bytes;
  if (b[at + 2] !== 0x88 || b[at + 3] !== 0x0b || (b[at] & hasKey) === 0) return verdict.leaf;
  const size = (b[keyAt] << 8) | b[keyAt + 1];
  p.tunnelId = (b[keyAt + 2] << 8) | b[keyAt + 3];
  // Without a sequence number there is no payload either.
  return size === 0 || (b[at] & hasSequence) === 0 ? verdict.leaf : openTunnel(p, next, inner.ppp);
}

function openProtocol(p: Packet, protocol: number, at: number, end: number): number {
  const reader = byGreProtocol[protocol];
  if (reader !== 0) return readers[reader](p, at, end);
  return byEtherType[protocol] !== 0 ? openTunnel(p, at, protocol) : verdict.leaf;
}

/** GRE in UDP (RFC 8086): a tunnel only for version 0 with zero reserved bits and a protocol we read. */
function readGreInUdp(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 4 || (b[at] & 0x4f) !== 0 || b[at + 1] !== 0) return verdict.leaf;
  const flags = b[at];
  const keyAt = at + ((flags & hasChecksum) !== 0 ? 8 : 4);
  const next = keyAt + ((flags & hasKey) !== 0 ? 4 : 0) + ((flags & hasSequence) !== 0 ? 4 : 0);
  const protocol = (b[at + 2] << 8) | b[at + 3];
  if (next >= end || byEtherType[protocol] === 0) return verdict.leaf;
  if ((flags & hasKey) !== 0) {
    p.tunnelId = (b[keyAt] << 24) | (b[keyAt + 1] << 16) | (b[keyAt + 2] << 8) | b[keyAt + 3];
  }
  return openTunnel(p, next, protocol);
}

export const greInUdp: Header = {
  name: 'gre-in-udp',
  title: 'GRE in UDP',
  standard: 'RFC 8086 §3',
  after: { udpPort: [4754] },
  read: readGreInUdp,
};

export const gre: Header = {
  name: 'gre',
  title: 'Generic Routing Encapsulation',
  standard: 'RFC 2784, RFC 2890, RFC 2637 §4.1',
  after: { ipProtocol: [47] },
  read: readGre,
};
