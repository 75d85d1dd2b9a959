// Header compression of HTTP/3 (QPACK, RFC 9204): field sections, and the encoder's stream that fills the dynamic table.

import { wireText } from '../../../../core/index.ts';
import { type HeaderField, listChars } from '../../web/http2/hpack.ts';
import { huffmanDecode } from '../../web/http2/huffman.ts';
import { staticTable } from './qpack-table.ts';

/** Fields told of one section, characters of a value, bytes of a dynamic table. */
const listLimit = 128;
const valueLimit = 4096;
const tableLimit = 65_536;
const entryOverhead = 32;

interface Entry extends HeaderField {
  readonly size: number;
}

/** What a section gives: its fields; that entries it needs have not come yet; that it cannot be read. */
export type Section = HeaderField[] | 'blocked' | 'damaged';

const scratch = new Uint8Array(16_384);

/** Reads one instruction or field after another; past the end, or when something cannot be, `isBad` is set. */
class Reader {
  b: Uint8Array = scratch;
  at = 0;
  end = 0;
  isBad = false;
  /** Bytes of the string that was read last, as its entry counts them. */
  stringBytes = 0;

  start(b: Uint8Array, at: number, end: number): void {
    this.b = b;
    this.at = at;
    this.end = end;
    this.isBad = false;
  }

  /** An integer with a prefix of so many bits (RFC 7541 §5.1). */
  integer(bits: number): number {
    if (this.at >= this.end) return this.#bad();
    const mask = (1 << bits) - 1;
    let value = this.b[this.at++] & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      if (this.at >= this.end) return this.#bad();
      const c = this.b[this.at++];
      value += (c & 127) << shift;
      if (c < 128) return value;
    }
    return this.#bad();
  }

  /** A string whose length has a prefix of so many bits, the bit above it telling Huffman's code. */
  string(bits: number): string {
    if (this.at >= this.end) {
      this.#bad();
      return '';
    }
    const isPacked = ((this.b[this.at] >> bits) & 1) !== 0;
    const length = this.integer(bits);
    const from = this.at;
    if (this.isBad || length > this.end - from) {
      this.#bad();
      return '';
    }
    this.at = from + length;
    if (!isPacked) {
      this.stringBytes = length;
      return wireText(this.b, from, from + Math.min(length, valueLimit));
    }
    const decoded = huffmanDecode(this.b, from, from + length, scratch);
    if (decoded < 0) {
      this.#bad();
      return '';
    }
    this.stringBytes = decoded;
    return wireText(scratch, 0, Math.min(decoded, valueLimit));
  }

  #bad(): number {
    this.isBad = true;
    return 0;
  }
}

const reader = new Reader();
const unknown: Entry = { name: '', value: '', size: entryOverhead };

/** One direction: what one side's encoder has put into the table, and the sections it sends. */
export class QpackDecoder {
  /** Oldest first; the number of the first is `#dropped`. Those before `#first` have fallen out. */
  #entries: Entry[] = [];
  #first = 0;
  #dropped = 0;
  #size = 0;
  #capacity = 0;
  /** The most that the other side allows: 0 until its SETTINGS were seen. */
  maximum = 0;

