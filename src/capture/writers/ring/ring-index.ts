// Reads one pair of the ring: the records that are asked for, in the order of the file, and the blocks they name.

import * as fs from 'node:fs';
import { headBytes, type IndexHead, isInterface, R, readHead, recordBytes } from './index-file.ts';
import { indexPath, isGone, packetPath, type RingPair } from './ring-folder.ts';

export type PairPlace = Pick<RingPair, 'folder' | 'number'>;

/** Records read at once. */
const pageRecords = 2048;
/** Blocks are read in pieces like this. */
const windowBytes = 1 << 16;
/** No block of a packet is longer: larger packets are not kept. */
const longestBlock = 1 << 20;
const packetBlock = 6;
const interfaceBlock = 1;

/** The head of a pair's index; null where there is none, or not any more. */
export function headOf(pair: PairPlace): IndexHead | null {
  const fd = openOrNull(indexPath(pair));
  if (fd === null) return null;
  try {
    const bytes = new Uint8Array(headBytes);
    return fs.readSync(fd, bytes, 0, headBytes, 0) === headBytes ? readHead(bytes) : null;
  } finally {
    fs.closeSync(fd);
  }
}

function openOrNull(path: string): number | null {
  try {
    return fs.openSync(path, 'r');
  } catch (cause) {
    if (isGone(cause)) return null;
    throw cause;
  }
}

/** An open pair. Stays readable when the ring deletes it meanwhile. What is cut off at the end is not there. */
export class RingIndex {
  /** The record that `next` went to. */
  timeUs = 0;
  flow = 0;
  number = 0;
  place = 0;
  bytes = 0;
  readonly head: IndexHead;
  readonly #indexFd: number;
  readonly #packetsFd: number;
  readonly #records: number;
  readonly #page = new Uint8Array(pageRecords * recordBytes);
  readonly #view = new DataView(this.#page.buffer);
  #pageFrom = 0;
  #pageCount = 0;
  #at = 0;
  #window = new Uint8Array(windowBytes);
  #windowAt = 0;
  #windowBytes = 0;
  readonly #interfaces = new Map<number, Uint8Array | null>();

  private constructor(head: IndexHead, indexFd: number, packetsFd: number) {
    this.head = head;
    this.#indexFd = indexFd;
    this.#packetsFd = packetsFd;
    this.#records = Math.floor((fs.fstatSync(indexFd).size - headBytes) / recordBytes);
  }

  /** Null where the pair is gone. Throws what the system says. */
  static open(pair: PairPlace): RingIndex | null {
    const head = headOf(pair);
    const indexFd = head === null ? null : openOrNull(indexPath(pair));
    const packetsFd = indexFd === null ? null : openOrNull(packetPath(pair));
    if (head !== null && indexFd !== null && packetsFd !== null) return new RingIndex(head, indexFd, packetsFd);
    if (indexFd !== null) fs.closeSync(indexFd);
    return null;
  }

  close(): void {
    fs.closeSync(this.#indexFd);
    fs.closeSync(this.#packetsFd);
  }

  /**
   * Goes to a place before which no packet is of `fromUs` or later. Packets may come late, but not later than the head
   * says: once one is that much earlier than `fromUs`, all before it are earlier, too.
   */
  seek(fromUs: number): void {
    let low = 0;
    let high = this.#records;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const isEarlier = this.#read(middle) && this.timeUs + this.head.lateUs < fromUs;
      if (isEarlier) low = middle + 1;
      else high = middle;
    }
    this.#at = low;
  }

  /** Whether the present packet and all after it are of `toUs` or later. */
  isPast(toUs: number): boolean {
    return this.timeUs >= toUs + this.head.lateUs;
  }

  /** Goes to the next record of a packet; false at the end. */
  next(): boolean {
    while (this.#at < this.#records && this.#read(this.#at)) {
      this.#at++;
      if (this.bytes !== isInterface) return true;
      this.#interfaces.set(this.number, this.#block(this.place * 4, interfaceBlock));
    }
    return false;
  }

  /** The block of the present packet as it stands in the file, valid until the next call; null for one that is damaged. */
  packet(): { readonly block: Uint8Array; readonly interfaceNumber: number } | null {
    const block = this.#block(this.place * 4, packetBlock);
    if (block === null || block.length < 32 + this.bytes) return null;
    const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
    return view.getUint32(20, true) === this.bytes ? { block, interfaceNumber: view.getUint32(8, true) } : null;
  }

  /** The block that describes an interface; null where there is none. */
  interfaceBlock(number: number): Uint8Array | null {
    const known = this.#interfaces.get(number);
    if (known !== undefined) return known;
    // Described before the place that was sought.
    const at = this.#at;
    const [timeUs, flow, packet, place, bytes] = [this.timeUs, this.flow, this.number, this.place, this.bytes];
    for (let i = 0; i < at && this.#read(i); i++) {
      if (this.bytes === isInterface && !this.#interfaces.has(this.number))
        this.#interfaces.set(this.number, this.#block(this.place * 4, interfaceBlock));
    }
    Object.assign(this, { timeUs, flow, number: packet, place, bytes });
    if (!this.#interfaces.has(number)) this.#interfaces.set(number, null);
    return this.#interfaces.get(number) ?? null;
  }

  #read(record: number): boolean {
    if (record < this.#pageFrom || record >= this.#pageFrom + this.#pageCount) {
      const from = record - (record % pageRecords);
      const read = fs.readSync(this.#indexFd, this.#page, 0, this.#page.length, headBytes + from * recordBytes);
      this.#pageFrom = from;
      this.#pageCount = Math.floor(read / recordBytes);
      if (record >= from + this.#pageCount) return false;
    }
    const view = this.#view;
    const at = (record - this.#pageFrom) * recordBytes;
    this.timeUs = view.getFloat64(at + R.timeUs, true);
    this.flow = view.getFloat64(at + R.flow, true);
    this.number = view.getFloat64(at + R.number, true);
    this.place = view.getUint32(at + R.place, true);
    this.bytes = view.getUint32(at + R.bytes, true);
    return true;
  }

  /** A whole block of this type; null where there is none. Those of packets lie in memory that is used again. */
  #block(at: number, type: number): Uint8Array | null {
    if (!this.#reach(at, 8)) return null;
    const view = new DataView(this.#window.buffer, at - this.#windowAt, 8);
    const length = view.getUint32(4, true);
    if (view.getUint32(0, true) !== type || length < 12 || length % 4 !== 0 || length > longestBlock) return null;
    if (!this.#reach(at, length)) return null;
    const block = this.#window.subarray(at - this.#windowAt, at - this.#windowAt + length);
    const end = new DataView(block.buffer, block.byteOffset + length - 4, 4).getUint32(0, true);
    if (end !== length) return null;
    return type === interfaceBlock ? block.slice() : block;
  }

  #reach(at: number, length: number): boolean {
    if (at >= this.#windowAt && at + length <= this.#windowAt + this.#windowBytes) return true;
    if (length > this.#window.length) this.#window = new Uint8Array(longestBlock);
    this.#windowAt = at;
    this.#windowBytes = fs.readSync(this.#packetsFd, this.#window, 0, this.#window.length, at);
    return length <= this.#windowBytes;
  }
}
