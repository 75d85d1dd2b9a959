// A bridge protocol data unit (IEEE 802.1D §9.3, 802.1Q §14; per VLAN as Cisco sends it), read in place.

import { net, type Packet } from '../../../../core/index.ts';
import { macHigh, macLow } from '../mac.ts';

const topologyChange = 0x80;

export class Bpdu {
  /** A notification only: the rest says nothing. */
  isNotification = false;
  hasChange = false;
  /** VLAN of the tree, or that of its priority (802.1t); 0 for the common one. */
  tree = 0;
  rootPriority = 0;
  root0 = 0;
  root1 = 0;
  bridge0 = 0;
  bridge1 = 0;
  from0 = 0;
  from1 = 0;

  read(p: Packet): boolean {
    if (p.net !== net.other || p.srcMacAt < 0 || p.level !== 0) return false;
    const at = llcOf(p);
    const b = p.bytes;
    if (at < 0 || at + 4 > p.end) return false;
    // Protocol 0, version 0 (STP), 2 (RSTP), 3 (MSTP), 4 (SPT).
    if (b[at] !== 0 || b[at + 1] !== 0 || b[at + 2] > 4) return false;
    this.from0 = macHigh(b, p.srcMacAt);
    this.from1 = macLow(b, p.srcMacAt + 4);
    this.isNotification = b[at + 3] === 0x80;
    if (this.isNotification) return true;
    if ((b[at + 3] !== 0 && b[at + 3] !== 2) || at + 25 > p.end) return false;
    this.hasChange = (b[at + 4] & 1) !== 0 || (b[at + 4] & topologyChange) !== 0;
    const priority = macLow(b, at + 5);
    this.tree = (Math.max(0, p.vlanOuter) << 12) | (priority & 0xfff);
    this.rootPriority = priority;
    this.root0 = macHigh(b, at + 7);
    this.root1 = macLow(b, at + 11);
    this.bridge0 = macHigh(b, at + 19);
    this.bridge1 = macLow(b, at + 23);
    return true;
  }
}

/** Where the unit begins behind LLC (0x42) or Cisco's SNAP; -1 when it is none. */
function llcOf(p: Packet): number {
  const b = p.bytes;
  const at = p.srcMacAt + 8 + 4 * p.vlanTags;
  if (at + 3 > p.end || macLow(b, at - 2) > 1500) return -1;
  if (b[at] === 0x42 && b[at + 1] === 0x42 && b[at + 2] === 3) return at + 3;
  return snapProtocol(p) === 0x010b ? at + 8 : -1;
}

/** Cisco's protocol of a SNAP frame (organization 00000c); -1 when it is none. */
export function snapProtocol(p: Packet): number {
  const b = p.bytes;
  const at = p.srcMacAt + 8 + 4 * p.vlanTags;
  if (p.srcMacAt < 0 || at + 8 > p.end || macLow(b, at - 2) > 1500) return -1;
  if (macHigh(b, at) !== (0xaaaa0300 | 0) || b[at + 4] !== 0 || b[at + 5] !== 0x0c) return -1;
  return macLow(b, at + 6);
}
