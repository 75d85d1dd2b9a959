// Frames and fragments of DNP3 (IEEE 1815-2012, clauses 9 and 8): data link with checksums, and transport segments.
//
//   +----+----+--------+---------+-------------+-------------+-----+------------------+-----+-- … 16 bytes + CRC … --+
//   | 05 | 64 | length | control | destination | source      | CRC | transport, data  | CRC |                        |
//   +----+----+--------+---------+-------------+-------------+-----+------------------+-----+------------------------+

import { u16le } from '../../../core/index.ts';

export const linkBytes = 10;

const crcTable = new Uint16Array(256).map((_, i) => {
  let crc = i;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >> 1) ^ 0xa6bc : crc >> 1;
  return crc;
});

/** CRC-16/DNP of the bytes. */
export function crcOf(b: Uint8Array, o: number, end: number): number {
  let crc = 0;
  for (let i = o; i < end; i++) crc = (crc >> 8) ^ crcTable[(crc ^ b[i]) & 255];
  return ~crc & 0xffff;
}

/** Whether a link header with a right checksum stands at `o`; ten bytes are there. */
export function isLink(b: Uint8Array, o: number): boolean {
  return b[o] === 5 && b[o + 1] === 0x64 && b[o + 2] >= 5 && crcOf(b, o, o + 8) === u16le(b, o + 8);
}

/** Bytes of a frame with all its checksums. @param length of the header: control, addresses and data */
export function frameBytes(length: number): number {
  const data = length - 5;
  return linkBytes + data + 2 * Math.ceil(data / 16);
}

/** Longest application fragment that is put together. */
const fragmentLimit = 4096;

/** Puts the segments of one side together. */
export class Fragments {
  readonly bytes = new Uint8Array(fragmentLimit);
  length = 0;
  #isOpen = false;
  #next = 0;

  /**
   * Takes a frame's data.
   * @param o of the transport header @param end of the frame
   * @returns whether a whole fragment is in `bytes`; `undefined` when a checksum is wrong
   */
  take(b: Uint8Array, o: number, end: number, data: number): boolean | undefined {
    const head = b[o];
    const sequence = head & 63;
    if ((head & 0x40) !== 0) {
      this.#isOpen = true;
      this.length = 0;
    } else if (!this.#isOpen || sequence !== this.#next) {
      this.#isOpen = false;
      return false;
    }
    this.#next = (sequence + 1) & 63;
    let at = o;
    let left = data;
    for (let isFirst = true; left > 0; isFirst = false) {
      const size = Math.min(16, left);
      if (at + size + 2 > end) return false;
      if (crcOf(b, at, at + size) !== u16le(b, at + size)) {
        this.#isOpen = false;
        return undefined;
      }
      this.#add(b, isFirst ? at + 1 : at, at + size);
      at += size + 2;
      left -= size;
    }
    if ((head & 0x80) === 0) return false;
    this.#isOpen = false;
    return true;
  }

  #add(b: Uint8Array, o: number, end: number): void {
    for (let i = o; i < end && this.length < fragmentLimit; i++) this.bytes[this.length++] = b[i];
  }
}
