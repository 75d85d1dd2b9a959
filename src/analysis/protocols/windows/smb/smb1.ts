// SMB 1 (MS-CIFS, MS-SMB): one message with its chain of commands.
//
//    ff 'SMB' | command | status (4) | flags | flags (2) | ... | tree (2) | process (2) | user (2) | message (2)
//    | words: count, 2 bytes each | bytes: count (2), what there is

import { u16le, u32le } from '../../../../core/index.ts';
import { dispositionText, smb1, smb1CommandText } from './commands.ts';
import type { SmbEvent } from './fields.ts';
import { type FileTimes, filetimeUs, type SmbSession, type Transaction, toSec } from './session.ts';
import { fidAt, hearPipe, type Message, nextText, pathAt, textAt, wordsEnd } from './smb1-message.ts';
import { noteTransaction, noteTransactionAnswer, transactRequest, transactResponse } from './smb1-transact.ts';
import { swappedGuid } from './smb2-message.ts';
import { oldStatusText, setStatus, statusBufferOverflow, statusMoreProcessing, statusOk } from './status.ts';

const headerBytes = 32;
const chainLimit = 8;
const dialectLimit = 64;

/** Reads the message at `at`..`end`; gives whether it is a response, or null when it is none. */
export function readSmb1(session: SmbSession, b: Uint8Array, at: number, end: number): boolean | null {
  if (end - at < headerBytes + 3) return null;
  const isResponse = (b[at + 9] & 0x80) !== 0;
  const flags2 = u16le(b, at + 10);
  const user = u16le(b, at + 28);
  const process = u16le(b, at + 26);
  let command = b[at + 4];
  let words = at + headerBytes;
  for (let i = 0; i < chainLimit; i++) {
    const message: Message = {
      b,
      head: at,
      words,
      end,
      command,
      isUnicode: (flags2 & 0x8000) !== 0,
      isNtStatus: (flags2 & 0x4000) !== 0,
      status: u32le(b, at + 5),
      treeId: u16le(b, at + 24),
      sessionId: process * 65536 + user,
      messageId: process * 65536 + u16le(b, at + 30),
    };
    if (isResponse) response(session, message);
    else request(session, message);
    // Commands that others may follow begin with the next one and its place.
    if (!andx.has(command) || b[words] < 2 || words + 5 > end) break;
    command = b[words + 1];
    const next = at + u16le(b, words + 3);
    if (command === smb1.none || next <= words || next + 3 > end) break;
    words = next;
  }
  return isResponse;
}

const andx = new Set<number>([
  smb1.lockingAndx,
  smb1.openAndx,
  smb1.readAndx,
  smb1.writeAndx,
  smb1.sessionSetup,
  smb1.logoff,
  smb1.treeConnect,
  smb1.ntCreate,
]);

function request(session: SmbSession, message: Message): void {
  const { command, messageId } = message;
  const event: SmbEvent = {
    command: smb1CommandText(command),
    sessionId: message.sessionId,
    treeId: message.treeId,
  };
  noteTransaction(session, message);
  const ask = (isTold = true): Transaction => session.ask(1, command, messageId, event, isTold);
  switch (command) {
    case smb1.negotiate:
      readDialects(message, event);
      ask();
      break;
    case smb1.sessionSetup: {
      const login = setupRequest(session, message, event);
      ask().login = login;
      break;
    }
    case smb1.treeConnect:
      treeRequest(message, event);
      ask();
      break;
    case smb1.ntCreate:
    case smb1.openAndx:
      readCreate(message, event);
      ask();
      break;
    case smb1.close:
      if (has(message, 3)) session.closeFile(fidAt(message, 1));
      ask();
      break;
    case smb1.delete:
      event.filename = pathAt(message, wordsEnd(message) + 2).text;
      ask();
      break;
    case smb1.createDirectory:
    case smb1.deleteDirectory:
      event.directory = pathAt(message, wordsEnd(message) + 2).text;
      ask();
      break;
    case smb1.rename: {
      const from = pathAt(message, wordsEnd(message) + 2);
      event.rename = { from: from.text, to: pathAt(message, from.next).text };
      event.fuid = '';
      ask();
      break;
    }
    case smb1.readAndx:
      if (has(message, 10)) ask(false).fuid = fidAt(message, 5);
      break;
    case smb1.writeAndx:
      if (has(message, 12)) writeRequest(session, message, event);
      break;
    case smb1.trans:
    case smb1.trans2:
      transactRequest(session, message, event, ask);
      break;
    case smb1.ntCancel:
    case smb1.transSecondary:
    case smb1.trans2Secondary:
    case smb1.ntTransSecondary:
      break;
    default:
      ask();
  }
}

/** Whether there are so many words. */
const has = (message: Message, words: number): boolean =>
  message.b[message.words] >= words && message.words + 1 + 2 * words <= message.end;

