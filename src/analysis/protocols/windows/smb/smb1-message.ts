// Parts of SMB 1 messages: where words end, and text in either of two encodings (MS-CIFS 2.2.1.1).

import { findByte, u16le, wireText } from '../../../../core/index.ts';
import { utf16End, utf16Text } from '../utf16.ts';
import type { OpenFile, SmbSession } from './session.ts';

/** One command of a message; offsets in it count from `head`. */
export interface Message {
  readonly b: Uint8Array;
  readonly head: number;
  /** Where the number of words stands. */
  readonly words: number;
  readonly end: number;
  readonly command: number;
  readonly isUnicode: boolean;
  readonly isNtStatus: boolean;
  readonly status: number;
  readonly treeId: number;
  readonly sessionId: number;
  readonly messageId: number;
}

export interface TextPart {
  readonly text: string;
  /** Where what follows it begins. */
  readonly next: number;
}

/** Where the words end and the number of bytes stands. */
export const wordsEnd = (message: Message): number => message.words + 1 + 2 * message.b[message.words];

/** Text up to its zero, or to `end`. */
export function nextText(b: Uint8Array, at: number, end: number, isUnicode: boolean): TextPart {
  if (at >= end) return { text: '', next: end };
  if (isUnicode) {
    const stop = utf16End(b, at, end);
    return { text: utf16Text(b, at, stop), next: Math.min(end, stop + 2) };
  }
  const zero = findByte(b, at, end, 0);
  const stop = zero < 0 ? end : zero;
  return { text: wireText(b, at, Math.min(stop, at + 1024)), next: Math.min(end, stop + 1) };
}

/** Several texts, one behind the other, from the next even place on. */
export function textAt(message: Message, at: number, count: number): string[] {
  let o = message.isUnicode && ((at - message.head) & 1) === 1 ? at + 1 : at;
  const texts: string[] = [];
  while (texts.length < count) {
    const one = nextText(message.b, o, message.end, message.isUnicode);
    texts.push(one.text);
    o = one.next;
  }
  return texts;
}

/** A path behind the byte 4 that says that it is one. */
export function pathAt(message: Message, at: number): TextPart {
  let o = at + 1;
  if (message.isUnicode && ((o - message.head) & 1) === 1) o++;
  return nextText(message.b, o, message.end, message.isUnicode);
}

/** A file's number, as EVE writes it. `field` counts from the number of words. */
export const fidAt = (message: Message, field: number): string =>
  u16le(message.b, message.words + field)
    .toString(16)
    .padStart(4, '0');

/** Gives what a pipe carried to its calls; false when it is none, or not DCE/RPC. */
export function hearPipe(
  session: SmbSession,
  message: Message,
  file: OpenFile,
  side: 0 | 1,
  from: number,
  to: number,
  length: number,
  command: string,
): boolean {
  if (file.pipe === null || to <= from) return false;
  const { sessionId, treeId } = message;
  const makeCarrier = () => ({ id: session.nextId(), command, sessionId, treeId });
  return file.pipe.hear(session, file, side, message.b, from, to, length, message.status, makeCarrier);
}
