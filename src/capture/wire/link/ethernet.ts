// Ethernet II and IEEE 802.3 frames (IEEE 802.3 §3.1).

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readEtherType } from './ether-types.ts';
import { readLlc } from './llc.ts';
import { readVlan } from './vlan.ts';

const truncated = problemCode('ethernet.truncated');
const length = problemCode('ethernet.length');

/** Smallest EtherType; below it the field is the length of an 802.3 frame. */
const etherTypeMin = 0x0600;

//  |  destination, 6 bytes  |  source, 6 bytes  | type or length |  payload …

/** Reads a frame. Only the outermost one of the outermost level leaves its addresses in the packet. */
export function readEthernet(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 14) {
    setProblem(p, truncated, at, 14, end - at);
    return verdict.noFlow;
  }
  if (p.level === 0 && p.dstMacAt < 0) {
    p.dstMacAt = at;
    p.srcMacAt = at + 6;
  }
  const type = (b[at + 12] << 8) | b[at + 13];
  if (type === 0x8100) return readVlan(p, at + 14, end);
  return readTypeOrLength(p, type, at + 14, end);
}

/** Reads behind the last two bytes of an Ethernet header or VLAN tag: an EtherType or an 802.3 length. */
export function readTypeOrLength(p: Packet, type: number, at: number, end: number): number {
  if (type >= etherTypeMin) return readEtherType(p, type, at, end);
  if (at + type <= end) return readLlc(p, at, at + type);
  if (p.end === end && p.end - p.at >= p.wireLen) setProblem(p, length, at - 2, type, end - at);
  return readLlc(p, at, end);
}

export const ethernet: Header = {
  name: 'ethernet',
  title: 'Ethernet',
  standard: 'IEEE 802.3 §3.1',
  after: { linkType: [1], etherType: [0x6558] },
  read: readEthernet,
};
