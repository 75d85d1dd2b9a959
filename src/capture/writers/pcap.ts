// Classic pcap (draft-ietf-opsawg-pcap): one head, then records; one link type per file. Little-endian.
//
//   head    | magic | 2, 4 | 0 | 0 | snap length | FCS, link type |
//   record  | seconds | µs or ns | captured | on the wire | data |
import { Failure, type FrameBatch, linkTypeName, type SourceInterface } from '../../core/index.ts';
import { capLimitOf, type Format, type RecordSpace } from './format.ts';
import { copyFrame } from './frame-copy.ts';

const magicUs = 0xa1b2c3d4;
const magicNs = 0xa1b23c4d;
const headBytes = 24;
const recordHeadBytes = 16;
/** What 0 (unlimited) becomes: the format has no word for it. */
const unlimitedSnapLen = 262_144;

/**
 * Opens the format. The head waits for the first frame unless all interfaces known at the start agree on a link type:
 * a source may describe interfaces from which no packet comes.
 */
export function pcap(): Format {
  const interfaces: SourceInterface[] = [];
  /** Link type of the file; -1 until the first frame. Stays for rotated files. */
  let linkType = -1;
  let inNs = 0;
  let headPending = false;

  const putHead = (out: RecordSpace, first: SourceInterface | undefined): void => {
    headPending = false;
    if (linkType < 0) {
      linkType = first?.linkType ?? 1;
      inNs = interfaces.some((known) => known.ticksPerSec > 1e6) ? 1 : 0;
    }
    putFileHead(out, linkType, inNs, first?.fcsLen ?? 0, longestSnapLen(interfaces));
  };
  return {
    begin(out) {
      headPending = true;
      const agreed = interfaces.length > 0 && interfaces.every((known) => known.linkType === interfaces[0].linkType);
      if (agreed || linkType >= 0) putHead(out, interfaces[0]);
    },
    addInterface(_out, added) {
      interfaces.push(added);
    },
    recordBytes: (capLen) => recordHeadBytes + capLen,
    capLimit: (iface) => capLimitOf(interfaces[iface].linkType),
    frame(out, batch, i, from, capLen) {
      const origin = interfaces[batch.iface[i]];
      if (headPending) putHead(out, origin);
      if (origin.linkType !== linkType) throw secondLinkType(linkType, origin);
      putRecord(out, batch, i, from, capLen, inNs);
    },
    end(out) {
      if (headPending) putHead(out, interfaces[0]);
    },
  };
}

/** End of the last whole record before `end`; the file's head counts as one. */
export function wholeRecords(bytes: DataView, end: number, fileAt: number): number {
  let at = 0;
  if (fileAt === 0) {
    if (end < headBytes) return 0;
    at = headBytes;
  }
  while (at + recordHeadBytes <= end) {
    const next = at + recordHeadBytes + bytes.getUint32(at + 8, true);
    if (next > end) break;
    at = next;
  }
  return at;
}

function putRecord(out: RecordSpace, batch: FrameBatch, i: number, from: DataView, capLen: number, inNs: number): void {
  // Three bytes more than the record: the copy zeroes up to a multiple of four.
  out.reserve(recordHeadBytes + capLen + 3);
  const view = out.view;
  const at = out.used;
  const timeUs = batch.timeUs[i];
  const seconds = Math.floor(timeUs / 1e6);
  const fraction = timeUs - seconds * 1e6;
  // setUint32 keeps the low 32 bits: times beyond 2106 and before 1970 wrap, as in every pcap file.
  view.setUint32(at, seconds, true);
  view.setUint32(at + 4, inNs === 1 ? fraction * 1000 + batch.timeNs[i] : fraction, true);
  view.setUint32(at + 8, capLen, true);
  view.setUint32(at + 12, batch.wireLen[i], true);
  copyFrame(batch.bytes, from, batch.at[i], out.bytes, view, at + recordHeadBytes, capLen);
  out.used = at + recordHeadBytes + capLen;
}

function putFileHead(out: RecordSpace, linkType: number, inNs: number, fcsLen: number, snapLen: number): void {
  out.reserve(headBytes);
  const { view, used: at } = out;
  view.setUint32(at, inNs === 1 ? magicNs : magicUs, true);
  view.setUint16(at + 4, 2, true);
  view.setUint16(at + 6, 4, true);
  view.setUint32(at + 8, 0, true);
  view.setUint32(at + 12, 0, true);
  view.setUint32(at + 16, snapLen, true);
  // Where the FCS length is known: bit 26, and the length in 16-bit words in the four highest bits.
  const fcs = fcsLen > 0 && fcsLen <= 14 ? (1 << 26) | ((fcsLen >> 1) << 28) : 0;
  view.setUint32(at + 20, linkType | fcs, true);
  out.used += headBytes;
}

function longestSnapLen(interfaces: readonly SourceInterface[]): number {
  const lengths = interfaces.map((known) => known.snapLen);
  return lengths.length === 0 || lengths.includes(0) ? unlimitedSnapLen : Math.max(...lengths);
}

function secondLinkType(linkType: number, origin: SourceInterface): Failure {
  return new Failure(
    'UNSUPPORTED',
    `a .pcap file holds one link type: after ${linkTypeName(linkType)} there is ${linkTypeName(origin.linkType)}`,
    'Write pcapng, which holds any: give a name that ends in .pcapng.',
  );
}
