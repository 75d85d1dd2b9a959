// What one SMB connection has open: requests without a response, shares, files and pipes; and how it is told.

import { u64le } from '../../../../core/index.ts';
import type { Conversation } from '../../protocol.ts';
import { files } from '../../web/files.ts';
import { kerberos, shownTicket, ticketLogin } from '../kerberos/kerberos.ts';
import type { KerberosMessage } from '../kerberos/message.ts';
import { type NtlmAnswer, type NtlmChallenge, ntlm, ntlmLogin } from '../ntlm.ts';
import { nameLogins, readSecurityToken } from '../spnego.ts';
import { smb1 } from './commands.ts';
import { type SmbEvent, type smbFields, smbFile, smbMapping } from './fields.ts';
import { Pipe } from './pipe.ts';
import { setStatus, statusOk } from './status.ts';

/** Bounds of one connection. */
const pendingLimit = 256;
const fileLimit = 1024;
const treeLimit = 128;
const recentLimit = 64;

export interface FileTimes {
  readonly createdUs: number;
  readonly accessedUs: number;
  readonly modifiedUs: number;
  readonly changedUs: number;
  readonly sizeBytes: number;
}

export interface OpenFile {
  readonly fuid: string;
  readonly name: string;
  readonly share: string;
  readonly times: FileTimes | null;
  readBytes: number;
  writtenBytes: number;
  /** Numbers of the transactions that reading and writing are; 0 before there is one. */
  readId: number;
  writeId: number;
  sessionId: number;
  treeId: number;
  version: 1 | 2;
  startUs: number;
  isDeleted: boolean;
  pipe: Pipe | null;
}

export interface Tree {
  readonly share: string;
  readonly isPipe: boolean;
}

/** A request that waits for its response. */
export interface Transaction {
  readonly version: 1 | 2;
  readonly messageId: number;
  /** Command as a number. */
  readonly command: number;
  readonly timeUs: number;
  readonly event: SmbEvent;
  /** File it is about; empty when it is about none. */
  fuid: string;
  /** Told as an event. Others only match what is told otherwise: reads, writes, queries. */
  readonly isTold: boolean;
  login: Login | null;
}

export interface Login {
  readonly answer: NtlmAnswer | null;
  readonly ticket: KerberosMessage | null;
}

export class SmbSession {
  readonly conversation: Conversation<typeof smbFields>;
  dialect = '';
  maxReadBytes = 0;
  maxWriteBytes = 0;
  readonly files = new Map<string, OpenFile>();
  readonly trees = new Map<number, Tree>();
  readonly pending: Transaction[] = [];
  challenge: NtlmChallenge | null = null;
  isEncrypted = false;
  /** Request to open a file in the frame at hand; what follows it there may be about its file. */
  lastCreate: Transaction | null = null;
  /** The file opened last. */
  lastFuid = '';
  /** Transactions that exploits of SMB 1 misuse: message ids of the last ones, and the packet of the last renaming one. */
  readonly misuse = { setupId: -1, ntId: -1, renamePacket: -1 };
  #lastId = 0;
  readonly #recent = new Set<string>();

