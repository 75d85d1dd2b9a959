// One side of an HTTP/1 connection: where its reader is.

import type { Conversation, Side } from '../../protocol.ts';
import type { Exchange, Message } from './exchange.ts';
import { foldValue, header, headerOf, keepValue, type RequestLine } from './head.ts';
import { lookAtBody, lookAtFraming, lookAtHeader } from './request-look.ts';

/** Where a side is. */
export const place = {
  start: 0,
  headers: 1,
  chunkSize: 2,
  trailers: 3,
  length: 4,
  chunk: 5,
  rest: 6,
  lost: 7,
  waiting: 8,
} as const;
export type Place = (typeof place)[keyof typeof place];

/** How far a side has been read. */
export interface Half {
  readonly side: Side;
  place: Place;
  exchange: Exchange | null;
  /** The message at hand, of the exchange. */
  message: Message | null;
  /** The header that came last: a folded line goes on with it. */
  lastHeader: number;
  /** Bytes left of the body or of the chunk. */
  left: number;
  /** The rest of an overlong line is passed over. */
  isSkippingLine: boolean;
  /** A request line whose end is not there yet, and may never be. */
  partial: RequestLine | null;
}

export const newHalf = (side: Side): Half => ({
  side,
  place: place.start,
  exchange: null,
  message: null,
  lastHeader: header.none,
  left: 0,
  isSkippingLine: false,
  partial: null,
});

/** Takes contents of the body at hand; gives the position after them. */
export function takeContents(half: Half, b: Uint8Array, at: number, end: number, conversation: Conversation): number {
  const to = half.place === place.rest ? end : Math.min(end, at + half.left);
  const { message } = half;
  if (message === null || message.body === null) return end;
  const { timeUs, crypto } = conversation;
  message.wireBytes += to - at;
  message.endUs = timeUs;
  message.body.take(b, at, to, timeUs, crypto);
  if (half.side === 0) lookAtBody(message, b, at, to);
  return to;
}

/** Takes a line of the head at hand, `to` its end. */
export function takeHeader(half: Half, b: Uint8Array, at: number, to: number, colon: number): void {
  const { message } = half;
  if (half.place === place.trailers || message === null) return;
  if (half.side === 0) lookAtHeader(message, b, at, to);
  if (b[at] === 0x20 || b[at] === 0x09) {
    if (half.lastHeader !== header.none) foldValue(message.head, half.lastHeader, b, at, to);
    return;
  }
  half.lastHeader = colon < 0 ? header.none : headerOf(b, at, colon);
  if (half.lastHeader === header.none) return;
  if (half.side === 0) lookAtFraming(message, half.lastHeader, b, colon + 1, to);
  keepValue(message.head, half.lastHeader, b, colon + 1, to);
}

/** So many bytes of the body went by; true when that was the last of the message. */
export function passContents(half: Half, count: number): boolean {
  if (half.place === place.rest) return false;
  half.left -= count;
  if (half.left > 0) return false;
  if (half.place !== place.chunk) return true;
  half.place = place.chunkSize;
  return false;
}

/** So many bytes were not captured; false when they reach beyond what is left of the body, or there is none. */
export function loseContents(half: Half, missing: number): boolean {
  const body = half.message?.body ?? null;
  const isRest = half.place === place.rest;
  if (body === null || (!isRest && half.place !== place.length && half.place !== place.chunk)) return false;
  body.missingBytes += isRest ? missing : Math.min(missing, half.left);
  return isRest || missing <= half.left;
}
