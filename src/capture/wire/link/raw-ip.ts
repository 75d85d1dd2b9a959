// Links without a header of their own, or with one that only names the address family: raw IP, BSD loopback, pflog, enc,
// IPNET, SLIP.

import { net, type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readEtherType, readIpByNibble } from './ether-types.ts';

const rawVersion = problemCode('raw.version');
const loopTruncated = problemCode('loopback.truncated');
const pflogTruncated = problemCode('pflog.truncated');
const encTruncated = problemCode('enc.truncated');
const ipnetTruncated = problemCode('ipnet.truncated');
const slipTruncated = problemCode('slip.truncated');
const slipVersion = problemCode('slip.version');

function readRaw(p: Packet, at: number, end: number): number {
  const result = readIpByNibble(p, at, end, rawVersion);
  p.etherType = -1;
  return result;
}

function readIpv4Only(p: Packet, at: number, end: number): number {
  const result = readEtherType(p, 0x0800, at, end);
  p.etherType = -1;
  return result;
}

function readIpv6Only(p: Packet, at: number, end: number): number {
  const result = readEtherType(p, 0x86dd, at, end);
  p.etherType = -1;
  return result;
}

/** Reads an IP datagram by an address family of any system: 10 Linux, 23 Windows, 24, 26, 28 and 30 the BSDs and Solaris. */
export function readFamily(p: Packet, family: number, at: number, end: number): number {
  if (family === 2) return readEtherType(p, 0x0800, at, end);
  if (family === 10 || family === 23 || family === 24 || family === 26 || family === 28 || family === 30) {
    return readEtherType(p, 0x86dd, at, end);
  }
  p.net = net.other;
  return verdict.noFlow;
}

/** Reads a 4-byte family in the byte order of the capturing host, or in network order (LOOP). */
function readLoopback(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 4) {
    setProblem(p, loopTruncated, at, 4, end - at);
    return verdict.noFlow;
  }
  // Families are small: the zero bytes tell the order.
  const family = b[at] === 0 && b[at + 1] === 0 ? (b[at + 2] << 8) | b[at + 3] : b[at] | (b[at + 1] << 8);
  return readFamily(p, family, at + 4, end);
}

/** Reads the log header of the BSD packet filter: its length, then the family; padded to 4 bytes. */
function readPflog(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  const size = end > at ? (b[at] + 3) & ~3 : 0;
  if (size < 4 || end - at < size) {
    setProblem(p, pflogTruncated, at, Math.max(size, 4), end - at);
    return verdict.noFlow;
  }
  return readFamily(p, b[at + 1], at + size, end);
}

/** Reads OpenBSD's encapsulation header: family in host order, security parameter index, flags. */
function readEnc(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 12) {
    setProblem(p, encTruncated, at, 12, end - at);
    return verdict.noFlow;
  }
  return readFamily(p, b[at] | b[at + 3], at + 12, end);
}

/** Reads Solaris IPNET: version, family, 22 bytes of zones and interfaces. */
function readIpnet(p: Packet, at: number, end: number): number {
  if (end - at < 24) {
    setProblem(p, ipnetTruncated, at, 24, end - at);
    return verdict.noFlow;
  }
  return readFamily(p, p.bytes[at + 1], at + 24, end);
}

/** Reads BSD's SLIP: 16 bytes of direction and compression; a compressed header is no IP header any more. */
function readSlip(p: Packet, at: number, end: number): number {
  if (end - at < 17) {
    setProblem(p, slipTruncated, at, 17, end - at);
    return verdict.noFlow;
  }
  p.net = net.other;
  const first = p.bytes[at + 16];
  if (first >= 0x70) return verdict.noFlow;
  return readIpByNibble(p, at + 16, end, slipVersion);
}

export const raw: Header = {
  name: 'raw',
  title: 'Raw IP',
  standard: 'LINKTYPE_RAW',
  after: { linkType: [101, 12, 14] },
  read: readRaw,
};

export const rawIpv4: Header = {
  name: 'raw-ipv4',
  title: 'Raw IPv4',
  standard: 'LINKTYPE_IPV4',
  after: { linkType: [228] },
  read: readIpv4Only,
};

export const rawIpv6: Header = {
  name: 'raw-ipv6',
  title: 'Raw IPv6',
  standard: 'LINKTYPE_IPV6',
  after: { linkType: [229] },
  read: readIpv6Only,
};

export const loopback: Header = {
  name: 'loopback',
  title: 'BSD loopback',
  standard: 'LINKTYPE_NULL, LINKTYPE_LOOP',
  after: { linkType: [0, 108] },
  read: readLoopback,
};

export const pflog: Header = {
  name: 'pflog',
  title: 'Packet filter log',
  standard: 'LINKTYPE_PFLOG',
  after: { linkType: [117] },
  read: readPflog,
};

export const enc: Header = {
  name: 'enc',
  title: 'OpenBSD IPsec encapsulation',
  standard: 'LINKTYPE_ENC',
  after: { linkType: [109] },
  read: readEnc,
};

export const ipnet: Header = {
  name: 'ipnet',
  title: 'Solaris IPNET',
  standard: 'LINKTYPE_IPNET',
  after: { linkType: [226] },
  read: readIpnet,
};

export const slip: Header = {
  name: 'slip',
  title: 'Serial Line IP',
  standard: 'RFC 1055, LINKTYPE_SLIP',
  after: { linkType: [8] },
  read: readSlip,
};
