// A part of a mail that holds something (RFC 2045 §6): how long it is decoded, and what its first bytes say it is.

import { mimeOf } from '../web/mime.ts';
import { PartSize } from './part-size.ts';

/** Bytes of a part, still encoded, that are looked at for its type. */
const firstBytes = 2048;

export class MailPart {
  /** Name it was given; null without one. */
  readonly name: string | null;
  /** Number of the part in the connection, from 1; the whole of a mail counts, too. */
  readonly depth: number;
  /** The boundary behind it was seen. */
  isWhole = false;
  /** When its first and its last byte came, microseconds since the epoch. */
  startUs = 0;
  endUs = 0;
  readonly #encoding: string;
  readonly #size: PartSize;
  #first: Uint8Array | null = null;
  #kept = 0;

  /** @param encoding the Content-Transfer-Encoding */
  constructor(name: string | null, depth: number, encoding: string) {
    this.name = name;
    this.depth = depth;
    this.#encoding = encoding.trim().toLowerCase();
    this.#size = new PartSize(encoding);
  }

  /** Bytes decoded so far. */
  get bytes(): number {
    return this.#size.bytes;
  }

  /** The same for a file: the line break before a boundary belongs to that, else to the part. */
  get seenBytes(): number {
    return this.isWhole ? this.#size.bytes : this.#size.withBreak;
  }

  /** Type by contents, in Zeek's names; undefined when they do not tell. */
  get mimeType(): string | undefined {
    if (this.#first === null) return undefined;
    const plain = this.#decoded(this.#first.subarray(0, this.#kept));
    return mimeOf(plain, 0, plain.length);
  }

  /** Takes bytes of the part, cut anywhere. */
  take(b: Uint8Array, at: number, end: number, timeUs: number): void {
    if (at >= end) return;
    this.#size.take(b, at, end);
    this.endUs = timeUs;
    if (this.#first === null) {
      this.#first = new Uint8Array(firstBytes);
      this.startUs = timeUs;
    }
    const step = Math.min(end - at, firstBytes - this.#kept);
    if (step <= 0) return;
    this.#first.set(b.subarray(at, at + step), this.#kept);
    this.#kept += step;
  }

  #decoded(b: Uint8Array): Uint8Array {
    if (this.#encoding === 'base64') return fromBase64(b);
    return this.#encoding === 'quoted-printable' ? fromQuoted(b) : b;
  }
}

function base64Value(c: number): number {
  if (c >= 0x41 && c <= 0x5a) return c - 0x41;
  if (c >= 0x61 && c <= 0x7a) return c - 0x47;
  if (c >= 0x30 && c <= 0x39) return c + 4;
  return c === 0x2b ? 62 : c === 0x2f ? 63 : -1;
}

/** Letters of base64, whatever stands between them left out. */
function fromBase64(b: Uint8Array): Uint8Array {
  const plain = new Uint8Array(b.length);
  let length = 0;
  let bits = 0;
  let word = 0;
  for (const c of b) {
    const value = base64Value(c);
    if (value < 0) continue;
    word = ((word << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    plain[length++] = word >>> bits;
  }
  return plain.subarray(0, length);
}

const hexValue = (c: number): number => Number.parseInt(String.fromCharCode(c), 16);

/** Quoted-printable: `=` and two digits is a byte, `=` at a line's end is nothing. */
function fromQuoted(b: Uint8Array): Uint8Array {
  const plain = new Uint8Array(b.length);
  let length = 0;
  for (let i = 0; i < b.length; i++) {
    if (b[i] !== 0x3d) {
      plain[length++] = b[i];
      continue;
    }
    const value = hexValue(b[i + 1]) * 16 + hexValue(b[i + 2]);
    if (!Number.isNaN(value)) {
      plain[length++] = value;
      i += 2;
    } else if (b[i + 1] === 0x0a) i += 1;
    else if (b[i + 1] === 0x0d && b[i + 2] === 0x0a) i += 2;
  }
  return plain.subarray(0, length);
}
