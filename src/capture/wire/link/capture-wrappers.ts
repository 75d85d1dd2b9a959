// Headers of capture systems that wrap a frame of another link type, or a bare IP datagram: PPI, PKTAP, NFLOG, Juniper.

import { net, type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import { byLinkType, type Header, readers } from '../tables.ts';
import { readEtherType, readIpByNibble } from './ether-types.ts';
import { readFamily } from './raw-ip.ts';

const ppiTruncated = problemCode('ppi.truncated');
const pktapTruncated = problemCode('pktap.truncated');
const nflogTruncated = problemCode('nflog.truncated');
const nflogLength = problemCode('nflog.length');
const juniperTruncated = problemCode('juniper-ether.truncated');
const juniperMagic = problemCode('juniper-ether.malformed');
const juniperVersion = problemCode('juniper-ether.version');
const bridgeFamily = 7;
const unknownLink = problemCode('linktype.unknown');

const ppiLink = 192;
const pktapLink = 258;
/** What Apple's systems write for PKTAP: LINKTYPE_USER2. */
const applePktapLink = 149;

/** Reads the frame inside a wrapper. A wrapper inside a wrapper is none that a capture system writes. */
function readWrapped(p: Packet, link: number, at: number, end: number): number {
  const reader = link > 0 && link < byLinkType.length ? byLinkType[link] : 0;
  if (reader === 0 || link === ppiLink || link === pktapLink || link === applePktapLink) {
    if (link !== 0) setProblem(p, unknownLink, at, 0, 0);
    else return readers[byLinkType[0]](p, at, end);
    return verdict.noFlow;
  }
  return readers[reader](p, at, end);
}

/** Reads PPI: version, flags, length, link type; little-endian. */
function readPpi(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  const size = end - at >= 8 ? b[at + 2] | (b[at + 3] << 8) : 0;
  if (size < 8 || size > end - at) {
    setProblem(p, ppiTruncated, at, Math.max(size, 8), end - at);
    return verdict.noFlow;
  }
  return readWrapped(p, b[at + 4] | (b[at + 5] << 8), at + size, end);
}

/** Reads Apple's PKTAP: header length, record type, link type; little-endian. */
function readPktap(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  const size = end - at >= 12 ? b[at] | (b[at + 1] << 8) : 0;
  if (size < 12 || size > end - at) {
    setProblem(p, pktapTruncated, at, Math.max(size, 12), end - at);
    return verdict.noFlow;
  }
  return readWrapped(p, b[at + 8] | (b[at + 9] << 8), at + size, end);
}

/**
 * Reads Linux netfilter's log: family, version, resource, then records. The one of type 9 is the datagram; of a bridge
 * (family 7) its EtherType stands in the record of type 1, which comes before it.
 */
function readNflog(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 4) {
    setProblem(p, nflogTruncated, at, 4, end - at);
    return verdict.noFlow;
  }
  let next = at + 4;
  let bridged = 0;
  while (end - next >= 4) {
    // Lengths and types are in the byte order of the capturing host, which in practice is little-endian.
    const size = b[next] | (b[next + 1] << 8);
    const type = b[next + 2] | (b[next + 3] << 8);
    if (size < 4) {
      setProblem(p, nflogLength, at, 4, size);
      return verdict.noFlow;
    }
    if (type === 1 && b[at] === bridgeFamily && end - next >= 6) bridged = (b[next + 4] << 8) | b[next + 5];
    if (type === 9 && bridged !== 0) return readEtherType(p, bridged, next + 4, Math.min(next + size, end));
    if (type === 9) return readFamily(p, b[at], next + 4, Math.min(next + size, end));
    if (size > end - next) {
      setProblem(p, nflogTruncated, at, next + size - at, end - at);
      return verdict.noFlow;
    }
    next += (size + 3) & ~3;
  }
  p.net = net.other;
  return verdict.noFlow;
}

/** Reads Juniper's Ethernet captures: magic `MGC`, flags, extensions; then Ethernet, or IP when the flags say no link. */
function readJuniperEther(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 4) {
    setProblem(p, juniperTruncated, at, 4, end - at);
    return verdict.noFlow;
  }
  if (b[at] !== 0x4d || b[at + 1] !== 0x47 || b[at + 2] !== 0x43) {
    setProblem(p, juniperMagic, at, 0x4d47, (b[at] << 8) | b[at + 1]);
    return verdict.noFlow;
  }
  const flags = b[at + 3];
  let next = at + 4;
  if ((flags & 0x80) !== 0) next += end - next >= 2 ? 2 + ((b[next] << 8) | b[next + 1]) : 2;
  if (next > end) {
    setProblem(p, juniperTruncated, at, next - at, end - at);
    return verdict.noFlow;
  }
  // Without a link header four bytes of protocol come first.
  if ((flags & 0x02) !== 0) return readIpByNibble(p, Math.min(next + 4, end), end, juniperVersion);
  return readEtherType(p, 0x6558, next, end);
}

export const ppi: Header = {
  name: 'ppi',
  title: 'Per-Packet Information',
  standard: 'LINKTYPE_PPI',
  after: { linkType: [ppiLink] },
  read: readPpi,
};

export const pktap: Header = {
  name: 'pktap',
  title: 'Apple packet tap',
  standard: 'LINKTYPE_PKTAP',
  after: { linkType: [pktapLink, applePktapLink] },
  read: readPktap,
};

export const nflog: Header = {
  name: 'nflog',
  title: 'Linux netfilter log',
  standard: 'LINKTYPE_NFLOG',
  after: { linkType: [239] },
  read: readNflog,
};

export const juniperEther: Header = {
  name: 'juniper-ether',
  title: 'Juniper Ethernet',
  standard: 'LINKTYPE_JUNIPER_ETHER',
  after: { linkType: [178] },
  read: readJuniperEther,
};
