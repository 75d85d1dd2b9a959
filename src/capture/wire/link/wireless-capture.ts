// What capture drivers put before a wireless frame: radiotap, Prism, AVS.

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readWirelessFrame } from './ieee80211.ts';

const radiotapTruncated = problemCode('radiotap.truncated');
const radiotapVersion = problemCode('radiotap.version');
const radiotapLength = problemCode('radiotap.length');
const prismTruncated = problemCode('prism.truncated');
const avsTruncated = problemCode('avs.truncated');

/** Radiotap flags: the frame check sequence is there; the 802.11 header is padded. */
const hasFcs = 0x10;
const isPadded = 0x20;

//  | version | pad | length, 2 | present, 4 (bit 31: another one follows) | fields in the order of the bits …   little-endian

/** Reads radiotap (radiotap.org): of its fields only the flags matter here. */
export function readRadiotap(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 8) {
    setProblem(p, radiotapTruncated, at, 8, end - at);
    return verdict.noFlow;
  }
  if (b[at] !== 0) {
    setProblem(p, radiotapVersion, at, 0, b[at]);
    return verdict.noFlow;
  }
  const size = b[at + 2] | (b[at + 3] << 8);
  if (size < 8 || size > end - at) {
    setProblem(p, size < 8 ? radiotapLength : radiotapTruncated, at, Math.max(size, 8), size < 8 ? size : end - at);
    return verdict.noFlow;
  }
  const flags = radiotapFlags(b, at, at + size);
  // The check sequence was captured only if the frame is whole.
  const isWhole = p.end - p.at >= p.wireLen;
  const frameEnd = (flags & hasFcs) !== 0 && isWhole && end - at - size >= 4 ? end - 4 : end;
  return readWirelessFrame(p, at + size, frameEnd, (flags & isPadded) !== 0);
}

/** The flags field: the second one, behind an 8-byte timestamp that is aligned to 8 from the start of the header. */
function radiotapFlags(b: Uint8Array, at: number, end: number): number {
  const present = b[at + 4];
  if ((present & 2) === 0) return 0;
  let next = at + 8;
  while (next <= end - 4 && (b[next - 1] & 0x80) !== 0) next += 4;
  if ((present & 1) !== 0) next = at + ((next - at + 7) & ~7) + 8;
  return next < end ? b[next] : 0;
}

/** Reads the Prism header, 144 bytes as its own length says in either byte order, or AVS under the same link type. */
function readPrism(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 8) {
    setProblem(p, prismTruncated, at, 8, end - at);
    return verdict.noFlow;
  }
  if (b[at] === 0x80 && b[at + 1] === 0x21) return readAvs(p, at, end);
  const size = b[at + 4] !== 0 ? b[at + 4] | (b[at + 5] << 8) : (b[at + 6] << 8) | b[at + 7];
  if (size < 8 || size > end - at) {
    setProblem(p, prismTruncated, at, Math.max(size, 8), end - at);
    return verdict.noFlow;
  }
  return readWirelessFrame(p, at + size, end, false);
}

/** Reads the AVS header: magic number and length, big-endian. */
function readAvs(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  const size = end - at >= 8 ? (b[at + 6] << 8) | b[at + 7] : 0;
  if (size < 8 || size > end - at) {
    setProblem(p, avsTruncated, at, Math.max(size, 8), end - at);
    return verdict.noFlow;
  }
  return readWirelessFrame(p, at + size, end, false);
}

export const radiotap: Header = {
  name: 'radiotap',
  title: 'Radiotap',
  standard: 'radiotap.org, LINKTYPE_IEEE802_11_RADIOTAP',
  after: { linkType: [127] },
  read: readRadiotap,
};

export const prism: Header = {
  name: 'prism',
  title: 'Prism capture header',
  standard: 'LINKTYPE_IEEE802_11_PRISM',
  after: { linkType: [119] },
  read: readPrism,
};

export const avs: Header = {
  name: 'avs',
  title: 'AVS capture header',
  standard: 'LINKTYPE_IEEE802_11_AVS',
  after: { linkType: [163] },
  read: readAvs,
};
