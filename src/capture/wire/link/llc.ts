// Logical link control (IEEE 802.2) and its subnetwork access protocol, SNAP (IEEE 802 §10.3, RFC 1042).

import { net, type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import { byLlcSap, type Header, readers } from '../tables.ts';
import { readEtherType, readIpByNibble } from './ether-types.ts';

const truncated = problemCode('llc.truncated');
const clipVersion = problemCode('clip.version');

/** Destination and source service access point of SNAP. */
const snapSap = 0xaa;

//  | dsap | ssap | control |  organization, 3 bytes  |  protocol, 2 bytes  |   … the last two only in SNAP

/** Reads what follows an 802.3 length. Whatever is not IP in one of its ways is `net.other` without a flow. */
export function readLlc(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (p.level === 0) p.net = net.other;
  if (end - at < 3) {
    setProblem(p, truncated, at, 3, end - at);
    return verdict.noFlow;
  }
  if (b[at] === snapSap && b[at + 1] === snapSap && b[at + 2] === 3) return readSnap(p, at + 3, end);
  // SAP 6 with unnumbered information is IP without SNAP (RFC 948).
  const reader = b[at + 2] === 3 && b[at] === b[at + 1] ? byLlcSap[b[at]] : 0;
  if (reader === 0) return verdict.noFlow;
  if (p.level === 0) {
    p.net = net.ipv4;
    p.etherType = 0x0800;
  }
  return readers[reader](p, at + 3, end);
}

/** Reads organization and protocol; `at` is behind the control byte. */
export function readSnap(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 5) {
    setProblem(p, truncated, at - 3, 8, end - at + 3);
    return verdict.noFlow;
  }
  const organization = (b[at] << 16) | (b[at + 1] << 8) | b[at + 2];
  const protocol = (b[at + 3] << 8) | b[at + 4];
  // 0: plain EtherType (RFC 1042). 0000f8: the same, through a bridge (IEEE 802.1H).
  if (organization === 0 || organization === 0x0000f8) return readEtherType(p, protocol, at + 5, end);
  // 0080c2: bridged frames (RFC 2684 §5.2); 1 keeps the frame check sequence, 7 does not; both are padded by two bytes.
  if (organization === 0x0080c2 && (protocol === 1 || protocol === 7)) return readEtherType(p, 0x6558, at + 7, end);
  return verdict.noFlow;
}

/** Reads classical IP over ATM (RFC 2684 §5.1): with LLC and SNAP, or IP alone, as the virtual circuit was set up. */
function readClip(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at >= 8 && b[at] === snapSap && b[at + 1] === snapSap && b[at + 2] === 3) return readSnap(p, at + 3, end);
  return readIpByNibble(p, at, end, clipVersion);
}

export const clip: Header = {
  name: 'clip',
  title: 'Classical IP over ATM',
  standard: 'LINKTYPE_ATM_CLIP, RFC 2225, RFC 2684 §5.1',
  // 18 and 19 are what Linux wrote before the number was assigned.
  after: { linkType: [106, 18, 19] },
  read: readClip,
};

export const llc: Header = {
  name: 'llc',
  title: 'Logical link control',
  standard: 'IEEE 802.2, RFC 1042',
  after: { linkType: [100] },
  read: readLlc,
};
