// Transactions of SMB 1 (MS-CIFS 2.2.4.33 and 2.2.4.46): calls through pipes, files renamed and marked for deletion.
//
//    words: totals, limits, ... | parameters: count at 18, offset at 20 | data: count at 22, offset at 24 | setup at 28

import { u16le, u32le } from '../../../../core/index.ts';
import { smb1 } from './commands.ts';
import type { SmbEvent } from './fields.ts';
import type { SmbSession, Transaction } from './session.ts';
import { fidAt, hearPipe, type Message, nextText } from './smb1-message.ts';
import { statusBufferOverflow, statusOk } from './status.ts';

const pipeTransact = 0x26;
const setPathInformation = 6;
const setFileInformation = 8;
const renameLevel = 1010;
const dispositionLevel = 1013;

interface Block {
  readonly at: number;
  readonly end: number;
  readonly length: number;
}

function block(message: Message, countAt: number, offsetAt: number): Block {
  const { b, head, words, end } = message;
  const at = Math.min(end, head + u16le(b, words + offsetAt));
  const length = u16le(b, words + countAt);
  return { at, end: Math.min(end, at + length), length };
}

/** Subcommands that no server ever had (MS-CIFS 2.2.6.15, 2.2.7.5). */
const sessionSetup = 0x0e;
const ntRename = 5;

/**
 * Transactions that break MS-CIFS the way known exploits do: a reserved subcommand, by which DoublePulsar is spoken to; a
 * primary request of one kind with a secondary of another (EternalBlue); a rename, with its rest in the same packet
 * (EternalChampion).
 */
export function noteTransaction(session: SmbSession, message: Message): void {
  const { b, words, end, command, messageId } = message;
  const { misuse, conversation } = session;
  if (command === smb1.trans2) {
    misuse.ntId = -1;
    if (b[words] < 15 || words + 31 > end || u16le(b, words + 29) !== sessionSetup) return;
    misuse.setupId = messageId;
    conversation.weird('smb_trans2_session_setup', `multiplex id ${messageId % 65_536}`);
  } else if (command === smb1.ntTrans) {
    misuse.ntId = messageId;
    if (b[words] < 19 || words + 39 > end || u16le(b, words + 37) !== ntRename) return;
    misuse.renamePacket = conversation.packet;
    conversation.weird('smb_nt_rename');
  } else if (command === smb1.trans2Secondary && misuse.ntId === messageId) {
    conversation.weird('smb_mixed_transaction');
  } else if (command === smb1.ntTransSecondary && misuse.renamePacket === conversation.packet) {
    conversation.weird('smb_nt_rename_raced');
  }
}

/** The answer to the reserved subcommand: DoublePulsar adds 16 to the multiplex id when it is there. */
export function noteTransactionAnswer(session: SmbSession, message: Message): void {
  const { misuse, conversation } = session;
  if (message.command !== smb1.trans2 || misuse.setupId < 0 || message.messageId - misuse.setupId !== 16) return;
  conversation.weird('smb_multiplex_id_changed', `${misuse.setupId % 65_536} to ${message.messageId % 65_536}`);
}

export function transactRequest(
  session: SmbSession,
  message: Message,
  event: SmbEvent,
  ask: (isTold?: boolean) => Transaction,
): void {
  const { b, words, end, command } = message;
  if (b[words] < 15 || words + 33 > end) return;
  const setup = u16le(b, words + 29);
  const data = block(message, 23, 25);
  if (command === smb1.trans2) {
    change(session, message, event, setup, data, ask);
    return;
  }
  if (setup !== pipeTransact || b[words] < 16) return;
  const fid = fidAt(message, 31);
  const file = session.fileOf(1, fid, message.sessionId, message.treeId);
  // This kind of transaction is made on pipes only.
  session.makePipe(file);
  hearPipe(session, message, file, 0, data.at, data.end, data.length, event.command ?? '');
  ask(false).fuid = fid;
}

/** A file renamed, or marked for deletion; other information is not told. */
function change(
  session: SmbSession,
  message: Message,
  event: SmbEvent,
  subcommand: number,
  data: Block,
  ask: (isTold?: boolean) => Transaction,
): void {
  if (subcommand !== setPathInformation && subcommand !== setFileInformation) return;
  const { b, isUnicode, end } = message;
  const parameters = block(message, 19, 21);
  if (parameters.end - parameters.at < 6) return;
  const isPath = subcommand === setPathInformation;
  const level = u16le(b, parameters.at + (isPath ? 0 : 2));
  let name: string;
  if (isPath) name = nextText(b, parameters.at + 6, parameters.end, isUnicode).text;
  else {
    event.fuid = u16le(b, parameters.at).toString(16).padStart(4, '0');
    name = session.files.get(event.fuid)?.name ?? '<unknown>';
  }
  if (level === dispositionLevel && data.end > data.at) {
    event.filename = name;
    event.access = b[data.at] === 0 ? 'normal' : 'delete on close';
    event.level = 'DISPOSITION';
  } else if (level === renameLevel && data.end - data.at >= 12) {
    const to = Math.min(end, data.at + 12 + u32le(b, data.at + 8));
    event.rename = { from: name, to: nextText(b, data.at + 12, to, isUnicode).text };
    event.fuid ??= '';
  } else return;
  event.subcommand = isPath ? 'SET_PATH_INFO' : 'SET_FILE_INFO';
  ask();
}

/** Words: totals (2 + 2), gap, parameters (3 of 2), data: count, offset and place (2 each). */
export function transactResponse(session: SmbSession, message: Message, transaction: Transaction): void {
  const { b, words, end, status } = message;
  if ((status !== statusOk && status !== statusBufferOverflow) || b[words] < 10 || words + 21 > end) return;
  const file = session.files.get(transaction.fuid);
  if (file === undefined) return;
  const data = block(message, 13, 15);
  hearPipe(session, message, file, 1, data.at, data.end, data.length, '');
}