/** Each behind a byte 2, with a zero at its end. */
function readDialects(message: Message, event: SmbEvent): void {
  const dialects: string[] = [];
  let o = wordsEnd(message) + 2;
  while (o < message.end && dialects.length < dialectLimit) {
    const one = nextText(message.b, o + 1, message.end, false);
    dialects.push(one.text);
    o = one.next;
  }
  if (dialects.length > 0) event.clientDialects = dialects;
}

/** With a token (12 words), with passwords (13 words), or from before there were domains (10 words). */
function setupRequest(session: SmbSession, message: Message, event: SmbEvent): Transaction['login'] {
  const { b, words, end } = message;
  const bytes = wordsEnd(message) + 2;
  if (b[words] === 12 && has(message, 12)) {
    const to = Math.min(end, bytes + u16le(b, words + 15));
    const login = session.readLogin(b, bytes, to, event);
    const [os, lm] = textAt(message, to, 2);
    event.request = { native_os: os, native_lm: lm };
    return login;
  }
  if (b[words] !== 13 && b[words] !== 10) return null;
  if (!has(message, b[words])) return null;
  const passwords = u16le(b, words + 15) + (b[words] === 13 ? u16le(b, words + 17) : 0);
  const [user, domain, os, lm] = textAt(message, bytes + passwords, 4);
  event.request = { native_os: os, native_lm: lm };
  const answer = { domain, user, host: '', version: undefined };
  event.ntlmssp = { domain, user, host: '' };
  return { answer, ticket: null };
}

function treeRequest(message: Message, event: SmbEvent): void {
  if (!has(message, 4)) return;
  const { b, words, end, isUnicode } = message;
  const passwordEnd = wordsEnd(message) + 2 + u16le(b, words + 7);
  // Text in UTF-16 begins at an even place.
  const from = isUnicode && ((passwordEnd - message.head) & 1) === 1 ? passwordEnd + 1 : passwordEnd;
  const path = nextText(b, from, end, isUnicode);
  event.share = path.text;
  event.service = { request: nextText(b, path.next, end, false).text };
}

function readCreate(message: Message, event: SmbEvent): void {
  const isNew = message.command === smb1.ntCreate;
  const { b, words, end, isUnicode } = message;
  if (!has(message, isNew ? 24 : 15)) return;
  let from = wordsEnd(message) + 2;
  if (isUnicode && ((from - message.head) & 1) === 1) from++;
  const limit = isNew ? Math.min(end, from + Math.max(2, u16le(b, words + 6))) : end;
  const name = nextText(b, from, limit, isUnicode).text;
  const options = isNew ? u32le(b, words + 40) : 0;
  if (name === '' || name === '\\') event.filename = '<share_root>';
  else if ((options & 1) !== 0) event.directory = name;
  else event.filename = name;
  if (!isNew) return;
  event.disposition = dispositionText(u32le(b, words + 36));
  event.access = (options & 0x1000) !== 0 ? 'delete on close' : 'normal';
}

function writeRequest(session: SmbSession, message: Message, event: SmbEvent): void {
  const { b, head, words, end } = message;
  const fid = fidAt(message, 5);
  const length = u16le(b, words + 21) + 65536 * u16le(b, words + 19);
  const from = head + u16le(b, words + 23);
  const file = session.fileOf(1, fid, message.sessionId, message.treeId);
  if (hearPipe(session, message, file, 0, from, Math.min(end, from + length), length, event.command ?? '')) return;
  if (file.pipe !== null) return;
  if (file.writeId === 0) file.writeId = session.nextId();
  file.writtenBytes += length;
}

// --- responses -----------------------------------------------------------------------------------------------------

function response(session: SmbSession, message: Message): void {
  const { command, messageId } = message;
  noteTransactionAnswer(session, message);
  const transaction = session.answered(1, command, messageId);
  if (transaction === undefined) return;
  const { event } = transaction;
  if (transaction.isTold) setAnyStatus(event, message);
  const isOk = message.status === statusOk;
  if (command === smb1.negotiate) negotiated(session, message, event);
  else if (command === smb1.sessionSetup) sessionOpened(session, message, transaction);
  else if (command === smb1.treeConnect) treeConnected(session, message, transaction);
  else if ((command === smb1.ntCreate || command === smb1.openAndx) && isOk) created(session, message, transaction);
  else if (command === smb1.readAndx) readResponse(session, message, transaction);
  else if (command === smb1.trans) transactResponse(session, message, transaction);
  else if (command === smb1.treeDisconnect) session.trees.delete(message.treeId);
  else if (isOk) changed(session, command, transaction);
  session.finish(transaction);
}

function setAnyStatus(event: SmbEvent, message: Message): void {
  if (message.isNtStatus || message.status === 0) {
    setStatus(event, message.status);
    return;
  }
  const code = u16le(message.b, message.head + 7);
  event.status = oldStatusText(message.b[message.head + 5], code);
  event.statusCode = `0x${code.toString(16).padStart(4, '0')}`;
}

