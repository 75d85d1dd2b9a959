// Tags inside Ethernet frames other than VLAN: switch tags (DSA), provider backbone (802.1ah), MACsec without encryption,
// redundancy (802.1CB), service chaining (NSH).

import { net, type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readEtherType } from './ether-types.ts';
import { readTypeOrLength } from './ethernet.ts';

const dsaTruncated = problemCode('dsa.truncated');
const backboneTruncated = problemCode('provider-backbone.truncated');
const macsecTruncated = problemCode('macsec.truncated');
const redundancyTruncated = problemCode('redundancy-tag.truncated');
const nshTruncated = problemCode('nsh.truncated');
const nshLength = problemCode('nsh.length');

/** Marvell and Broadcom put 4 bytes between the addresses and the type. */
function readDsa(p: Packet, at: number, end: number): number {
  return readSwitchTag(p, at, end, 4);
}

/** The same with an EtherType and two reserved bytes of its own in front. */
function readEdsa(p: Packet, at: number, end: number): number {
  return readSwitchTag(p, at, end, 8);
}

function readSwitchTag(p: Packet, at: number, end: number, size: number): number {
  const b = p.bytes;
  const typeAt = at + 12 + size;
  if (end - typeAt < 2) {
    setProblem(p, dsaTruncated, at, 14 + size, end - at);
    return verdict.noFlow;
  }
  p.dstMacAt = at;
  p.srcMacAt = at + 6;
  return readTypeOrLength(p, (b[typeAt] << 8) | b[typeAt + 1], typeAt + 2, end);
}

/** Broadcom's other way: 4 bytes before the frame. */
function readDsaPrepended(p: Packet, at: number, end: number): number {
  return readEtherType(p, 0x6558, Math.min(at + 4, end), end);
}

/** Cisco's FabricPath: 2 bytes of tree and hop count, then the frame. */
function readFabricPath(p: Packet, at: number, end: number): number {
  return readEtherType(p, 0x6558, Math.min(at + 2, end), end);
}

/** A 4-byte service tag, then the customer's whole frame. */
function readBackbone(p: Packet, at: number, end: number): number {
  if (end - at < 4) {
    setProblem(p, backboneTruncated, at, 4, end - at);
    return verdict.noFlow;
  }
  return readEtherType(p, 0x6558, at + 4, end);
}

/** Only integrity-protected frames are readable: neither the encryption nor the changed-text bit may be set. */
function readMacsec(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  const size = end > at && (b[at] & 0x20) !== 0 ? 14 : 6;
  if (end - at < size + 2) {
    setProblem(p, macsecTruncated, at, size + 2, end - at);
    return verdict.noFlow;
  }
  if ((b[at] & 0x0c) !== 0) return verdict.noFlow;
  return readTypeOrLength(p, (b[at + size] << 8) | b[at + size + 1], at + size + 2, end);
}

/** Two reserved bytes, a sequence number, the type. */
function readRedundancy(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 6) {
    setProblem(p, redundancyTruncated, at, 6, end - at);
    return verdict.noFlow;
  }
  return readTypeOrLength(p, (b[at + 4] << 8) | b[at + 5], at + 6, end);
}

/** Network service header (RFC 8300 §2): length in words in the low 6 bits of byte 1, the next protocol in byte 3. */
function readNsh(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (p.level === 0) p.net = net.other;
  const size = end - at >= 8 ? (b[at + 1] & 0x3f) << 2 : 8;
  if (size < 8 || size > end - at) {
    setProblem(p, size < 8 ? nshLength : nshTruncated, at, Math.max(size, 8), size < 8 ? size : end - at);
    return verdict.noFlow;
  }
  const type = nshProtocol(b[at + 3]);
  return type === 0 ? verdict.noFlow : readEtherType(p, type, at + size, end);
}

/** EtherType of a next protocol of NSH, which VXLAN-GPE shares; 0 when there is none. */
export function nshProtocol(protocol: number): number {
  if (protocol === 1) return 0x0800;
  if (protocol === 2) return 0x86dd;
  if (protocol === 3) return 0x6558;
  if (protocol === 4) return 0x894f;
  return protocol === 5 ? 0x8847 : 0;
}

export const dsa: Header = {
  name: 'dsa',
  title: 'Switch tag',
  standard: 'LINKTYPE_DSA_TAG_DSA, LINKTYPE_DSA_TAG_BRCM',
  after: { linkType: [281, 284] },
  read: readDsa,
};

export const edsa: Header = {
  name: 'edsa',
  title: 'Switch tag with EtherType',
  standard: 'LINKTYPE_DSA_TAG_EDSA',
  after: { linkType: [285] },
  read: readEdsa,
};

export const dsaPrepended: Header = {
  name: 'dsa-prepended',
  title: 'Switch tag before the frame',
  standard: 'LINKTYPE_DSA_TAG_BRCM_PREPEND',
  after: { linkType: [282] },
  read: readDsaPrepended,
};

export const providerBackbone: Header = {
  name: 'provider-backbone',
  title: 'Provider backbone service tag',
  standard: 'IEEE 802.1Q §9.7 (802.1ah)',
  after: { etherType: [0x88e7] },
  read: readBackbone,
};

export const fabricPath: Header = {
  name: 'fabric-path',
  title: 'Cisco FabricPath',
  standard: 'Cisco FabricPath frame format',
  after: { etherType: [0x8903] },
  read: readFabricPath,
};

export const macsec: Header = {
  name: 'macsec',
  title: 'MACsec without encryption',
  standard: 'IEEE 802.1AE §9',
  after: { etherType: [0x88e5] },
  read: readMacsec,
};

export const redundancyTag: Header = {
  name: 'redundancy-tag',
  title: 'Redundancy tag',
  standard: 'IEEE 802.1CB §7.8',
  after: { etherType: [0xf1c1] },
  read: readRedundancy,
};

export const nsh: Header = {
  name: 'nsh',
  title: 'Network Service Header',
  standard: 'RFC 8300 §2',
  after: { etherType: [0x894f] },
  read: readNsh,
};