  get #inserted(): number {
    return this.#dropped + this.#entries.length;
  }

  /**
   * Instructions of the encoder (RFC 9204 §4.3).
   * @returns how many bytes were whole instructions
   */
  instructions(b: Uint8Array, at: number, end: number): number {
    let done = at;
    while (done < end) {
      reader.start(b, done, end);
      this.#instruction(b[done]);
      if (reader.isBad) break;
      done = reader.at;
    }
    return done - at;
  }

  #instruction(first: number): void {
    if ((first & 0x80) !== 0) {
      const index = reader.integer(6);
      const { name } = (first & 0x40) !== 0 ? (staticTable[index] ?? unknown) : this.#fromEnd(index);
      const value = reader.string(7);
      if (!reader.isBad) this.#add(name, value, name.length + reader.stringBytes);
    } else if ((first & 0x40) !== 0) {
      const name = reader.string(5);
      const nameBytes = reader.stringBytes;
      const value = reader.string(7);
      if (!reader.isBad) this.#add(name, value, nameBytes + reader.stringBytes);
    } else if ((first & 0x20) !== 0) {
      const capacity = reader.integer(5);
      if (reader.isBad) return;
      this.#capacity = Math.min(tableLimit, capacity);
      this.#evict();
    } else {
      const { name, value, size } = this.#fromEnd(reader.integer(5));
      if (!reader.isBad) this.#add(name, value, size - entryOverhead);
    }
  }

  /** A field section (RFC 9204 §4.5): prefix, then its fields. */
  section(b: Uint8Array, at: number, end: number): Section {
    reader.start(b, at, end);
    const encoded = reader.integer(8);
    const isBehind = reader.at < end && (b[reader.at] & 0x80) !== 0;
    const delta = reader.integer(7);
    if (reader.isBad) return 'damaged';
    const required = this.#required(encoded);
    if (required > this.#inserted) return 'blocked';
    const base = isBehind ? required - delta - 1 : required + delta;
    const fields: HeaderField[] = [];
    let chars = 0;
    while (reader.at < end) {
      const field = this.#field(b[reader.at], base);
      if (reader.isBad) return 'damaged';
      chars += field.name.length + field.value.length;
      if (fields.length < listLimit && chars <= listChars) fields.push(field);
    }
    return fields;
  }

  #field(first: number, base: number): HeaderField {
    if ((first & 0x80) !== 0) {
      const index = reader.integer(6);
      return (first & 0x40) !== 0 ? (staticTable[index] ?? unknown) : this.#numbered(base - index - 1);
    }
    if ((first & 0x40) !== 0) {
      const index = reader.integer(4);
      const { name } = (first & 0x10) !== 0 ? (staticTable[index] ?? unknown) : this.#numbered(base - index - 1);
      return { name, value: reader.string(7) };
    }
    if ((first & 0x20) !== 0) {
      const name = reader.string(3);
      return { name, value: reader.string(7) };
    }
    if ((first & 0x10) !== 0) return this.#numbered(base + reader.integer(4));
    const { name } = this.#numbered(base + reader.integer(3));
    return { name, value: reader.string(7) };
  }

  /** How many entries must have come, of which the wire has only the lower part (RFC 9204 §4.5.1.1). */
  #required(encoded: number): number {
    if (encoded === 0) return 0;
    const most = Math.floor((this.maximum > 0 ? this.maximum : this.#capacity) / entryOverhead);
    if (most === 0) return Number.MAX_SAFE_INTEGER;
    const greatest = this.#inserted + most;
    const required = Math.floor(greatest / (2 * most)) * 2 * most + encoded - 1;
    return required > greatest ? required - 2 * most : required;
  }

  #numbered(number: number): Entry {
    return this.#at(number - this.#dropped);
  }

  #fromEnd(index: number): Entry {
    return this.#at(this.#entries.length - 1 - index);
  }

  #at(place: number): Entry {
    return place < this.#first ? unknown : (this.#entries[place] ?? unknown);
  }

  #add(name: string, value: string, bytes: number): void {
    this.#entries.push({ name, value, size: bytes + entryOverhead });
    this.#size += bytes + entryOverhead;
    this.#evict();
  }

  #evict(): void {
    let first = this.#first;
    while (this.#size > this.#capacity && first < this.#entries.length) this.#size -= this.#entries[first++].size;
    this.#first = first;
    // Moved together only now and then: an instruction of one byte may push an entry out.
    if (first < 64 || 2 * first < this.#entries.length) return;
    this.#entries = this.#entries.slice(first);
    this.#dropped += first;
    this.#first = 0;
  }
}
