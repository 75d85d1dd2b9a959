// Flags that no TCP sends by itself (RFC 9293 §3.5, §3.10.7), by the scan that is known for them (Nmap's -sN, -sF, -sX,
// and its fingerprints).

import { ipProto, type Packet, tcpFlag } from '../../../../core/index.ts';

const { fin, syn, rst, psh, ack, urg } = tcpFlag;
const all = fin | syn | rst | psh | ack | urg;

/** Kinds as bits, so that a source's can be collected in one word. */
export const odd = { none: 0, null: 1, fin: 2, xmas: 4, synFin: 8, synRst: 16, icmpCode: 32, stray: 64 } as const;

/** Kind of a segment with odd flags, 0 when there is nothing odd about it. Fragments prove nothing. */
export function oddKind(p: Packet): number {
  if (p.proto !== ipProto.tcp || p.l4Ok === 0 || p.isFragment === 1 || p.problem !== 0) return odd.none;
  const flags = p.tcpFlags & all;
  if (flags === 0) return odd.null;
  if ((flags & (syn | fin)) === (syn | fin)) return odd.synFin;
  if ((flags & (syn | rst)) === (syn | rst)) return odd.synRst;
  if ((flags & (ack | syn | rst)) !== 0) return odd.none;
  if (flags === fin) return odd.fin;
  return (flags & fin) !== 0 ? odd.xmas : odd.none;
}

/** An echo request with a code, which RFC 792 wants to be 0. */
export function isOddEcho(p: Packet): boolean {
  if (p.l4Ok === 0 || p.icmpCode === 0) return false;
  return p.proto === ipProto.icmp ? p.icmpType === 8 : p.proto === ipProto.icmpv6 && p.icmpType === 128;
}

const names: readonly (readonly [bit: number, name: string])[] = [
  [odd.null, 'no flags (NULL)'],
  [odd.fin, 'FIN alone'],
  [odd.xmas, 'FIN, PSH and URG (Xmas)'],
  [odd.synFin, 'SYN with FIN'],
  [odd.synRst, 'SYN with RST'],
  [odd.icmpCode, 'an echo request with a code'],
  [odd.stray, 'ACK out of nowhere'],
];

/** `SYN with FIN, no flags (NULL)`. */
export function oddNames(kinds: number): string {
  return names
    .filter(([bit]) => (kinds & bit) !== 0)
    .map(([, name]) => name)
    .join(', ');
}