  constructor(conversation: Conversation<typeof smbFields>) {
    this.conversation = conversation;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  /** Remembers a request. */
  ask(version: 1 | 2, command: number, messageId: number, event: SmbEvent, isTold = true): Transaction {
    const { timeUs } = this.conversation;
    const transaction: Transaction = { version, messageId, command, timeUs, event, fuid: '', isTold, login: null };
    if (isTold) event.id = this.nextId();
    if (this.pending.length >= pendingLimit) {
      const oldest = this.pending.shift();
      if (oldest?.isTold === true) this.tell(oldest.event);
    }
    this.pending.push(transaction);
    return transaction;
  }

  /** The request that a response belongs to, which does not wait any more then; undefined when it was not seen. */
  answered(version: 1 | 2, command: number, messageId: number): Transaction | undefined {
    const index = this.find(version, command, messageId);
    return index < 0 ? undefined : this.pending.splice(index, 1)[0];
  }

  find(version: 1 | 2, command: number, messageId: number): number {
    const { pending } = this;
    for (let i = 0; i < pending.length; i++) {
      const one = pending[i];
      if (one.messageId === messageId && one.command === command && one.version === version) return i;
    }
    return -1;
  }

  /** A negotiation in SMB 1 that was answered in SMB 2. */
  answeredNegotiate(): Transaction | undefined {
    const index = this.pending.findIndex((one) => one.version === 1 && one.command === smb1.negotiate);
    return index < 0 ? undefined : this.pending.splice(index, 1)[0];
  }

  /** Tells a transaction whose response came. */
  finish(transaction: Transaction): void {
    if (!transaction.isTold) return;
    transaction.event.latencyUs = Math.max(0, this.conversation.timeUs - transaction.timeUs);
    this.tell(transaction.event);
  }

  tell(event: SmbEvent): void {
    event.dialect = this.dialect === '' ? 'unknown' : this.dialect;
    this.conversation.emit(event, { side: 0 });
  }

  /** Everything that is still open. */
  end(): void {
    for (const transaction of this.pending) if (transaction.isTold) this.tell(transaction.event);
    this.pending.length = 0;
    for (const file of this.files.values()) this.tellFile(file, undefined);
    this.files.clear();
  }

  addTree(id: number, tree: Tree): void {
    if (this.trees.size >= treeLimit) this.trees.delete(this.trees.keys().next().value as number);
    this.trees.set(id, tree);
  }

  /** Remembers a file that was opened; the oldest one is told and forgotten when there are too many. */
  addFile(
    version: 1 | 2,
    fuid: string,
    name: string,
    sessionId: number,
    treeId: number,
    times: FileTimes | null,
  ): OpenFile {
    if (this.files.size >= fileLimit) {
      const [oldest] = this.files.values();
      this.closeFile(oldest.fuid);
    }
    const tree = this.trees.get(treeId);
    const file: OpenFile = {
      fuid,
      name,
      share: tree?.share ?? '',
      times,
      readBytes: 0,
      writtenBytes: 0,
      readId: 0,
      writeId: 0,
      sessionId,
      treeId,
      version,
      startUs: this.conversation.timeUs,
      isDeleted: false,
      pipe: tree?.isPipe === true ? new Pipe() : null,
    };
    this.files.set(fuid, file);
    return file;
  }

  /** The file, also one whose opening was not seen. */
  fileOf(version: 1 | 2, fuid: string, sessionId: number, treeId: number): OpenFile {
    return this.files.get(fuid) ?? this.addFile(version, fuid, '', sessionId, treeId, null);
  }

  /** What a file carries turned out to be calls: the connection to its share was not seen. */
  makePipe(file: OpenFile): void {
    file.pipe ??= new Pipe();
  }

  closeFile(fuid: string): void {
    const file = this.files.get(fuid);
    if (file === undefined) return;
    this.files.delete(fuid);
    this.tellFile(file, statusOk);
  }

  /** Reads and writes of a file are told once, when it is closed. */
  tellFile(file: OpenFile, status: number | undefined): void {
    if (file.pipe !== null) for (const call of file.pipe.calls.rest()) file.pipe.tell(this, call, file, undefined);
    if (file.readId > 0) this.#tellUse(file, file.readId, 'READ', status);
    if (file.writeId > 0) this.#tellUse(file, file.writeId, 'WRITE', status);
  }

  #tellUse(file: OpenFile, id: number, use: 'READ' | 'WRITE', status: number | undefined): void {
    const event: SmbEvent = {
      id,
      command: file.version === 2 ? `SMB2_COMMAND_${use}` : `SMB1_COMMAND_${use}_ANDX`,
      sessionId: file.sessionId,
      treeId: file.treeId,
      filename: file.name === '' ? '<unknown>' : file.name,
      share: file.share,
      fuid: file.fuid,
    };
    if (status !== undefined) setStatus(event, status);
    if (use === 'READ') event.readBytes = file.readBytes;
    else event.writtenBytes = file.writtenBytes;
    event.latencyUs = Math.max(0, this.conversation.timeUs - file.startUs);
    this.tell(event);
    if (file.name !== '') this.#tellContents(file, use, event);
  }

