// Classic pcap (draft-ietf-opsawg-pcap): a 24-byte file header, then records of a 16-byte header and the frame.
//
//     file    magic 4 | major 2 | minor 2 | zone 4 | accuracy 4 | snap length 4 | FCS, link type 4
//     record  seconds 4 | fraction 4 | captured length 4 | wire length 4 | frame …
//
// All in the byte order of the machine that wrote it, told by the magic. Variants known by their magic:
//
//     a1b2c3d4  microseconds                      a1b23c4d  nanoseconds
//     a1b2cd34  Kuznetzov: 8 more bytes per record (interface 4 | protocol 2 | packet type 1 | padding 1)
//     a12b3c4d  Navtel: nanoseconds               1c0001ac, 1c0001ab  IXIA: nanoseconds, 4 more bytes of file header

import {
  batchCapacity,
  type Damage,
  Failure,
  type FrameBatch,
  linkType,
  type SourceInterface,
} from '../../../core/index.ts';
import { u16, u32 } from './byte-order.ts';
import type { ByteWindow } from './bytes/input.ts';
import type { FrameReader } from './input-source.ts';

interface Kind {
  readonly isNano: boolean;
  readonly fileHeaderBytes: number;
  readonly recordHeaderBytes: number;
}

const micro: Kind = { isNano: false, fileHeaderBytes: 24, recordHeaderBytes: 16 };
const nano: Kind = { isNano: true, fileHeaderBytes: 24, recordHeaderBytes: 16 };
const ixia: Kind = { isNano: true, fileHeaderBytes: 28, recordHeaderBytes: 16 };

const kinds = new Map<number, Kind>([
  [0xa1b2c3d4, micro],
  [0xa1b23c4d, nano],
  [0xa1b2cd34, { isNano: false, fileHeaderBytes: 24, recordHeaderBytes: 24 }],
  [0xa12b3c4d, nano],
  [0x1c0001ac, ixia],
  [0x1c0001ab, ixia],
]);

/** Link types of AIX (version 2.2, nanoseconds), which wrote interface types of RFC 1213 instead of those of BSD. */
const aixLinkTypes: Record<number, number> = { 6: linkType.ethernet, 9: 6, 15: 10, 24: linkType.null };

/** The kind and byte order of a file by its first four bytes; null when it is not classic pcap. */
function recognise(b: Uint8Array, o: number): { kind: Kind; big: boolean } | null {
  for (const big of [false, true]) {
    const kind = kinds.get(u32(b, o, big));
    if (kind !== undefined) return { kind, big };
  }
  return null;
}

/** Bytes of file header of the pcap variant that starts at `b[o]` (four bytes must be there); 0 when it is none. */
export function pcapHeaderBytes(b: Uint8Array, o: number): number {
  return recognise(b, o)?.kind.fileHeaderBytes ?? 0;
}

const largestFrameBytes = 256 * 1024;
const largestDeclaredBytes = 128 * 1024 * 1024;
/** Link types whose frames are larger: DBUS, USBPCAP, EBHSCR. */
const largestByLinkType: Record<number, number> = { 231: 128 << 20, 249: 128 << 20, 279: 8 << 20 };

/**
 * Captured length beyond which a record is taken for damaged: 256 KiB (the limit of libpcap), more for link types that
 * have larger frames and for files that declare a larger snap length.
 */
export function captureLimit(link: number, snapLen: number): number {
  const usual = largestByLinkType[link] ?? largestFrameBytes;
  return snapLen > usual && snapLen <= largestDeclaredBytes ? snapLen : usual;
}

/** Whether the two lengths of a record are the wrong way round: in files of versions before 2.3, and in some of 2.3. */
type Swapped = 'no' | 'perhaps' | 'yes';

function swappedLengths(major: number, minor: number): Swapped {
  if (major === 543 || (major === 2 && minor < 3)) return 'yes';
  return major === 2 && minor === 3 ? 'perhaps' : 'no';
}

/**
 * Reads the file header that the window holds whole ({@link pcapHeaderBytes}) and gives the reader of what follows.
 * Fails with UNKNOWN_FILE_FORMAT for a version that nobody wrote.
 */
export function pcapReader(window: ByteWindow, name: string): FrameReader {
  const b = window.bytes;
  const o = window.start;
  const found = recognise(b, o);
  if (found === null) throw new Failure('UNKNOWN_FILE_FORMAT', `${name} is not a pcap file`, 'Give a pcap file.');
  const { kind, big } = found;
  const major = u16(b, o + 4, big);
  const minor = u16(b, o + 6, big);
  if (major !== 2 && major !== 543) {
    throw new Failure(
      'UNKNOWN_FILE_FORMAT',
      `${name} is pcap of version ${major}.${minor}, known is 2.4`,
      'Rewrite it with: editcap -F pcapng in out',
    );
  }
  const network = u32(b, o + 20, big);
  const isAix = major === 2 && minor === 2 && aixLinkTypes[network] !== undefined;
  const link = isAix ? aixLinkTypes[network] : network & 0xffff;
  const declared = u32(b, o + 16, big);
  const isNano = kind.isNano || isAix;
  const iface: SourceInterface = {
    name,
    linkType: link,
    snapLen: declared > 0x7fffffff ? 0 : declared,
    ticksPerSec: isNano ? 1e9 : 1e6,
    // Bit 26 tells that the top four bits count the 16-bit words of frame check sequence.
    ...((network & 0x04000000) !== 0 && !isAix ? { fcsLen: (network >>> 28) * 2 } : {}),
  };
  window.start += kind.fileHeaderBytes;
  return new PcapReader(iface, isNano, big, kind.recordHeaderBytes, swappedLengths(major, minor));
}

