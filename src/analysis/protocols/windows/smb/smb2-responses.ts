// Responses of SMB 2 and 3 (MS-SMB2 2.2): what became of the requests.

import { u16le, u32le, u64le } from '../../../../core/index.ts';
import { dialectText, smb2 } from './commands.ts';
import { type FileTimes, filetimeUs, type SmbSession, type Transaction, toSec } from './session.ts';
import { fileBefore, fuidOf, has, hearPipe, type Message, swappedGuid } from './smb2-message.ts';
import { setStatus, statusBufferOverflow, statusMoreProcessing, statusOk, statusPending } from './status.ts';

export function response(session: SmbSession, message: Message): void {
  const { command, status } = message;
  if (status === statusPending) {
    pending(session, message);
    return;
  }
  const transaction = session.answered(2, command, message.messageId);
  if (command === smb2.negotiate) {
    negotiated(session, message, transaction);
    return;
  }
  if (transaction === undefined) return;
  const { event } = transaction;
  if (transaction.isTold) setStatus(event, status);
  const isOk = status === statusOk;
  if (command === smb2.sessionSetup) sessionOpened(session, message, transaction);
  else if (command === smb2.treeConnect) treeConnected(session, message, transaction);
  else if (command === smb2.create && isOk && has(message, 80)) created(session, message, transaction);
  else if (command === smb2.read) readResponse(session, message, transaction);
  else if (command === smb2.ioctl && !transaction.isTold) ioctlResponse(session, message, transaction);
  else if (command === smb2.setInfo && isOk) infoSet(session, transaction);
  else if (command === smb2.close && transaction.fuid === fileBefore) session.closeFile(session.lastFuid);
  else if (command === smb2.treeDisconnect) session.trees.delete(message.treeId);
  session.finish(transaction);
}

/** Told once it is done; what is known so far is kept for when it never is. */
function pending(session: SmbSession, message: Message): void {
  const index = session.find(2, message.command, message.messageId);
  if (index >= 0) setStatus(session.pending[index].event, message.status);
}

function negotiated(session: SmbSession, message: Message, asked: Transaction | undefined): void {
  // A client may ask in SMB 1 and be answered in SMB 2.
  const old = asked ?? session.answeredNegotiate();
  const { b, at } = message;
  if (has(message, 64) && message.status === statusOk) {
    session.dialect = dialectText(u16le(b, at + 4));
    session.maxReadBytes = u32le(b, at + 32);
    session.maxWriteBytes = u32le(b, at + 36);
    const from = message.head + u16le(b, at + 56);
    session.readChallenge(b, from, Math.min(message.end, from + u16le(b, at + 58)));
  }
  if (old === undefined) return;
  const { event } = old;
  setStatus(event, message.status);
  if (session.maxReadBytes > 0) event.maxReadSize = session.maxReadBytes;
  if (session.maxWriteBytes > 0) event.maxWriteSize = session.maxWriteBytes;
  if (has(message, 24)) event.serverGuid = swappedGuid(b, at + 8);
  session.finish(old);
}

function sessionOpened(session: SmbSession, message: Message, transaction: Transaction): void {
  const { b, head, at, end, status } = message;
  transaction.event.sessionId = message.sessionId;
  transaction.event.treeId = message.treeId;
  if (has(message, 8)) {
    const from = head + u16le(b, at + 4);
    if (from >= at) session.readChallenge(b, from, Math.min(end, from + u16le(b, at + 6)));
  }
  if (status !== statusMoreProcessing) session.tellLogin(transaction, status === statusOk);
}

const shareTypes = ['UNKNOWN', 'FILE', 'PIPE', 'PRINT'] as const;
const mappingTypes = ['', 'DISK', 'PIPE', 'PRINT'] as const;

function treeConnected(session: SmbSession, message: Message, transaction: Transaction): void {
  const { event } = transaction;
  const type = message.status === statusOk && has(message, 4) ? message.b[message.at + 2] : 0;
  event.shareType = shareTypes[type] ?? 'UNKNOWN';
  if (message.status !== statusOk) return;
  event.treeId = message.treeId;
  const share = event.share ?? '';
  if (type === 2) {
    event.namedPipe = share;
    delete event.share;
  }
  session.addTree(message.treeId, { share, isPipe: type === 2 });
  session.logMapping(share, mappingTypes[type] ?? '', '', '', transaction.timeUs);
}

function created(session: SmbSession, message: Message, transaction: Transaction): void {
  const { b, at } = message;
  const { event } = transaction;
  const times = timesOf(b, at + 8, at + 48);
  event.created = toSec(times.createdUs);
  event.accessed = toSec(times.accessedUs);
  event.modified = toSec(times.modifiedUs);
  event.changed = toSec(times.changedUs);
  event.size = times.sizeBytes;
  event.fuid = fuidOf(message, 64);
  const name = event.filename ?? event.directory ?? '';
  const treeId = event.treeId ?? 0;
  session.lastFuid = event.fuid;
  const file = session.addFile(2, event.fuid, name === '<share_root>' ? '' : name, message.sessionId, treeId, times);
  if (file.pipe !== null) return;
  session.logFile('OPEN', file, undefined, transaction.timeUs);
  if (event.access === 'delete on close') session.logFile('DELETE', file, undefined, transaction.timeUs);
}

/** Times of creation, access, writing and change, 8 bytes each, and the size. */
function timesOf(b: Uint8Array, o: number, sizeAt: number): FileTimes {
  return {
    createdUs: filetimeUs(b, o),
    accessedUs: filetimeUs(b, o + 8),
    modifiedUs: filetimeUs(b, o + 16),
    changedUs: filetimeUs(b, o + 24),
    sizeBytes: u64le(b, sizeAt),
  };
}

function readResponse(session: SmbSession, message: Message, transaction: Transaction): void {
  const { b, head, at, end, status } = message;
  if ((status !== statusOk && status !== statusBufferOverflow) || !has(message, 16)) return;
  const from = Math.max(at + 16, head + b[at + 2]);
  const length = u32le(b, at + 4);
  const fuid = transaction.fuid === fileBefore ? session.lastFuid : transaction.fuid;
  const file = session.fileOf(2, fuid, message.sessionId, transaction.event.treeId ?? 0);
  if (hearPipe(session, file, 1, message, from, Math.min(end, from + length), length, null)) return;
  if (file.pipe !== null) return;
  if (file.readId === 0) file.readId = session.nextId();
  file.readBytes += length;
}

function ioctlResponse(session: SmbSession, message: Message, transaction: Transaction): void {
  const { b, head, at, end } = message;
  if (!has(message, 48)) return;
  const from = head + u32le(b, at + 32);
  const length = u32le(b, at + 36);
  const file = session.files.get(transaction.fuid);
  if (file === undefined || from < at) return;
  hearPipe(session, file, 1, message, from, Math.min(end, from + length), length, null);
}

function infoSet(session: SmbSession, transaction: Transaction): void {
  const { event, fuid, timeUs } = transaction;
  const file = session.files.get(fuid);
  if (file === undefined) return;
  const newName = (event.rename as { to?: string } | undefined)?.to;
  if (newName !== undefined) session.logFile('RENAME', file, newName, timeUs);
  else if (event.access === 'delete on close') session.logFile('DELETE', file, undefined, timeUs);
}
