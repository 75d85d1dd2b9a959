// Header compression of HTTP/2 (RFC 7541): static table, dynamic table, integers, strings.

import { wireText } from '../../../../core/index.ts';
import { huffmanDecode } from './huffman.ts';

export interface HeaderField {
  /** Empty when the table entry came before the capture did. */
  readonly name: string;
  readonly value: string;
}

/** Fields told of one list, characters of a value, bytes of a dynamic table: what is beyond is counted, not kept. */
const listLimit = 128;
const valueLimit = 4096;
/** Characters of all fields of a list: a byte may stand for a long one of the table, again and again. */
export const listChars = 32_768;
const tableLimit = 65_536;
/** Size of the dynamic table as long as nobody says otherwise, and what an entry takes besides its text. */
const usualTable = 4096;
const entryOverhead = 32;

/** RFC 7541 appendix A, from index 1: `name` or `name value`. */
const statics: readonly HeaderField[] = [
  ':authority|:method GET|:method POST|:path /|:path /index.html|:scheme http|:scheme https|:status 200|:status 204',
  ':status 206|:status 304|:status 400|:status 404|:status 500|accept-charset|accept-encoding gzip, deflate',
  'accept-language|accept-ranges|accept|access-control-allow-origin|age|allow|authorization|cache-control',
  'content-disposition|content-encoding|content-language|content-length|content-location|content-range|content-type',
  'cookie|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|if-range|if-unmodified-since',
  'last-modified|link|location|max-forwards|proxy-authenticate|proxy-authorization|range|referer|refresh|retry-after',
  'server|set-cookie|strict-transport-security|transfer-encoding|user-agent|vary|via|www-authenticate',
]
  .join('|')
  .split('|')
  .map((line) => {
    const blank = line.indexOf(' ');
    return blank < 0 ? { name: line, value: '' } : { name: line.slice(0, blank), value: line.slice(blank + 1) };
  });

const unknown: HeaderField = { name: '', value: '' };

interface Entry extends HeaderField {
  readonly size: number;
}

/** Instead of an integer that is not all there. */
const damaged = -1;

const scratch = new Uint8Array(16_384);

export class HpackDecoder {
  /** Newest last; those before `#first` have fallen out. */
  #entries: Entry[] = [];
  #first = 0;
  #size = 0;
  #limit = usualTable;
  /** An index pointed beyond the table: the connection began before the capture. */
  isPartial = false;
  // Reading position, and what was read last.
  #at = 0;
  #end = 0;
  #b: Uint8Array = scratch;
  #text = '';
  #textBytes = 0;

  /** The other side allows a table of so many bytes; the encoder says when it makes use of it. */
  allow(bytes: number): void {
    if (bytes < this.#limit) this.#resize(bytes);
  }

  /** @returns null when the block is damaged; the table is of no use from then on */
  decode(b: Uint8Array, at: number, end: number): HeaderField[] | null {
    this.#b = b;
    this.#at = at;
    this.#end = end;
    const out: HeaderField[] = [];
    let chars = 0;
    while (this.#at < end) {
      const field = this.#representation();
      if (field === null) return null;
      if (field === undefined) continue;
      chars += field.name.length + field.value.length;
      if (out.length < listLimit && chars <= listChars) out.push(field);
    }
    this.#b = scratch;
    return out;
  }

  /** One representation (section 6); undefined for a change of the table's size. */
  #representation(): HeaderField | null | undefined {
    const c = this.#b[this.#at];
    if (c >= 0x80) {
      const index = this.#integer(7);
      return index <= 0 ? null : this.#entry(index);
    }
    if (c >= 0x40) {
      const field = this.#literal(6);
      if (field !== null) this.#add(field);
      return field;
    }
    if (c >= 0x20) {
      const size = this.#integer(5);
      if (size < 0) return null;
      this.#resize(Math.min(size, tableLimit));
      return undefined;
    }
    return this.#literal(4);
  }

  #literal(bits: number): Entry | null {
    const index = this.#integer(bits);
    if (index < 0) return null;
    let name = '';
    let nameBytes = 0;
    if (index > 0) {
      name = this.#entry(index).name;
      nameBytes = name.length;
    } else {
      if (!this.#string()) return null;
      name = this.#text;
      nameBytes = this.#textBytes;
    }
    if (!this.#string()) return null;
    return { name, value: this.#text, size: nameBytes + this.#textBytes + entryOverhead };
  }

  #entry(index: number): HeaderField {
    if (index <= statics.length) return statics[index - 1];
    const at = this.#entries.length - (index - statics.length);
    if (at >= this.#first) return this.#entries[at];
    this.isPartial = true;
    return unknown;
  }

  #add(entry: Entry): void {
    this.#size += entry.size;
    this.#entries.push(entry);
    this.#evict();
  }

  #resize(bytes: number): void {
    this.#limit = bytes;
    this.#evict();
  }

  #evict(): void {
    let first = this.#first;
    while (this.#size > this.#limit && first < this.#entries.length) this.#size -= this.#entries[first++].size;
    this.#first = first;
    // Moved together only now and then: an entry of two bytes on the wire may push another out each time.
    if (first < 64 || 2 * first < this.#entries.length) return;
    this.#entries = this.#entries.slice(first);
    this.#first = 0;
  }

  /** An integer with a prefix of so many bits (section 5.1). */
  #integer(bits: number): number {
    const b = this.#b;
    if (this.#at >= this.#end) return damaged;
    const mask = (1 << bits) - 1;
    let value = b[this.#at++] & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      if (this.#at >= this.#end) return damaged;
      const c = b[this.#at++];
      value += (c & 127) << shift;
      if (c < 128) return value;
    }
    return damaged;
  }

  /** A string (section 5.2) into `#text`. */
  #string(): boolean {
    const b = this.#b;
    if (this.#at >= this.#end) return false;
    const isPacked = b[this.#at] >= 0x80;
    const length = this.#integer(7);
    const from = this.#at;
    if (length < 0 || length > this.#end - from) return false;
    this.#at = from + length;
    if (!isPacked) {
      this.#textBytes = length;
      this.#text = wireText(b, from, from + Math.min(length, valueLimit));
      return true;
    }
    const decoded = huffmanDecode(b, from, from + length, scratch);
    if (decoded < 0) return false;
    this.#textBytes = decoded;
    this.#text = wireText(scratch, 0, Math.min(decoded, valueLimit));
    return true;
  }
}
