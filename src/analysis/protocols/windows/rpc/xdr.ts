// Reads XDR (RFC 4506): four bytes a number, text and opaque data with their length before them and filled up behind.

import { u32, wireText } from '../../../../core/index.ts';

/** A place in a message; what does not fit any more makes it fail, and reading on gives zeros and empty text. */
export interface XdrCursor {
  readonly b: Uint8Array;
  at: number;
  readonly end: number;
  isFailed: boolean;
}

export const xdrAt = (b: Uint8Array, at: number, end: number): XdrCursor => ({ b, at, end, isFailed: false });

export function xdrNumber(cursor: XdrCursor): number {
  if (cursor.end - cursor.at < 4) {
    cursor.isFailed = true;
    return 0;
  }
  const value = u32(cursor.b, cursor.at);
  cursor.at += 4;
  return value;
}

export function xdrSkip(cursor: XdrCursor, bytes: number): void {
  if (cursor.end - cursor.at < bytes) cursor.isFailed = true;
  else cursor.at += bytes;
}

/** Where opaque data begins; `length` bytes of it, of which no more than there are. */
export function xdrOpaque(cursor: XdrCursor): { at: number; length: number } {
  const length = xdrNumber(cursor);
  const { at } = cursor;
  if (cursor.isFailed || length > cursor.end - at) {
    cursor.isFailed = true;
    return { at, length: 0 };
  }
  cursor.at = Math.min(cursor.end, at + length + ((4 - (length & 3)) & 3));
  return { at, length };
}

export function xdrText(cursor: XdrCursor): string {
  const { at, length } = xdrOpaque(cursor);
  return wireText(cursor.b, at, at + Math.min(length, 1024));
}
