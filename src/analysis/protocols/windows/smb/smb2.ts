// SMB 2 and 3 (MS-SMB2): the messages of one frame, as far as they are there.
//
//    fe 'SMB' | length 64 | credits | status (4) | command (2) | credits | flags (4) | next (4) | message (8)
//    | process (4), tree (4) or number of an asynchronous one (8) | session (8) | signature (16) | body

import { u16le, u32le, u64le } from '../../../../core/index.ts';
import { utf16Text } from '../utf16.ts';
import {
  dialectText,
  dispositionText,
  functionText,
  lastSmb2Command,
  pipeTransceive,
  smb2,
  smb2CommandText,
} from './commands.ts';
import type { SmbEvent } from './fields.ts';
import type { SmbSession, Transaction } from './session.ts';
import { fileBefore, fuidOf, has, hearPipe, type Message, openedFile, swappedGuid, textOf } from './smb2-message.ts';
import { response } from './smb2-responses.ts';

const headerBytes = 64;
/** Messages of one frame that are read. */
const compoundLimit = 64;
const dialectLimit = 64;
const responseFlag = 1;
const asyncFlag = 2;

/** Reads the messages of the frame at `at`..`end`; gives whether the first one is a response, or null when there is none. */
export function readSmb2(session: SmbSession, b: Uint8Array, at: number, end: number): boolean | null {
  let head = at;
  let isResponse: boolean | null = null;
  session.lastCreate = null;
  for (let i = 0; i < compoundLimit && end - head >= headerBytes; i++) {
    const command = u16le(b, head + 12);
    if (b[head] !== 0xfe || u16le(b, head + 4) !== headerBytes || command > lastSmb2Command) break;
    const next = u32le(b, head + 20);
    const bodyEnd = next === 0 ? end : Math.min(end, head + next);
    const flags = u32le(b, head + 16);
    const message: Message = {
      status: u32le(b, head + 8),
      command,
      messageId: u64le(b, head + 24),
      sessionId: u64le(b, head + 40),
      treeId: (flags & asyncFlag) === 0 ? u32le(b, head + 36) : 0,
      isResponse: (flags & responseFlag) !== 0,
      b,
      head,
      at: head + headerBytes,
      end: bodyEnd,
    };
    isResponse ??= message.isResponse;
    if (message.isResponse) response(session, message);
    else request(session, message);
    if (next < headerBytes) break;
    head += next;
  }
  return isResponse;
}

/** Whether a request or response of reading or writing begins at `at`, which may be long. */
export function isSmb2Bulk(b: Uint8Array, at: number): boolean {
  const command = u16le(b, at + 12);
  const isResponse = (b[at + 16] & responseFlag) !== 0;
  if (u32le(b, at + 20) !== 0) return false;
  return isResponse ? command === smb2.read : command === smb2.write;
}

function request(session: SmbSession, message: Message): void {
  const event: SmbEvent = {
    command: smb2CommandText(message.command),
    sessionId: message.sessionId,
    treeId: message.treeId,
  };
  const ask = (isTold = true): Transaction => session.ask(2, message.command, message.messageId, event, isTold);
  switch (message.command) {
    case smb2.negotiate:
      if (has(message, 36)) readNegotiate(message, event);
      ask();
      break;
    case smb2.sessionSetup: {
      const login = has(message, 24) ? readBlob(session, message, 12, event) : null;
      ask().login = login;
      break;
    }
    case smb2.treeConnect:
      if (has(message, 8)) event.share = textOf(message, 4, 6);
      ask();
      break;
    case smb2.create:
      if (has(message, 48)) readCreate(message, event);
      session.lastCreate = ask();
      break;
    case smb2.close:
      closeRequest(session, message, ask());
      break;
    case smb2.read:
      if (has(message, 32)) ask(false).fuid = fuidOf(message, 16);
      break;
    case smb2.write:
      if (has(message, 48)) writeRequest(session, message, event);
      break;
    case smb2.ioctl:
      ioctlRequest(session, message, event, ask);
      break;
    case smb2.setInfo:
      if (has(message, 32)) setInfo(session, message, event, ask);
      break;
    case smb2.find:
      if (has(message, 32)) event.pattern = textOf(message, 24, 26);
      ask();
      break;
    case smb2.treeDisconnect:
      ask();
      break;
    case smb2.getInfo:
    case smb2.cancel:
      break;
    default:
      ask();
  }
}

