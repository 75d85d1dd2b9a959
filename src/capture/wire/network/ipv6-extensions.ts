// IPv6 extension headers (RFC 8200 §4), the fragment header among them, and AH (RFC 4302), which IPv4 has as well.

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readIpPayload } from './ip-payload.ts';

const truncated = problemCode('ipv6.truncated');
const length = problemCode('ipv6.length');
const malformed = problemCode('ipv6.malformed');
const tooMany = problemCode('ipv6.depth');
const ahTruncated = problemCode('ah.truncated');
const ahLength = problemCode('ah.length');

const hopByHopNumber = 0;
const routingNumber = 43;
const fragmentNumber = 44;
const ahNumber = 51;
const noNextNumber = 59;
const optionsNumber = 60;
const mobilityNumber = 135;
const hipNumber = 139;
const shim6Number = 140;

/** More extension headers than any sender has a use for; a longer chain is an attempt to hide or to tire. */
const chainLimit = 24;

/** How the walk goes on behind a header: a byte length, or one of these. */
const stop = -1;

//  | next header |  length   |  contents …                              length in 8 bytes beyond the first 8;
//                                                                      AH: in 4 bytes beyond the first 8
//  | next header |  reserved |  offset, 13 bits  |0 0 M| identification, 4 bytes |      fragment header

function isExtension(proto: number): boolean {
  return (
    proto === hopByHopNumber ||
    proto === routingNumber ||
    proto === fragmentNumber ||
    proto === ahNumber ||
    proto === optionsNumber ||
    proto === mobilityNumber ||
    proto === hipNumber ||
    proto === shim6Number
  );
}

/** Walks the chain from the header `first` at `firstAt`; what ends it is read as the payload. */
function walk(p: Packet, first: number, firstAt: number, firstEnd: number): number {
  const b = p.bytes;
  let proto = first;
  let at = firstAt;
  let end = firstEnd;
  for (let count = 0; isExtension(proto); count++) {
    p.proto = proto;
    if (count === chainLimit) {
      setProblem(p, tooMany, at, chainLimit, count + 1);
      return leaf(p, at, end);
    }
    const size = measure(p, proto, at, end);
    if (size === stop) return leaf(p, at, end);
    const next = b[at];
    if (proto === fragmentNumber && readFragmentHeader(p, at)) {
      p.proto = next;
      return leaf(p, at + size, end);
    }
    if (proto === hopByHopNumber) {
      readJumbo(p, at, at + size);
      end = Math.min(p.l3At + p.ipLen, firstEnd);
      p.l3End = end;
    }
    at += size;
    // Mobility, HIP and Shim6 messages end with "no next header": then they are the payload's protocol themselves.
    if (next === noNextNumber && proto >= mobilityNumber) return leaf(p, at - size, end);
    proto = next;
  }
  return readIpPayload(p, proto, at, end);
}

function leaf(p: Packet, at: number, end: number): number {
  const said = p.l3At + p.ipLen - at;
  p.payloadAt = Math.min(at, end);
  p.payloadEnd = end;
  p.payloadLen = Math.max(said, 0);
  return verdict.leaf;
}

/** Length of an extension header in bytes; {@link stop} when it is not whole. */
function measure(p: Packet, proto: number, at: number, end: number): number {
  const have = end - at;
  const said = p.l3At + p.ipLen - at;
  let size = 8;
  if (have >= 2 && proto === ahNumber) size = (p.bytes[at + 1] + 2) << 2;
  else if (have >= 2 && proto !== fragmentNumber) size = (p.bytes[at + 1] + 1) << 3;
  const least = proto === ahNumber ? 12 : 8;
  if (size < least) {
    setProblem(p, ahLength, at, least, size);
    return stop;
  }
  if (size <= have) return size;
  if (size > said) setProblem(p, proto === ahNumber ? ahLength : length, at, size, said);
  else setProblem(p, proto === ahNumber ? ahTruncated : truncated, at, size, have);
  return stop;
}

