// Values of the Basic Encoding Rules (ITU-T X.690) as SNMP uses them: a tag, a length, the contents.
//
//   30 82 01 0a <266 bytes>      tag 0x30, length in two bytes
//   02 01 05                     tag 2 (integer), one byte

import { hexText } from '../../../core/index.ts';

/** Parts of an object identifier shown. */
const partLimit = 128;

export const tag = { integer: 0x02, octets: 0x04, nothing: 0x05, oid: 0x06, sequence: 0x30 } as const;

/** What {@link readValue} found. Overwritten by the next call. */
export const value = { at: 0, end: 0 };

/**
 * Finds the contents of the value at `at` and leaves them in {@link value}.
 * @returns its tag, -1 when it does not fit before `end`
 */
export function readValue(b: Uint8Array, at: number, end: number): number {
  if (at + 2 > end) return -1;
  let length = b[at + 1];
  let from = at + 2;
  if (length >= 0x80) {
    const size = length & 0x7f;
    if (size === 0 || size > 4 || from + size > end) return -1;
    length = 0;
    for (let i = 0; i < size; i++) length = length * 256 + b[from++];
  }
  if (length > end - from) return -1;
  value.at = from;
  value.end = from + length;
  return b[at];
}

/** Bytes of the longest number that is one: a counter of 64 bits and its sign. */
const numberBytes = 9;

/** Signed number of the contents; exact up to 6 bytes; 0 when there are more bytes than any number has. */
export function integerOf(b: Uint8Array, at: number, end: number): number {
  if (at >= end || end - at > numberBytes) return 0;
  let number = b[at] >= 0x80 ? -1 : 0;
  for (; at < end; at++) number = number * 256 + b[at];
  return number;
}

/** Unsigned number of the contents; 0 when there are more bytes than any number has. */
export function unsignedOf(b: Uint8Array, at: number, end: number): number {
  let number = 0;
  if (end - at > numberBytes) return 0;
  for (; at < end; at++) number = number * 256 + b[at];
  return number;
}

/** `1.3.6.1.2.1` of the contents. */
export function oidText(b: Uint8Array, at: number, end: number): string {
  let text = '';
  let part = 0;
  let parts = 0;
  for (; at < end && parts < partLimit; at++) {
    part = part * 128 + (b[at] & 0x7f);
    if (part > Number.MAX_SAFE_INTEGER / 128) return hexText(b, at, end);
    if (b[at] >= 0x80) continue;
    if (parts++ === 0) {
      const first = Math.min(2, Math.floor(part / 40));
      text = `${first}.${part - first * 40}`;
    } else text += `.${part}`;
    part = 0;
  }
  return text;
}
