// MySQL and MariaDB (MySQL internals manual, client/server protocol 4.1 and older): logins, commands and their results.

import { flag, number, text, u16le, u24le, u32le, wireText } from '../../../core/index.ts';
import { type Conversation, defineProtocol, notMine, otherSide, type Side, type Talk } from '../protocol.ts';
import {
  can,
  commandNames,
  fullBody,
  headerBytes,
  isLogin,
  lengthEnd,
  lengthOf,
  moreResults,
  mysqlProbe,
  readError,
  readGreeting,
  readLogin,
  statementStart,
} from './sql/mysql-packets.ts';
import { statementLimit, statementText } from './sql/statement.ts';

const fields = {
  command: text('Command', { zeek: 'cmd' }),
  argument: text('Argument', { zeek: 'arg', filter: 'mysql.query' }),
  success: flag('Success', { zeek: 'success' }),
  affectedRows: number('Rows changed', { zeek: 'rows' }),
  resultRows: number('Rows returned'),
  resultColumns: number('Columns returned'),
  errorCode: number('Error code', { filter: 'mysql.error_code' }),
  sqlState: text('SQL state', { filter: 'mysql.sqlstate' }),
  error: text('Error', { zeek: 'response', filter: 'mysql.error.message' }),
  user: text('User', { filter: 'mysql.user' }),
  database: text('Database', { filter: 'mysql.schema' }),
  serverVersion: text('Server version', { filter: 'mysql.version' }),
  program: text('Client program'),
  authPlugin: text('Authentication plugin'),
  latencyUs: number('Latency', { unit: 'us' }),
};

/** Commands waiting for an answer. */
const pendingLimit = 64;
/** Prepared statements whose text is remembered. */
const preparedLimit = 64;
/** Bytes of a body that are waited for; the rest is skipped. */
const clientBytes = statementLimit + 512;
const serverBytes = 1024;

const code = { quit: 1, initDb: 2, query: 3, fieldList: 4, statistics: 9, changeUser: 17, binlogDump: 18 } as const;
const statement = { prepare: 22, execute: 23, sendLong: 24, close: 25, fetch: 28, binlogGtid: 30 } as const;

/** What is expected of the server next. */
const wait = { first: 0, columns: 1, rows: 2, definitions: 3 } as const;

interface Command {
  readonly code: number;
  readonly name: string;
  readonly argument: string;
  readonly startUs: number;
  wait: number;
  /** Definitions still to come. */
  left: number;
  columns: number;
  rows: number;
  affected: number;
}

/** `login` and `change_user` are answered by the rules of authentication. */
const loginCode = -1;

class MysqlTalk implements Talk {
  readonly #told: Conversation<typeof fields>;
  readonly #pending: Command[] = [];
  readonly #prepared = new Map<number, string>();
  readonly #isLong: [boolean, boolean] = [false, false];
  #serverCan = 0;
  #clientCan = 0;
  #isOriented = false;
  #isLoggedIn = false;
  #isEnding = false;
  #serverVersion = '';
  #user = '';
  #database = '';
  #program = '';
  #plugin = '';

  constructor(conversation: Conversation<typeof fields>) {
    this.#told = conversation;
  }

  data(from: Side, bytes: Uint8Array, start: number, end: number): number {
    const side = this.#isOriented ? from : this.#orient(from, bytes, start, end);
    let at = start;
    while (end - at >= headerBytes && !this.#isEnding) {
      const length = u24le(bytes, at);
      const body = at + headerBytes;
      const need = Math.min(length, side === 0 ? clientBytes : serverBytes);
      if (end - body < need) break;
      const isMore = this.#isLong[side];
      this.#isLong[side] = length === fullBody;
      if (!isMore) {
        const bodyEnd = Math.min(end, body + length);
        const isFine =
          side === 0
            ? this.#client(bytes, body, bodyEnd, length, bytes[at + 3])
            : this.#server(bytes, body, bodyEnd, length, bytes[at + 3]);
        if (!isFine) return notMine;
      }
      at = body + length;
    }
    return at - start;
  }