function negotiated(session: SmbSession, message: Message, event: SmbEvent): void {
  const { b, words } = message;
  if (!has(message, 1)) return;
  const dialect = event.clientDialects?.[u16le(b, words + 1)];
  if (dialect !== undefined) session.dialect = dialect;
  const bytes = wordsEnd(message) + 2;
  event.serverGuid = b[words] >= 17 && bytes + 16 <= message.end ? swappedGuid(b, bytes) : '';
}

function sessionOpened(session: SmbSession, message: Message, transaction: Transaction): void {
  const { b, words, end } = message;
  const { event } = transaction;
  let at = wordsEnd(message) + 2;
  event.sessionId = message.sessionId;
  event.treeId = message.treeId;
  if (b[words] === 4 && has(message, 4)) {
    const to = Math.min(end, at + u16le(b, words + 7));
    session.readChallenge(b, at, to);
    at = to;
  }
  if (b[words] >= 3) {
    const [os, lm] = textAt(message, at, 2);
    event.response = { native_os: os, native_lm: lm };
  }
  if (message.status !== statusMoreProcessing) session.tellLogin(transaction, message.status === statusOk);
}

function treeConnected(session: SmbSession, message: Message, transaction: Transaction): void {
  const { event } = transaction;
  event.treeId = message.treeId;
  if (message.status !== statusOk || !has(message, 2)) return;
  const { b, end, isUnicode } = message;
  const service = nextText(b, wordsEnd(message) + 2, end, false);
  const from = isUnicode && ((service.next - message.head) & 1) === 1 ? service.next + 1 : service.next;
  const isPipe = service.text === 'IPC';
  const share = event.share ?? '';
  event.service = { ...event.service, response: service.text };
  if (isPipe) {
    event.namedPipe = share;
    delete event.share;
  }
  session.addTree(message.treeId, { share, isPipe });
  const kind = isPipe ? 'PIPE' : service.text.startsWith('LPT') ? 'PRINT' : 'DISK';
  session.logMapping(share, kind, service.text, nextText(b, from, end, isUnicode).text, transaction.timeUs);
}

const noTimes: FileTimes = { createdUs: 0, accessedUs: 0, modifiedUs: 0, changedUs: 0, sizeBytes: 0 };

function created(session: SmbSession, message: Message, transaction: Transaction): void {
  const { b, words } = message;
  const { event, timeUs } = transaction;
  const isNew = message.command === smb1.ntCreate;
  if (!has(message, isNew ? 34 : 3)) return;
  event.fuid = fidAt(message, isNew ? 6 : 5);
  const times = isNew ? timesOf(b, words + 12, words + 56) : noTimes;
  event.created = toSec(times.createdUs);
  event.accessed = toSec(times.accessedUs);
  event.modified = toSec(times.modifiedUs);
  event.changed = toSec(times.changedUs);
  event.size = times.sizeBytes;
  const name = event.filename ?? event.directory ?? '';
  const isRoot = name === '<share_root>';
  const file = session.addFile(1, event.fuid, isRoot ? '' : name, message.sessionId, message.treeId, times);
  if (file.pipe === null) session.logFile('OPEN', file, undefined, timeUs);
}

function timesOf(b: Uint8Array, o: number, sizeAt: number): FileTimes {
  return {
    createdUs: filetimeUs(b, o),
    accessedUs: filetimeUs(b, o + 8),
    modifiedUs: filetimeUs(b, o + 16),
    changedUs: filetimeUs(b, o + 24),
    sizeBytes: u32le(b, sizeAt) + 4294967296 * u32le(b, sizeAt + 4),
  };
}

function readResponse(session: SmbSession, message: Message, transaction: Transaction): void {
  const { b, head, words, end, status } = message;
  if ((status !== statusOk && status !== statusBufferOverflow) || !has(message, 8)) return;
  const length = u16le(b, words + 11) + 65536 * u16le(b, words + 15);
  const from = head + u16le(b, words + 13);
  const file = session.fileOf(1, transaction.fuid, message.sessionId, message.treeId);
  if (hearPipe(session, message, file, 1, from, Math.min(end, from + length), length, '')) return;
  if (file.pipe !== null) return;
  if (file.readId === 0) file.readId = session.nextId();
  file.readBytes += length;
}

/** Deleted or renamed by name. */
function changed(session: SmbSession, command: number, transaction: Transaction): void {
  const { event, timeUs } = transaction;
  const share = session.trees.get(event.treeId ?? -1)?.share ?? '';
  const base = { share, times: null } as const;
  const rename = event.rename as { from: string; to: string } | undefined;
  if (command === smb1.rename && rename !== undefined) {
    session.logFile('RENAME', { ...base, name: rename.from }, rename.to, timeUs);
  } else if (command === smb1.delete) {
    session.logFile('DELETE', { ...base, name: event.filename ?? '' }, undefined, timeUs);
  }
}
