// The body of an HTTP message as it passes: counted, its first bytes looked at, nothing of it kept.

import { type Crypto, findByte, hasAscii, hasAsciiAnyCase, u32le, wireText } from '../../../../core/index.ts';
import { mimeBytes, mimeOf } from '../mime.ts';
import { afterLead } from './head.ts';

/** Content codings that can be undone for a look (RFC 9110 section 8.4.1). */
export type Coding = 'gzip' | 'deflate' | 'br' | null;

export function codingOf(contentEncoding: string | undefined): Coding {
  if (contentEncoding === undefined) return null;
  const name = contentEncoding.trim().toLowerCase();
  if (name === 'gzip' || name === 'x-gzip') return 'gzip';
  return name === 'deflate' || name === 'br' ? name : null;
}

/** Bytes that the look at a packed body may unpack. */
const unpackLimit = 65_536;
/** No gzip member grows to more than so many times its size. */
const gzipRatio = 1032;

export class Body {
  readonly coding: Coding;
  readonly isMultipart: boolean;
  /** Bytes it should have by Content-Length, -1 when that is not said. */
  readonly expected: number;
  /** Bytes that were seen, without the framing of chunks. */
  seenBytes = 0;
  missingBytes = 0;
  startUs = 0;
  endUs = 0;
  /** Its end was seen. */
  isWhole = false;
  mimeType: string | undefined = undefined;
  /** Identification of the file it was told as; empty before. */
  fuid = '';
  /** Name of the first file in a multipart body. */
  partName: string | undefined = undefined;
  #partAt = 0;
  #partEnd = -1;
  #boundaryBytes = 0;
  #sample: Uint8Array | null = null;
  #kept = 0;
  #isSniffed = false;
  #unpackedBytes = -1;
  /** The last four bytes, little endian: a gzip member ends with the size of its contents (RFC 1952 section 2.3.1). */
  #tail = 0;

  /** @param isMiddle it is a part of something that does not begin here, so that its first bytes say nothing */
  constructor(coding: Coding, expected: number, isMultipart: boolean, isMiddle = false) {
    this.#isSniffed = isMiddle;
    this.coding = coding;
    this.expected = expected;
    this.isMultipart = isMultipart;
  }

  /** Contents from `at` to `end`. */
  take(b: Uint8Array, at: number, end: number, timeUs: number, crypto: Crypto): void {
    const count = end - at;
    if (this.seenBytes === 0) this.startUs = timeUs;
    this.endUs = timeUs;
    this.seenBytes += count;
    if (this.coding === 'gzip') this.#keepTail(b, at, end);
    if (!this.#isSniffed) this.#keepSample(b, at, end, crypto);
  }

  /** No more will come. */
  finish(isWhole: boolean, crypto: Crypto): void {
    this.isWhole = isWhole && this.missingBytes === 0;
    if (!this.#isSniffed && this.#sample !== null) this.#sniff(this.#sample, 0, this.#kept, crypto);
    this.#sample = null;
  }

  /** Length of the contents, unpacked where that can be told. */
  get size(): number {
    if (this.partName !== undefined) return this.#partSize();
    if (this.#unpackedBytes >= 0 && this.isWhole) return this.#unpackedBytes;
    const seen = this.seenBytes;
    const isTold = this.coding === 'gzip' && this.isWhole && seen >= 18;
    return isTold && this.#tail <= seen * gzipRatio && this.#tail >= seen - 1024 ? this.#tail : seen;
  }

  #partSize(): number {
    const { seenBytes } = this;
    if (this.#partEnd >= 0) return this.#partEnd - this.#partAt;
    // The body ends with CR LF, the boundary between two hyphens on either side, CR LF.
    return Math.max(0, seenBytes - this.#partAt - (this.isWhole ? this.#boundaryBytes + 6 : 0));
  }

  #keepTail(b: Uint8Array, at: number, end: number): void {
    if (end - at >= 4) this.#tail = u32le(b, end - 4);
    else for (let i = at; i < end; i++) this.#tail = ((this.#tail >>> 8) | (b[i] << 24)) >>> 0;
  }

  #keepSample(b: Uint8Array, at: number, end: number, crypto: Crypto): void {
    const count = end - at;
    if (this.#sample === null) {
      if (count >= mimeBytes || count === this.expected) {
        this.#sniff(b, at, Math.min(end, at + mimeBytes), crypto);
        return;
      }
      this.#sample = new Uint8Array(mimeBytes);
    }
    const room = Math.min(count, mimeBytes - this.#kept);
    this.#sample.set(b.subarray(at, at + room), this.#kept);
    this.#kept += room;
    if (this.#kept < mimeBytes) return;
    this.#sniff(this.#sample, 0, mimeBytes, crypto);
    this.#sample = null;
  }

  #sniff(b: Uint8Array, at: number, end: number, crypto: Crypto): void {
    this.#isSniffed = true;
    if (this.coding !== null) {
      const plain = crypto.unpack(this.coding, b.slice(at, end), unpackLimit);
      if (this.seenBytes === end - at && plain.length > 0) this.#unpackedBytes = plain.length;
      this.mimeType = plain.length > 0 ? mimeOf(plain, 0, plain.length) : undefined;
      return;
    }
    if (this.isMultipart && this.#findPart(b, at, end)) return;
    this.mimeType = mimeOf(b, at, end);
  }

  /** The first part with a file name (RFC 7578 section 4.2): its name, where it begins and, if it is short, ends. */
  #findPart(b: Uint8Array, at: number, end: number): boolean {
    const begin = afterLead(b, at, end);
    const lineEnd = findByte(b, begin, end, 0x0a);
    if (lineEnd < 0 || !hasAscii(b, begin, end, '--')) return false;
    const boundaryEnd = b[lineEnd - 1] === 0x0d ? lineEnd - 1 : lineEnd;
    const boundary = wireText(b, begin, boundaryEnd);
    let nameAt = -1;
    for (let i = lineEnd; i < end && nameAt < 0; i++) {
      if (b[i] === 0x3b && hasAsciiAnyCase(b, i + 1, end, ' filename="')) nameAt = i + 12;
    }
    const nameEnd = nameAt < 0 ? -1 : findByte(b, nameAt, end, 0x22);
    if (nameEnd < 0) return false;
    let from = nameEnd;
    while (from < end && !hasAscii(b, from, end, '\r\n\r\n')) from++;
    from += 4;
    if (from > end) return false;
    this.partName = wireText(b, nameAt, nameEnd);
    this.#partAt = from - at;
    this.#boundaryBytes = boundaryEnd - begin;
    let to = end;
    for (let i = from; i < end; i++) {
      if (b[i] !== 0x0d || b[i + 1] !== 0x0a || !hasAscii(b, i + 2, end, boundary)) continue;
      this.#partEnd = i - at;
      to = i;
      break;
    }
    this.mimeType = mimeOf(b, from, to);
    return true;
  }
}