  /** The file itself, as EVE's `fileinfo`. Whether it came whole is judged by the size that was told when it was opened. */
  #tellContents(file: OpenFile, use: 'READ' | 'WRITE', event: SmbEvent): void {
    const size = use === 'READ' ? file.readBytes : file.writtenBytes;
    const isWhole = event.status !== undefined && (use === 'WRITE' || size >= (file.times?.sizeBytes ?? 0));
    const { id, dialect, command, sessionId, treeId, filename, share, fuid } = event;
    this.conversation.emitAs(
      files,
      {
        appProto: 'smb',
        smb: {
          id,
          dialect,
          command,
          session_id: sessionId,
          tree_id: treeId,
          filename,
          ...(share !== '' && { share }),
          fuid,
        },
        shownName: file.name,
        hasGaps: false,
        state: isWhole ? 'CLOSED' : 'TRUNCATED',
        isStored: false,
        size,
        transaction: Math.max(0, (id ?? 1) - 1),
      },
      { side: use === 'READ' ? 1 : 0, only: 'eve' },
    );
  }

  // --- what Zeek has logs for ------------------------------------------------------------------------------------

  logFile(
    action: 'OPEN' | 'DELETE' | 'RENAME',
    file: Pick<OpenFile, 'name' | 'share' | 'times'>,
    newName?: string,
    timeUs?: number,
  ): void {
    const { times, share } = file;
    const name = file.name === '' ? '<share_root>' : file.name;
    // The same thing done again and again, with nothing changed, is told once.
    const key = `${action} ${share} ${name} ${newName ?? ''} ${times?.sizeBytes} ${times?.changedUs} ${times?.accessedUs}`;
    if (this.#recent.has(key)) return;
    if (this.#recent.size >= recentLimit) this.#recent.delete(this.#recent.keys().next().value as string);
    this.#recent.add(key);
    this.conversation.emitAs(
      smbFile,
      {
        action: `SMB::FILE_${action}`,
        name: newName ?? name,
        sizeBytes: times?.sizeBytes ?? 0,
        ...(share !== '' && { path: share }),
        ...(newName !== undefined && { previousName: name }),
        ...(times !== null && {
          modifiedUs: times.modifiedUs,
          accessedUs: times.accessedUs,
          createdUs: times.createdUs,
          changedUs: times.changedUs,
        }),
      },
      { side: 0, only: 'log', ...(timeUs !== undefined && { timeUs }) },
    );
  }

  logMapping(path: string, shareType: string, service: string, fileSystem: string, timeUs: number): void {
    this.conversation.emitAs(
      smbMapping,
      {
        path,
        shareType,
        ...(service !== '' && { service }),
        ...(fileSystem !== '' && { fileSystem }),
      },
      { side: 0, only: 'log', timeUs },
    );
  }

  // --- logins ----------------------------------------------------------------------------------------------------

  /** What a client shows at `at`..`end` to log in, put into the event. */
  readLogin(b: Uint8Array, at: number, end: number, event: SmbEvent): Login | null {
    const token = readSecurityToken(b, at, end);
    nameLogins(this.conversation, token);
    const answer = token.ntlm?.answer ?? null;
    if (answer !== null) {
      event.ntlmssp = { domain: answer.domain, user: answer.user, host: answer.host };
      if (answer.version !== undefined) event.ntlmssp = { ...event.ntlmssp, version: answer.version };
    }
    const ticket = token.apReqAt < 0 ? null : shownTicket(b, token.apReqAt, token.apReqEnd);
    if (ticket?.ticket !== undefined) {
      const { realm, service } = ticket.ticket;
      event.kerberos = service.length === 0 ? { realm } : { realm, snames: service };
    }
    return answer === null && ticket === null ? null : { answer, ticket };
  }

  /** What the server says at `at`..`end`: names of itself. */
  readChallenge(b: Uint8Array, at: number, end: number): void {
    const token = readSecurityToken(b, at, end);
    nameLogins(this.conversation, token);
    const message = token.ntlm;
    if (message?.challenge !== undefined) this.challenge = message.challenge;
  }

  tellLogin(transaction: Transaction, isSuccess: boolean): void {
    const { login, timeUs } = transaction;
    transaction.event.isLogin = isSuccess;
    if (login === null) return;
    if (login.answer !== null) {
      const event = ntlmLogin(this.challenge, login.answer, isSuccess);
      this.conversation.emitAs(ntlm, event, { timeUs, side: 0, only: 'log' });
    }
    if (login.ticket !== null) {
      this.conversation.emitAs(kerberos, ticketLogin(login.ticket, isSuccess), { timeUs, side: 0, only: 'log' });
    }
  }
}

/** Microseconds since the epoch of a FILETIME (100 ns since 1601) at `o`, right to 2 as in Zeek's logs; 0: there is none. */
export function filetimeUs(b: Uint8Array, o: number): number {
  const ticks = u64le(b, o);
  return ticks === 0 ? 0 : Math.round((ticks / 1e7 - 11_644_473_600) * 1e6);
}

/** Whole seconds since the epoch; 0 for times before. */
export const toSec = (us: number): number => Math.max(0, Math.floor(us / 1e6));