  /** The capture may begin amid the conversation, with the server: who greets is the server, who logs in the client. */
  #orient(from: Side, b: Uint8Array, at: number, end: number): Side {
    if (end - at < headerBytes + 1) return from;
    this.#isOriented = true;
    const seq = b[at + 3];
    const first = b[at + 4];
    const isServer = seq === 0 && (first === 10 || first === 0xff) && u24le(b, at) > 9;
    const isClient = !isServer && (seq === 0 || (u24le(b, at) >= 32 && isLogin(b, at + 4)));
    if ((from === 0 && isServer) || (from === 1 && isClient && end - at >= 36)) {
      this.#told.swap();
      return otherSide(from);
    }
    return from;
  }

  end(): void {
    for (const command of this.#pending) this.#emit(command, undefined);
    this.#pending.length = 0;
  }

  #client(b: Uint8Array, o: number, end: number, length: number, seq: number): boolean {
    if (!this.#isLoggedIn && seq > 0 && this.#pending.length === 0) return this.#login(b, o, end);
    // What goes on with a number other than 0 belongs to an exchange under way: a scramble, or a file's rows.
    if (seq !== 0) return true;
    if (length === 0 || b[o] >= commandNames.length) return this.#isLoggedIn;
    this.#isLoggedIn = true;
    this.#command(b, o, end);
    return true;
  }

  #login(b: Uint8Array, o: number, end: number): boolean {
    const login = readLogin(b, o, end);
    if (login === null) return false;
    this.#clientCan = login.capabilities;
    this.#told.confirm();
    if (login.isTlsRequest) {
      const event = { command: 'ssl_request', success: true, serverVersion: this.#serverVersion };
      this.#told.emit(event, { only: 'eve' });
      this.#isEnding = true;
      this.#told.become('tls');
      return true;
    }
    this.#user = login.user;
    this.#database = login.database;
    this.#program = login.program;
    this.#plugin = login.plugin;
    this.#expect(loginCode, 'login', login.user);
    return true;
  }

  #command(b: Uint8Array, o: number, end: number): void {
    const kind = b[o];
    const name = commandNames[kind];
    this.#expect(kind, name, this.#argument(kind, b, o + 1, end));
    if (kind === code.quit || kind === statement.close || kind === statement.sendLong) {
      const command = this.#pending.pop();
      if (command !== undefined) this.#emit(command, undefined);
    } else if (kind === code.binlogDump || kind === statement.binlogGtid) {
      // What follows is the log of all changes, as long as the server runs.
      this.end();
      this.#isEnding = true;
      this.#told.done();
    }
  }

  #argument(kind: number, b: Uint8Array, o: number, end: number): string {
    switch (kind) {
      case code.query: {
        const hasAttributes = (this.#clientCan & this.#serverCan & can.queryAttributes) !== 0;
        const at = hasAttributes ? statementStart(b, o, end) : o;
        return statementText(b, at, end);
      }
      case statement.prepare:
        return statementText(b, o, end);
      case statement.execute:
      case statement.close:
      case statement.fetch: {
        if (end - o < 4) return '';
        const id = u32le(b, o);
        const known = this.#prepared.get(id);
        if (kind === statement.close) this.#prepared.delete(id);
        return known ?? `statement ${id}`;
      }
      case code.changeUser:
      case code.fieldList: {
        let zero = o;
        while (zero < end && b[zero] !== 0) zero++;
        return wireText(b, o, Math.min(zero, o + 256));
      }
      case code.initDb:
      case 5:
      case 6:
        return wireText(b, o, Math.min(end, o + 256));
      default:
        return '';
    }
  }

  #expect(kind: number, name: string, argument: string): void {
    if (this.#pending.length >= pendingLimit) this.#pending.shift();
    this.#pending.push({
      code: kind,
      name,
      argument,
      startUs: this.#told.timeUs,
      wait: wait.first,
      left: 0,
      columns: 0,
      rows: 0,
      affected: 0,
    });
  }

  #server(b: Uint8Array, o: number, end: number, length: number, seq: number): boolean {
    const command = this.#pending[0];
    if (command === undefined) return this.#unasked(b, o, end, length, seq);
    if (length === 0) return true;
    if (b[o] === 0xff && command.wait !== wait.definitions) this.#finish(false, b, o, end);
    else if (command.wait === wait.first) this.#first(command, b, o, end, length);
    else if (command.wait === wait.columns) this.#definition(command);
    else if (command.wait === wait.definitions) this.#prepareDefinition(command);
    else this.#row(command, b, o, end, length);
    return true;
  }

  /** A packet that no command asked for: the greeting, or a refusal. */
  #unasked(b: Uint8Array, o: number, end: number, length: number, seq: number): boolean {
    if (this.#isLoggedIn || this.#serverVersion !== '') return true;
    if (seq === 0 && b[o] === 0xff && length > 3) {
      this.#expect(loginCode, 'login', '');
      this.#finish(false, b, o, end);
      return true;
    }
    const greeting = readGreeting(b, o, end);
    if (greeting === null) return false;
    this.#serverVersion = greeting.version;
    this.#serverCan = greeting.capabilities;
    return true;
  }

  #first(command: Command, b: Uint8Array, o: number, end: number, length: number): void {
    const mark = b[o];
    if (command.code === loginCode || command.code === code.changeUser) {
      // 0xfe asks for another method, 0x01 goes on with this one.
      if (mark === 0) this.#loggedIn(command);
      else if (mark !== 0xfe && mark !== 1) this.#finish(undefined, b, o, end);
    } else if (command.code === code.statistics) {
      this.#finish(undefined, b, o, end);
    } else if (command.code === statement.prepare && mark === 0 && end - o >= 9) {
      this.#preparedAs(command, b, o);
    } else if (mark === 0 || (mark === 0xfe && length < 9)) {
      this.#ok(command, b, o, end, mark === 0);
    } else if (command.code === code.fieldList || command.code === statement.fetch) {
      command.wait = wait.rows;
      command.rows = 1;
    } else if (mark !== 0xfb) {
      command.columns = Math.max(0, lengthOf(b, o, end));
      command.left = command.columns;
      command.wait = wait.columns;
    }
  }

  #loggedIn(command: Command): void {
    const isLogin = command.code === loginCode;
    if (!isLogin) this.#user = command.argument;
    this.#isLoggedIn = true;
    this.#told.confirm();
    this.#finish(true);
    if (isLogin && (this.#clientCan & this.#serverCan & (can.compress | can.zstd)) !== 0) {
      // Everything after the login is compressed.
      this.#isEnding = true;
      this.#told.done();
    }
  }

  #preparedAs(command: Command, b: Uint8Array, o: number): void {
    const id = u32le(b, o + 1);
    const columns = u16le(b, o + 5);
    const parameters = u16le(b, o + 7);
    const first = this.#prepared.keys().next();
    if (this.#prepared.size >= preparedLimit && first.done === false) this.#prepared.delete(first.value);
    this.#prepared.set(id, command.argument);
    const hasEof = (this.#clientCan & this.#serverCan & can.deprecateEof) === 0;
    command.columns = columns;
    command.left = columns + parameters + (hasEof ? (columns > 0 ? 1 : 0) + (parameters > 0 ? 1 : 0) : 0);
    command.wait = wait.definitions;
    if (command.left === 0) this.#finish(true);
  }

  #prepareDefinition(command: Command): void {
    if (--command.left <= 0) this.#finish(true);
  }

  #definition(command: Command): void {
    if (--command.left <= 0) {
      command.wait = wait.rows;
      // An EOF of five bytes may follow the definitions; -1 says that it may still come.
      command.left = -1;
    }
  }

  #row(command: Command, b: Uint8Array, o: number, end: number, length: number): void {
    const isEof = b[o] === 0xfe && length < fullBody;
    if (isEof && length === 5 && command.left === -1) {
      command.left = 0;
      return;
    }
    command.left = 0;
    if (!isEof) command.rows++;
    else this.#ok(command, b, o, end, length >= 7);
  }

  /** OK (`hasCounts`) or EOF: the end of the answer unless another result follows. */
  #ok(command: Command, b: Uint8Array, o: number, end: number, hasCounts: boolean): void {
    let status = 0;
    if (hasCounts) {
      const affected = lengthOf(b, o + 1, end);
      const at = lengthEnd(b, lengthEnd(b, o + 1, end), end);
      if (b[o] === 0) command.affected += Math.max(0, affected);
      if (at + 2 <= end) status = u16le(b, at);
    } else if (o + 5 <= end) status = u16le(b, o + 3);
    if ((status & moreResults) !== 0) {
      command.wait = wait.first;
      return;
    }
    if (command.code === code.initDb) this.#database = command.argument;
    this.#finish(true);
  }

  #finish(success: boolean | undefined, b?: Uint8Array, o = 0, end = 0): void {
    const command = this.#pending.shift();
    if (command === undefined) return;
    const error = success === false && b !== undefined ? readError(b, o, end) : undefined;
    this.#emit(command, success, error);
  }

  #emit(command: Command, success: boolean | undefined, error?: ReturnType<typeof readError>): void {
    const isLogin = command.code === loginCode;
    const hasAnswer = success !== undefined;
    this.#told.emit(
      {
        command: command.name,
        argument: command.argument,
        ...(hasAnswer && { success, latencyUs: Math.max(0, this.#told.timeUs - command.startUs) }),
        ...(success === true && { affectedRows: command.affected }),
        ...(command.columns > 0 && { resultColumns: command.columns, resultRows: command.rows }),
        ...(error !== undefined && { errorCode: error.code, sqlState: error.state, error: error.message }),
        ...(this.#user !== '' && { user: this.#user }),
        ...(this.#database !== '' && { database: this.#database }),
        ...(isLogin && this.#serverVersion !== '' && { serverVersion: this.#serverVersion }),
        ...(isLogin && this.#program !== '' && { program: this.#program }),
        ...(isLogin && this.#plugin !== '' && { authPlugin: this.#plugin }),
      },
      { timeUs: command.startUs },
    );
  }
}

export const mysql = defineProtocol({
  name: 'mysql',
  title: 'MySQL',
  zeekLog: 'mysql',
  zeekService: 'mysql',
  family: 'data',
  ports: { tcp: [3306, 33306] },
  fields,
  probe: mysqlProbe,
  open: (conversation) => new MysqlTalk(conversation),
});
