// One command of FTP with its replies, and the event that tells of it.

import { type EventOf, flag, number, text, texts } from '../../../core/index.ts';

import type { FtpTransfer } from './ftp-data.ts';

/** Lines of replies to one command that are kept. */
const replyLines = 64;

export const ftpFields = {
  command: text('Command', { eve: 'ftp.command', zeek: 'command' }),
  commandData: text('What it was given', { eve: 'ftp.command_data' }),
  isCommandCut: flag('Command longer than what is read', { eve: 'ftp.command_truncated' }),
  codes: texts('Codes of the reply', { eve: 'ftp.completion_code' }),
  replies: texts('Lines of the reply', { eve: 'ftp.reply' }),
  hasReply: text('Whether there was a reply', { eve: 'ftp.reply_received' }),
  isReplyCut: flag('Reply longer than what is read', { eve: 'ftp.reply_truncated' }),
  dynamicPort: number('Port of the data connection', { eve: 'ftp.dynamic_port' }),
  mode: text('Who opens the data connection', { eve: 'ftp.mode' }),
  user: text('User', { zeek: 'user' }),
  password: text('Password, hidden unless it is that of a guest', { zeek: 'password', eve: false }),
  arg: text('Argument, as URL where it names a file', { zeek: 'arg', eve: false }),
  mimeType: text('Type of the file by its contents', { zeek: 'mime_type', eve: false }),
  fuid: text('Identification of the file', { zeek: 'fuid', eve: false }),
  fileBytes: number('Length of the file as the server says', { zeek: 'file_size', unit: 'bytes' }),
  replyCode: number('Code of the last reply', { zeek: 'reply_code', eve: false }),
  replyMessage: text('Text of the last reply', { zeek: 'reply_msg', eve: false }),
  isPassive: flag('Data connection opened by the client', { zeek: 'data_channel.passive', eve: false }),
  dataFrom: text('Who opens the data connection', { zeek: 'data_channel.orig_h', eve: false }),
  dataTo: text('Whom it is opened to', { zeek: 'data_channel.resp_h', eve: false }),
  dataPort: number('Port it is opened to', { zeek: 'data_channel.resp_p', eve: false }),
};

export type FtpEvent = EventOf<typeof ftpFields>;

/** A data connection that was announced. */
export interface DataChannel {
  readonly isPassive: boolean;
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

/** A command, or null for what the server says unasked. */
export class FtpCommand {
  readonly verb: string | null;
  readonly argument: string;
  readonly isCut: boolean;
  readonly timeUs: number;
  readonly codes: string[] = [];
  readonly replies: string[] = [];
  isReplyCut = false;
  isDone = false;
  replyCode: number | null = null;
  replyMessage = '';
  channel: DataChannel | null = null;
  /** The transfer it began; only what moves a file has one in the log. */
  transfer: FtpTransfer | null = null;
  fileBytes: number | null = null;
  /** The argument as it is told: a secret is masked, a file's name is a URL. */
  shownArgument: string;
  url: string | null = null;

  constructor(verb: string | null, argument: string, isCut: boolean, timeUs: number) {
    this.verb = verb;
    this.argument = argument;
    this.shownArgument = argument;
    this.isCut = isCut;
    this.timeUs = timeUs;
  }

  line(code: string | null, message: string, isCut: boolean): void {
    if (isCut) this.isReplyCut = true;
    if (this.replies.length >= replyLines) return;
    if (code !== null) this.codes.push(code);
    this.replies.push(message);
  }
}

/** Commands that Zeek writes a line for, and those whose argument is a file or directory. */
export const loggedVerbs = new Set(['APPE', 'DELE', 'RETR', 'STOR', 'STOU', 'ACCT', 'PORT', 'PASV', 'EPRT', 'EPSV']);
export const fileVerbs = new Set('APPE CWD DELE MKD RETR RMD RNFR RNTO STOR STOU REST SIZE MDTM'.split(' '));
/** Commands that move data, and those of them that name a file. */
export const transferVerbs = new Set('RETR STOR APPE STOU LIST NLST MLSD'.split(' '));

export function eveOf(command: FtpCommand, user: string | null): FtpEvent {
  const event: FtpEvent = { hasReply: command.isDone ? 'yes' : 'no', isReplyCut: command.isReplyCut };
  if (command.verb !== null) {
    event.command = command.verb;
    if (command.shownArgument !== '') {
      event.commandData = command.shownArgument;
      event.isCommandCut = command.isCut;
    }
  }
  if (command.codes.length > 0) event.codes = command.codes;
  if (command.replies.length > 0) event.replies = command.replies;
  const { channel } = command;
  if (channel !== null) {
    event.dynamicPort = channel.port;
    event.mode = channel.isPassive ? 'passive' : 'active';
  }
  if (command.fileBytes !== null) event.fileBytes = command.fileBytes;
  if (user !== null) event.user = user;
  return event;
}

/** Adds what only logs tell. */
export function logOf(command: FtpCommand, user: string | null, password: string | null): FtpEvent {
  const event = eveOf(command, user ?? '<unknown>');
  if (password !== null) event.password = password;
  const arg = command.url ?? command.shownArgument;
  if (arg !== '') event.arg = arg;
  if (command.replyCode !== null) {
    event.replyCode = command.replyCode;
    event.replyMessage = command.replyMessage;
  }
  if (command.transfer?.fuid) event.fuid = command.transfer.fuid;
  if (command.transfer?.mimeType) event.mimeType = command.transfer.mimeType;
  const { channel } = command;
  if (channel !== null) {
    event.isPassive = channel.isPassive;
    event.dataFrom = channel.from;
    event.dataTo = channel.to;
    event.dataPort = channel.port;
  }
  return event;
}