function readNegotiate(message: Message, event: SmbEvent): void {
  const { b, at, end } = message;
  const count = Math.min(u16le(b, at + 2), dialectLimit);
  const dialects: string[] = [];
  for (let o = at + 36; dialects.length < count && o + 2 <= end; o += 2) dialects.push(dialectText(u16le(b, o)));
  if (dialects.length > 0) event.clientDialects = dialects;
  event.clientGuid = swappedGuid(b, at + 12);
}

/** Offset and length of a security token stand at `field` of the body. */
function readBlob(session: SmbSession, message: Message, field: number, event: SmbEvent): Transaction['login'] {
  const { b, head, at, end } = message;
  const from = head + u16le(b, at + field);
  const to = Math.min(end, from + u16le(b, at + field + 2));
  return from < at || from >= to ? null : session.readLogin(b, from, to, event);
}

function readCreate(message: Message, event: SmbEvent): void {
  const { b, at } = message;
  const options = u32le(b, at + 40);
  const name = textOf(message, 44, 46);
  if (name === '') event.filename = '<share_root>';
  else if ((options & 1) !== 0) event.directory = name;
  else event.filename = name;
  event.disposition = dispositionText(u32le(b, at + 36));
  event.access = (options & 0x1000) !== 0 ? 'delete on close' : 'normal';
}

function closeRequest(session: SmbSession, message: Message, transaction: Transaction): void {
  if (!has(message, 24)) return;
  transaction.fuid = fuidOf(message, 8);
  session.closeFile(transaction.fuid);
}

function writeRequest(session: SmbSession, message: Message, event: SmbEvent): void {
  const { b, head, at, end } = message;
  const fuid = fuidOf(message, 16);
  if (fuid === fileBefore) return;
  const length = u32le(b, at + 4);
  const from = Math.max(at + 48, head + u16le(b, at + 2));
  const file = openedFile(session, message, fuid);
  if (hearPipe(session, file, 0, message, from, Math.min(end, from + length), length, event)) return;
  if (file.pipe !== null) return;
  if (file.writeId === 0) file.writeId = session.nextId();
  file.writtenBytes += length;
}

function ioctlRequest(
  session: SmbSession,
  message: Message,
  event: SmbEvent,
  ask: (isTold?: boolean) => Transaction,
): void {
  if (!has(message, 56)) {
    ask();
    return;
  }
  const { b, head, at, end } = message;
  const code = u32le(b, at + 4);
  const fuid = fuidOf(message, 8);
  const from = head + u32le(b, at + 24);
  const length = u32le(b, at + 28);
  if (code === pipeTransceive && from >= at) {
    const file = openedFile(session, message, fuid);
    if (file.pipe === null && !session.trees.has(file.treeId)) session.makePipe(file);
    if (hearPipe(session, file, 0, message, from, Math.min(end, from + length), length, event)) {
      ask(false).fuid = fuid;
      return;
    }
  }
  event.function = functionText(code);
  ask().fuid = fuid;
}

const renameClass = 10;
const dispositionClass = 13;

function setInfo(session: SmbSession, message: Message, event: SmbEvent, ask: () => Transaction): void {
  const { b, head, at, end } = message;
  const from = head + u16le(b, at + 8);
  const length = Math.min(end - from, u32le(b, at + 4));
  // Information about a file, and of a class that says something.
  if (b[at + 2] !== 1 || from < at + 32) return;
  const fuid = fuidOf(message, 16);
  const file = session.files.get(fuid);
  const oldName = file?.name ?? nameBefore(session) ?? '<unknown>';
  if (b[at + 3] === renameClass && length >= 20) {
    const nameEnd = Math.min(end, from + 20 + u32le(b, from + 16));
    event.setInfo = { class: 'FILE_INFO', info_level: 'SMB2_FILE_RENAME_INFO' };
    event.rename = { from: oldName, to: utf16Text(b, from + 20, nameEnd) };
  } else if (b[at + 3] === dispositionClass && length >= 1) {
    event.setInfo = { class: 'FILE_INFO', info_level: 'SMB2_FILE_DISPOSITION_INFO' };
    event.filename = oldName;
    event.access = b[from] === 0 ? 'normal' : 'delete on close';
  } else return;
  event.fuid = fuid;
  ask().fuid = fuid;
}

const nameBefore = (session: SmbSession): string | undefined =>
  session.lastCreate?.event.filename ?? session.lastCreate?.event.directory;
