// Parts of SMB 2 messages: texts and files by their place in the body, and what pipes carry.

import { u16le } from '../../../../core/index.ts';
import { plainUuid } from '../dcerpc/pdu.ts';
import { utf16Text } from '../utf16.ts';
import { smb2CommandText } from './commands.ts';
import type { SmbEvent } from './fields.ts';
import type { OpenFile, SmbSession } from './session.ts';

interface Header {
  readonly status: number;
  readonly command: number;
  readonly messageId: number;
  readonly sessionId: number;
  /** 0 where the number of an asynchronous message stands in its place. */
  readonly treeId: number;
  readonly isResponse: boolean;
}

/** A message: its body is `at`..`end`, and may be cut short; offsets in it count from `head`. */
export interface Message extends Header {
  readonly b: Uint8Array;
  readonly head: number;
  readonly at: number;
  readonly end: number;
}

/** What a request says in place of a file: the one that the request before it opens. */
export const fileBefore = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

export const has = (message: Message, bytes: number): boolean => message.end - message.at >= bytes;

export function openedFile(session: SmbSession, message: Message, fuid: string): OpenFile {
  return session.fileOf(2, fuid, message.sessionId, message.treeId);
}

/** Gives what a pipe carried to its calls; false when it is none, or not DCE/RPC. */
export function hearPipe(
  session: SmbSession,
  file: OpenFile,
  side: 0 | 1,
  message: Message,
  from: number,
  to: number,
  length: number,
  event: SmbEvent | null,
): boolean {
  const { b, sessionId, treeId } = message;
  // Where the share is not known, what looks like a call is one.
  if (file.pipe === null) {
    if (session.trees.has(file.treeId) || file.readId > 0 || file.writeId > 0 || !looksLikeRpc(b, from, to))
      return false;
    session.makePipe(file);
  }
  if (file.pipe === null || to <= from) return false;
  const command = event?.command ?? smb2CommandText(message.command);
  return file.pipe.hear(session, file, side, b, from, to, length, message.status, () => ({
    id: session.nextId(),
    command,
    sessionId,
    treeId,
  }));
}

const looksLikeRpc = (b: Uint8Array, from: number, to: number): boolean =>
  to - from >= 16 && b[from] === 5 && b[from + 1] === 0 && b[from + 2] <= 19 && b[from + 4] === 0x10;

/** Text whose offset and length stand at these places of the body. */
export function textOf(message: Message, offsetAt: number, lengthAt: number): string {
  const { b, head, at, end } = message;
  const from = head + u16le(b, at + offsetAt);
  const to = Math.min(end, from + u16le(b, at + lengthAt));
  return from < at || to <= from ? '' : utf16Text(b, from, to);
}

export const fuidOf = (message: Message, field: number): string => swappedGuid(message.b, message.at + field);

/** Like a UUID of which every part is little endian, two bytes at a time in the last two. */
export function swappedGuid(b: Uint8Array, o: number): string {
  for (let i = 0; i < 16; i++) swapped[i] = b[o + places[i]];
  return plainUuid(swapped, 0);
}

const swapped = new Uint8Array(16);
const places = [3, 2, 1, 0, 5, 4, 7, 6, 9, 8, 11, 10, 15, 14, 13, 12] as const;
