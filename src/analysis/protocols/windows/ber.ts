// Reads BER/DER elements (X.690) in place, as Kerberos, LDAP, SPNEGO and MCS use them.
//
//    tag | length (1 byte, or 0x80+n and n bytes) | contents
//
// Definite lengths and one-byte tags only: no protocol here needs more.

import { u24, u32, wireText } from '../../../core/index.ts';

/** An element; its contents are `at`..`end` and may be cut short by what was given. */
export interface BerElement {
  readonly tag: number;
  readonly at: number;
  readonly end: number;
  /** Where the next element begins, also when that is beyond what was given. */
  readonly next: number;
}

/** The element at `at`; null when there is none, or not enough of its head. */
export function element(b: Uint8Array, at: number, limit: number): BerElement | null {
  if (limit - at < 2) return null;
  const tag = b[at];
  if ((tag & 0x1f) === 0x1f) return null;
  const first = b[at + 1];
  let start = at + 2;
  let length = first;
  if (first > 0x7f) {
    const bytes = first & 0x7f;
    if (bytes < 1 || bytes > 4 || limit - start < bytes) return null;
    length = 0;
    for (let i = 0; i < bytes; i++) length = length * 256 + b[start + i];
    start += bytes;
  }
  const next = start + length;
  return { tag, at: start, end: Math.min(next, limit), next };
}

/** Whether all of an element's contents were given. */
export const isWhole = (one: BerElement): boolean => one.end === one.next;

/** First element with a tag among those at `at`; null when there is none. */
export function findElement(b: Uint8Array, at: number, end: number, tag: number): BerElement | null {
  let o = at;
  while (o < end) {
    const one = element(b, o, end);
    if (one === null) return null;
    if (one.tag === tag) return one;
    o = one.next;
  }
  return null;
}

/** What is inside of the element with tag `outer` among those at `at`, when it is one element with tag `inner`. */
export function findInside(b: Uint8Array, at: number, end: number, outer: number, inner: number): BerElement | null {
  const one = findElement(b, at, end, outer);
  if (one === null) return null;
  const inside = element(b, one.at, one.end);
  return inside !== null && inside.tag === inner ? inside : null;
}

/** Signed whole number; NaN when it has more than six bytes or none. */
export function berInteger(b: Uint8Array, one: BerElement): number {
  const length = one.end - one.at;
  if (length < 1 || length > 6 || !isWhole(one)) return Number.NaN;
  let value = b[one.at] > 0x7f ? -1 : 0;
  for (let i = one.at; i < one.end; i++) value = value * 256 + b[i];
  return value;
}

/** Text of an octet or character string, at most `limit` bytes of it. */
export function berText(b: Uint8Array, one: BerElement, limit = 1024): string {
  return wireText(b, one.at, Math.min(one.end, one.at + limit));
}

export const berFlag = (b: Uint8Array, one: BerElement): boolean => one.end > one.at && b[one.at] !== 0;

/** First 32 bits of a bit string, the first bit the highest. */
export function berBits(b: Uint8Array, one: BerElement): number {
  const at = one.at + 1;
  const length = one.end - at;
  if (length >= 4) return u32(b, at);
  if (length === 3) return (u24(b, at) << 8) >>> 0;
  if (length === 2) return ((b[at] << 24) | (b[at + 1] << 16)) >>> 0;
  return length === 1 ? (b[at] << 24) >>> 0 : 0;
}

/** Microseconds since the epoch of `YYYYMMDDhhmmssZ`; NaN when it is not of this form. */
export function berTimeUs(b: Uint8Array, one: BerElement): number {
  if (one.end - one.at < 14) return Number.NaN;
  const part = (from: number, digits: number): number => {
    let value = 0;
    for (let i = one.at + from; i < one.at + from + digits; i++) {
      const digit = b[i] - 0x30;
      if (digit < 0 || digit > 9) return Number.NaN;
      value = value * 10 + digit;
    }
    return value;
  };
  return Date.UTC(part(0, 4), part(4, 2) - 1, part(6, 2), part(8, 2), part(10, 2), part(12, 2)) * 1000;
}