/** Fills the fragment fields; true when it is a later fragment, whose payload has no header. An atomic one is none. */
function readFragmentHeader(p: Packet, at: number): boolean {
  const b = p.bytes;
  const field = (b[at + 2] << 8) | b[at + 3];
  if ((field & 0xfff9) === 0) return false;
  p.isFragment = 1;
  p.fragOffset = field & 0xfff8;
  p.moreFragments = field & 1;
  p.fragId = (b[at + 4] << 24) | (b[at + 5] << 16) | (b[at + 6] << 8) | b[at + 7];
  return p.fragOffset !== 0;
}

/** Walks hop-by-hop options; the jumbo payload option (RFC 2675 §2) has the length when the IP header says 0. */
function readJumbo(p: Packet, headerAt: number, end: number): void {
  const b = p.bytes;
  let at = headerAt + 2;
  while (at < end) {
    if (b[at] === 0) {
      at++;
      continue;
    }
    const size = at + 1 < end ? b[at + 1] + 2 : end - at + 1;
    if (size > end - at) {
      setProblem(p, malformed, headerAt, size, end - at);
      return;
    }
    if (b[at] === 0xc2 && size === 6) {
      const jumbo = (b[at + 2] << 24) | (b[at + 3] << 16) | (b[at + 4] << 8) | b[at + 5];
      const isZero = b[p.l3At + 4] === 0 && b[p.l3At + 5] === 0;
      // Lengths near 2^31 are not believed: they would not fit the arithmetic, nor any link.
      if (!isZero || jumbo < 65536 || jumbo > 0x3fffffff) setProblem(p, malformed, headerAt, 65536, jumbo);
      else p.ipLen = jumbo + 40;
    }
    at += size;
  }
}

/**
 * Where the fragmentable part of a fragment begins, for reassembly: behind the IPv4 header, or behind the IPv6 fragment
 * header. -1 when the last decoded level is no fragment.
 */
export function fragmentDataAt(p: Packet): number {
  if (p.isFragment === 0) return -1;
  const b = p.bytes;
  if (p.ipVersion === 4) return p.l3At + ((b[p.l3At] & 15) << 2);
  let proto = b[p.l3At + 6];
  let at = p.l3At + 40;
  // This part of the chain was walked and found whole before.
  while (proto !== fragmentNumber && at + 8 <= p.l3End) {
    const size = proto === ahNumber ? (b[at + 1] + 2) << 2 : (b[at + 1] + 1) << 3;
    proto = b[at];
    at += size;
  }
  return at + 8 <= p.l3End ? at + 8 : -1;
}

function extension(name: string, title: string, standard: string, number: number): Header {
  return {
    name,
    title,
    standard,
    after: { ipProtocol: [number] },
    read: (p, at, end) => {
      // IPv4 shares the numbers, but not these headers.
      if (p.ipVersion === 4 && number < ahNumber) return verdict.leaf;
      if (p.ipVersion === 4 && number === optionsNumber) return verdict.leaf;
      return walk(p, number, at, end);
    },
  };
}

export const hopByHop = extension('ipv6-hop-by-hop', 'IPv6 hop-by-hop options', 'RFC 8200 §4.3, RFC 2675', 0);
export const routing = extension('ipv6-routing', 'IPv6 routing header', 'RFC 8200 §4.4', routingNumber);
export const fragment = extension('ipv6-fragment', 'IPv6 fragment header', 'RFC 8200 §4.5, RFC 6946', fragmentNumber);
export const ah = extension('ah', 'Authentication Header', 'RFC 4302 §2', ahNumber);
export const destination = extension('ipv6-options', 'IPv6 destination options', 'RFC 8200 §4.6', optionsNumber);
export const mobility = extension('mobility', 'Mobility header', 'RFC 6275 §6.1', mobilityNumber);
export const hip = extension('hip', 'Host Identity Protocol', 'RFC 7401 §5.1', hipNumber);
export const shim6 = extension('shim6', 'Shim6', 'RFC 5533 §5', shim6Number);