class PcapReader implements FrameReader {
  readonly format = 'pcap';
  readonly interfaces: readonly SourceInterface[];
  readonly annotations = null;
  damage: Damage | null = null;
  readonly #isNano: boolean;
  readonly #big: boolean;
  readonly #headerBytes: number;
  readonly #swapped: Swapped;
  readonly #limit: number;
  readonly #isPlain: boolean;

  constructor(iface: SourceInterface, isNano: boolean, big: boolean, headerBytes: number, swapped: Swapped) {
    this.interfaces = [iface];
    this.#isNano = isNano;
    this.#big = big;
    this.#headerBytes = headerBytes;
    this.#swapped = swapped;
    this.#limit = captureLimit(iface.linkType, iface.snapLen);
    this.#isPlain = !big && headerBytes === 16 && swapped === 'no';
  }

  take(window: ByteWindow, batch: FrameBatch): number {
    return this.#isPlain ? this.#takePlain(window, batch) : this.#takeAny(window, batch);
  }

  endedInside(window: ByteWindow): Damage | null {
    const left = window.end - window.start;
    if (left === 0) return null;
    const need = this.#headerBytes;
    const o = window.start;
    const because =
      left < need
        ? `a record header needs ${need} bytes, the file ends after ${left}`
        : `a frame of ${this.#captured(window.bytes, o)} bytes was announced, the file ends after ${left - need}`;
    return { name: 'pcap.truncated', at: window.position, because };
  }

  /** Little-endian records with a header of 16 bytes: what almost every file holds, and the fastest path there is. */
  #takePlain(window: ByteWindow, batch: FrameBatch): number {
    const { at, capLen, wireLen, timeUs, timeNs, iface } = batch;
    const b = window.bytes;
    const end = window.end;
    const limit = this.#limit;
    const isNano = this.#isNano;
    let o = window.start;
    let n = 0;
    while (n < batchCapacity) {
      const data = o + 16;
      if (data > end) break;
      const captured = b[o + 8] | (b[o + 9] << 8) | (b[o + 10] << 16) | (b[o + 11] << 24);
      // Also true for lengths of 2³¹ and more, which are negative here.
      if (captured >>> 0 > limit) {
        this.#tooLong(window.base + o, captured >>> 0);
        break;
      }
      const next = data + captured;
      if (next > end) break;
      const wire = b[o + 12] | (b[o + 13] << 8) | (b[o + 14] << 16) | (b[o + 15] << 24);
      const seconds = (b[o] | (b[o + 1] << 8) | (b[o + 2] << 16) | (b[o + 3] << 24)) >>> 0;
      const fraction = (b[o + 4] | (b[o + 5] << 8) | (b[o + 6] << 16) | (b[o + 7] << 24)) >>> 0;
      at[n] = data;
      capLen[n] = captured;
      wireLen[n] = wire >= 0 ? wire : 0x7fffffff;
      if (isNano) {
        const us = Math.floor(fraction / 1000);
        timeUs[n] = seconds * 1e6 + us;
        timeNs[n] = fraction - us * 1000;
      } else {
        timeUs[n] = seconds * 1e6 + fraction;
        timeNs[n] = 0;
      }
      iface[n] = 0;
      n++;
      o = next;
    }
    window.start = o;
    return n;
  }

  /** The same for either byte order, longer record headers and lengths the wrong way round. */
  #takeAny(window: ByteWindow, batch: FrameBatch): number {
    const { at, capLen, wireLen, timeUs, timeNs, iface } = batch;
    const b = window.bytes;
    const end = window.end;
    const big = this.#big;
    const headerBytes = this.#headerBytes;
    let o = window.start;
    let n = 0;
    while (n < batchCapacity) {
      const data = o + headerBytes;
      if (data > end) break;
      const captured = this.#captured(b, o);
      if (captured > this.#limit) {
        this.#tooLong(window.base + o, captured);
        break;
      }
      const next = data + captured;
      if (next > end) break;
      const first = u32(b, o + 8, big);
      const wire = captured === first ? u32(b, o + 12, big) : first;
      const fraction = u32(b, o + 4, big);
      const us = this.#isNano ? Math.floor(fraction / 1000) : fraction;
      at[n] = data;
      capLen[n] = captured;
      wireLen[n] = Math.min(wire, 0x7fffffff);
      timeUs[n] = u32(b, o, big) * 1e6 + us;
      timeNs[n] = this.#isNano ? fraction - us * 1000 : 0;
      iface[n] = 0;
      n++;
      o = next;
    }
    window.start = o;
    return n;
  }

  /** Captured length of the record whose header starts at `o`. */
  #captured(b: Uint8Array, o: number): number {
    const first = u32(b, o + 8, this.#big);
    if (this.#swapped === 'no') return first;
    const second = u32(b, o + 12, this.#big);
    return this.#swapped === 'yes' || first > second ? second : first;
  }

  #tooLong(at: number, captured: number): void {
    const because = `a frame of ${captured} bytes was announced, at most ${this.#limit} can be`;
    this.damage = { name: 'pcap.length', at, because };
  }
}
