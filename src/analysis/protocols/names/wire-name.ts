// Domain names as they stand in messages: labels and pointers (RFC 1035 §4.1.4), read within bounds.
//
//   03 'www' 04 'test' 00            a name of two labels
//   04 'mail' c0 0c                  one label, then what stands at byte 12 of the message

import { latin1, wireText } from '../../../core/index.ts';

/** Characters kept of a name. RFC 1035 allows 255; longer ones are cut here and say so. */
export const nameLimit = 1025;
/** Pointers followed within one name. */
const pointerLimit = 255;
/** Names remembered as text: the same ones come again and again. A power of two. */
const rememberedNames = 2048;

const scratch = new Uint8Array(nameLimit);
const remembered: string[] = new Array<string>(rememberedNames).fill('');

/**
 * Characters of names inside of data that are still told of the message at hand; each time such a name is told it counts.
 * Two bytes of a pointer make a name of a thousand: a datagram of 14 kB made lines of megabytes.
 */
export const dataNames = { left: 0 };
const dataNamesLimit = 131_072;

/** A message begins. */
export function freshDataNames(): void {
  dataNames.left = dataNamesLimit;
}

/** {@link readName} for a name inside of data; -1 also when the message has told too much by such names. */
export function readDataName(b: Uint8Array, at: number, end: number, base: number): number {
  if (dataNames.left <= 0) return -1;
  const next = readName(b, at, end, base);
  dataNames.left -= nameRead.text.length;
  return next;
}

/** What {@link readName} found. Overwritten by the next call. */
export const nameRead = { text: '', isTruncated: false };

/**
 * Reads the name at `at` into {@link nameRead}; the root is the empty text.
 * @param base where the message begins: pointers count from there
 * @returns position after the name, -1 when it breaks off or its pointers lead nowhere
 */
export function readName(b: Uint8Array, at: number, end: number, base: number): number {
  let length = 0;
  let next = -1;
  let pointers = 0;
  let hash = 0;
  let isPlain = true;
  let isFull = false;
  for (;;) {
    if (at >= end) return -1;
    const size = b[at];
    if (size === 0) {
      if (next < 0) next = at + 1;
      break;
    }
    if (size >= 0xc0) {
      if (at + 2 > end || ++pointers > pointerLimit) return -1;
      if (next < 0) next = at + 2;
      // A full name only needs its end, which is known now.
      if (isFull) break;
      at = base + (((size & 0x3f) << 8) | b[at + 1]);
      continue;
    }
    const stop = at + 1 + size;
    if (size > 0x3f || stop > end) return -1;
    if (isFull) {
      at = stop;
      if (next >= 0) break;
      continue;
    }
    if (length > 0 && length < nameLimit) {
      scratch[length++] = 0x2e;
      hash = (hash * 31 + 0x2e) | 0;
    }
    for (at++; at < stop && length < nameLimit; at++) {
      const c = b[at];
      if (c < 0x20 || c > 0x7e) isPlain = false;
      scratch[length++] = c;
      hash = (hash * 31 + c) | 0;
    }
    if (at < stop) {
      isFull = true;
      at = stop;
      if (next >= 0) break;
    }
  }
  nameRead.isTruncated = isFull;
  nameRead.text = isPlain ? plainText(length, hash) : wireText(scratch, 0, length);
  return next;
}

/** Text of printable bytes, the one made before when it is still remembered. */
function plainText(length: number, hash: number): string {
  const slot = (hash ^ (hash >>> 15)) & (rememberedNames - 1);
  const before = remembered[slot];
  if (before.length === length) {
    let i = 0;
    while (i < length && before.charCodeAt(i) === scratch[i]) i++;
    if (i === length) return before;
  }
  const text = latin1(scratch, 0, length);
  remembered[slot] = text;
  return text;
}

/** Position after the name at `at`, without reading it; -1 when it breaks off or is none. */
export function skipName(b: Uint8Array, at: number, end: number): number {
  const limit = at + 255;
  while (at < end && at < limit) {
    const size = b[at];
    if (size === 0) return at + 1;
    if (size >= 0xc0) return at + 2 <= end ? at + 2 : -1;
    if (size > 0x3f) return -1;
    at += 1 + size;
  }
  return -1;
}
