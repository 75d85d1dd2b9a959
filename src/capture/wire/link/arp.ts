// Address resolution (RFC 826), and its reverse of the same layout (RFC 903).

import { net, type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';

const truncated = problemCode('arp.truncated');

/** Checks that both address pairs are there and leaves the header's place in `l3At`; there is no flow in it. */
export function readArp(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (p.level === 0) p.net = net.arp;
  if (end - at < 8) {
    setProblem(p, truncated, at, 8, end - at);
    return verdict.noFlow;
  }
  const need = 8 + 2 * (b[at + 4] + b[at + 5]);
  if (end - at < need) {
    setProblem(p, truncated, at, need, end - at);
    return verdict.noFlow;
  }
  p.l3At = at;
  p.l3End = at + need;
  return verdict.noFlow;
}

export const arp: Header = {
  name: 'arp',
  title: 'Address Resolution Protocol',
  standard: 'RFC 826, RFC 903',
  after: { etherType: [0x0806, 0x8035] },
  read: readArp,
};
