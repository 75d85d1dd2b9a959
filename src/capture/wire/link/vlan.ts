// VLAN tags (IEEE 802.1Q §9), stacked by 802.1ad and by the older 0x9100.

import { net, type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readTypeOrLength } from './ethernet.ts';

const truncated = problemCode('vlan.truncated');

//  | prio |D|      VLAN id      |        type or length         |   … the tag protocol id before it is already read

/** Reads the tag that follows its EtherType; `at` is the first byte of the tag control information. */
export function readVlan(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (p.level === 0) {
    p.etherType = (b[at - 2] << 8) | b[at - 1];
    p.net = net.other;
  }
  if (end - at < 4) {
    setProblem(p, truncated, at, 4, end - at);
    return verdict.noFlow;
  }
  // Tags inside a pseudowire belong to the customer's frame, not to this link.
  if (p.level === 0 && p.mplsLabel < 0) {
    const vlan = ((b[at] & 15) << 8) | b[at + 1];
    if (p.vlanTags === 0) p.vlanOuter = vlan;
    p.vlanInner = vlan;
    p.vlanTags++;
  }
  return readTypeOrLength(p, (b[at + 2] << 8) | b[at + 3], at + 4, end);
}

export const vlan: Header = {
  name: 'vlan',
  title: 'VLAN tag',
  standard: 'IEEE 802.1Q §9',
  after: { etherType: [0x8100, 0x88a8, 0x9100, 0x9200] },
  read: readVlan,
};
