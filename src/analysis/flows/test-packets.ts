// Decoded packets made by hand, for the tests of this folder.

import { Packet } from '../../core/index.ts';

export interface Told {
  readonly src: string;
  readonly dst: string;
  readonly sport?: number;
  readonly dport?: number;
  readonly proto?: number;
  readonly flags?: number;
  readonly seq?: number;
  readonly ack?: number;
  readonly payload?: number;
  readonly sec?: number;
  readonly ttl?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  readonly number?: number;
}

/** The 32-bit words of an address in text: dotted quad, or eight full IPv6 groups. */
export function wordsOf(text: string): number[] {
  if (!text.includes(':')) {
    const [a, b, c, d] = text.split('.').map(Number);
    return [(a << 24) | (b << 16) | (c << 8) | d, 0, 0, 0];
  }
  const groups = text.split(':').map((group) => Number.parseInt(group, 16));
  return [0, 2, 4, 6].map((i) => (groups[i] << 16) | groups[i + 1]);
}

let count = 0;

/** A TCP segment unless told otherwise, decoded and sound. */
export function packet(told: Told): Packet {
  const p = new Packet();
  [p.src0, p.src1, p.src2, p.src3] = wordsOf(told.src);
  [p.dst0, p.dst1, p.dst2, p.dst3] = wordsOf(told.dst);
  p.ipVersion = told.src.includes(':') ? 6 : 4;
  p.proto = told.proto ?? 6;
  p.srcPort = told.sport ?? 0;
  p.dstPort = told.dport ?? 0;
  p.tcpFlags = told.flags ?? 16;
  p.seq = told.seq ?? 0;
  p.ack = told.ack ?? 0;
  p.payloadLen = told.payload ?? 0;
  p.ipLen = 40 + p.payloadLen;
  p.wireLen = p.ipLen + 14;
  p.timeUs = (told.sec ?? 0) * 1e6;
  p.ttl = told.ttl ?? 64;
  p.icmpType = told.icmpType ?? 0;
  p.icmpCode = told.icmpCode ?? 0;
  p.l4Ok = 1;
  p.number = told.number ?? ++count;
  return p;
}
