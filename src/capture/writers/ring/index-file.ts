// The index beside each file of the ring: which packet of which flow lies where. Always little-endian.
//
//   head     64 bytes: what, version, run, earliest and latest packet, how far packets come late
//   record   32 bytes each, in the order of the packets' blocks:
//
//   0               8               16              24      28     32
//   +---------------+---------------+---------------+-------+-------+
//   | time, µs      | flow          | packet number | place | bytes |
//   +---------------+---------------+---------------+-------+-------+
//
// `place` counts words of four bytes from the beginning of the capture file to the packet's block. A packet of several
// flows (a tunnel and what it carries) has a record for each. Where `bytes` is `isInterface` the block describes the
// interface that `packet number` numbers.
//
// Whole numbers are doubles where they may be above 2^32. The head's times are written before the records they are
// about, so they are never too narrow: what a kill leaves behind can be searched as it is.

export const headBytes = 64;
export const recordBytes = 32;
/** Flow of packets that belong to none. */
export const noFlow = 0;
/** Instead of a captured length. */
export const isInterface = 0xffff_ffff;

const magic = 0x676e_6972; // `ring`
const version = 1;
/** Bits of the head's flags. */
const sharedNumbers = 1;

/** Offsets in a head. */
const H = { magic: 0, version: 4, run: 8, firstUs: 16, lastUs: 24, lateUs: 32, flags: 40 } as const;
/** Offsets in a record. */
export const R = { timeUs: 0, flow: 8, number: 16, place: 24, bytes: 28 } as const;

export interface IndexHead {
  readonly run: number;
  /** Earliest and latest packet; infinite the wrong way round before there is one. */
  readonly firstUs: number;
  readonly lastUs: number;
  /** No packet comes later than this after one that was captured after it. */
  readonly lateUs: number;
  /** Packet numbers are unique in the run: one worker counts, or all count the same file. */
  readonly hasRunNumbers: boolean;
}

/** Fills the 64 bytes of a head. */
export function putHead(view: DataView, head: IndexHead): void {
  view.setUint32(H.magic, magic, true);
  view.setUint32(H.version, version, true);
  view.setFloat64(H.run, head.run, true);
  view.setFloat64(H.firstUs, head.firstUs, true);
  view.setFloat64(H.lastUs, head.lastUs, true);
  view.setFloat64(H.lateUs, head.lateUs, true);
  view.setUint32(H.flags, head.hasRunNumbers ? sharedNumbers : 0, true);
}

/** Reads a head; null for what is none of this version. */
export function readHead(bytes: Uint8Array): IndexHead | null {
  if (bytes.length < headBytes) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, headBytes);
  if (view.getUint32(H.magic, true) !== magic || view.getUint32(H.version, true) !== version) return null;
  return {
    run: view.getFloat64(H.run, true),
    firstUs: view.getFloat64(H.firstUs, true),
    lastUs: view.getFloat64(H.lastUs, true),
    lateUs: view.getFloat64(H.lateUs, true),
    hasRunNumbers: (view.getUint32(H.flags, true) & sharedNumbers) !== 0,
  };
}
