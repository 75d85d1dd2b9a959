// Cassandra's native protocol, versions 1 to 5 (Apache Cassandra, native_protocol_v4.spec and v5): statements and results.
//
//   +---------+-------+-- 1 or 2 --+--------+----------------+-- … --+   high bit of the version: from the server
//   | version | flags | stream     | opcode | length         | body  |
//   +---------+-------+------------+--------+----------------+-------+

import { type AnyEvent, flag, hexText, number, text, u16, u32, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  otherSide,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';
import { statementLimit, statementText } from './sql/statement.ts';

const fields = {
  command: text('Command', { filter: 'cql.opcode' }),
  statement: text('Statement', { filter: 'cql.string' }),
  keyspace: text('Keyspace'),
  user: text('User'),
  success: flag('Success'),
  result: text('Kind of result'),
  consistency: text('Consistency'),
  errorCode: number('Error code'),
  error: text('Error'),
  version: number('Protocol version'),
  latencyUs: number('Latency', { unit: 'us' }),
};

/** Requests waiting for an answer, and prepared statements that are remembered. */
const pendingLimit = 256;
const preparedLimit = 64;
const lengthLimit = 256 << 20;
const keptBytes = statementLimit + 1024;
const textLimit = 512;

const opcodes = [
  'error',
  'startup',
  'ready',
  'authenticate',
  'credentials',
  'options',
  'supported',
  'query',
  'result',
  'prepare',
  'execute',
  'register',
  'event',
  'batch',
  'auth_challenge',
  'auth_response',
  'auth_success',
];
const code = {
  error: 0,
  query: 7,
  result: 8,
  prepare: 9,
  execute: 10,
  event: 12,
  batch: 13,
  authResponse: 15,
} as const;
const results = ['', 'void', 'rows', 'set_keyspace', 'prepared', 'schema_change'];
const consistencies = [
  'any',
  'one',
  'two',
  'three',
  'quorum',
  'all',
  'local_quorum',
  'each_quorum',
  'serial',
  'local_serial',
  'local_one',
];

interface Request {
  readonly known: AnyEvent;
  readonly startUs: number;
}

class CassandraTalk implements Talk {
  readonly #told: Conversation<typeof fields>;
  readonly #pending = new Map<number, Request>();
  readonly #prepared = new Map<string, string>();
  #isOriented = false;
  #keyspace = '';
  #user = '';

  constructor(conversation: Conversation<typeof fields>) {
    this.#told = conversation;
  }

  data(from: Side, bytes: Uint8Array, start: number, end: number): number {
    let side = from;
    let at = start;
    while (end - at >= 9) {
      const version = bytes[at] & 0x7f;
      const head = version < 3 ? 8 : 9;
      const length = u32(bytes, at + head - 4);
      const opcode = bytes[at + head - 5];
      if (version < 1 || version > 5 || opcode >= opcodes.length || length > lengthLimit) {
        if (!this.#isOriented) return notMine;
        this.end();
        this.#told.done();
        break;
      }
      if (end - at - head < Math.min(length, keptBytes)) break;
      if (!this.#isOriented) side = this.#orient(from, bytes[at] >= 0x80);
      const body = at + head;
      this.#frame(side, version, bytes, at, body, Math.min(end, body + length));
      at = body + length;
    }
    return at - start;
  }

  end(): void {
    for (const request of this.#pending.values()) this.#emit(request, {});
    this.#pending.clear();
  }

  #orient(from: Side, isServer: boolean): Side {
    this.#isOriented = true;
    if (isServer !== (from === 0)) return from;
    this.#told.swap();
    return otherSide(from);
  }

  #frame(side: Side, version: number, b: Uint8Array, at: number, body: number, end: number): void {
    const flags = b[at + 1];
    const stream = version < 3 ? b[at + 2] : u16(b, at + 2);
    const opcode = b[at + (version < 3 ? 3 : 4)];
    const isPacked = (flags & 1) !== 0;
    if (side === 0) {
      const known: AnyEvent = { command: opcodes[opcode], version };
      if (!isPacked) this.#request(opcode, b, skipPayload(flags, b, body, end), end, known);
      this.#ask(stream, known);
      return;
    }
    if (opcode === code.event) return;
    const request = this.#pending.get(stream);
    this.#pending.delete(stream);
    if (request === undefined) return;
    this.#told.confirm();
    const answer: AnyEvent = { success: opcode !== code.error };
    if (!isPacked) this.#response(opcode, b, skipExtras(flags, b, body, end), end, request, answer);
    this.#emit(request, { ...answer, latencyUs: Math.max(0, this.#told.timeUs - request.startUs) });
    // From version 5 on all that follows the start is wrapped in frames with checksums.
    if (version >= 5 && opcode === 2) {
      this.end();
      this.#told.done();
    }
  }

  #request(opcode: number, b: Uint8Array, o: number, end: number, known: AnyEvent): void {
    if ((opcode === code.query || opcode === code.prepare) && end - o >= 4) {
      const length = u32(b, o);
      const last = Math.min(end, o + 4 + length);
      known.statement = statementText(b, o + 4, last);
      const at = o + 4 + length;
      if (opcode === code.query && at + 2 <= end) known.consistency = consistencies[u16(b, at)] ?? 'unknown';
    } else if (opcode === code.execute && end - o >= 2) {
      const last = Math.min(end, o + 2 + u16(b, o), o + 66);
      known.statement = this.#prepared.get(hexText(b, o + 2, last)) ?? '';
    } else if (opcode === code.batch && end - o >= 3) known.statement = this.#batch(b, o, end);
    else if (opcode === code.authResponse && end - o >= 4) this.#user = plainUser(b, o + 4, end) || this.#user;
  }

  /** Statements of a batch, with `; ` between them. */
  #batch(b: Uint8Array, o: number, end: number): string {
    // Only the first is read: the values of each stand between them.
    const count = u16(b, o + 1);
    const at = o + 3;
    let first = '';
    if (at + 5 <= end && b[at] === 0) first = statementText(b, at + 5, Math.min(end, at + 5 + u32(b, at + 1)));
    else if (at + 3 <= end)
      first = this.#prepared.get(hexText(b, at + 3, Math.min(end, at + 3 + u16(b, at + 1)))) ?? '';
    return count > 1 ? `${first}; … ${count} statements` : first;
  }

  #response(opcode: number, b: Uint8Array, o: number, end: number, request: Request, answer: AnyEvent): void {
    if (opcode === code.error && end - o >= 6) {
      answer.errorCode = u32(b, o);
      answer.error = shortText(b, o + 4, end);
    } else if (opcode === code.result && end - o >= 4) {
      const kind = u32(b, o);
      answer.result = results[kind] ?? `unknown-${kind}`;
      if (kind === 3) this.#keyspace = shortText(b, o + 4, end);
      else if (kind === 4 && end - o >= 6) this.#remember(b, o + 4, end, String(request.known.statement ?? ''));
    }
  }

  #remember(b: Uint8Array, o: number, end: number, statement: string): void {
    const first = this.#prepared.keys().next();
    if (this.#prepared.size >= preparedLimit && first.done === false) this.#prepared.delete(first.value);
    this.#prepared.set(hexText(b, o + 2, Math.min(end, o + 2 + u16(b, o), o + 66)), statement);
  }

  #ask(stream: number, known: AnyEvent): void {
    const oldest = this.#pending.entries().next();
    if (this.#pending.size >= pendingLimit && oldest.done === false) {
      this.#pending.delete(oldest.value[0]);
      this.#emit(oldest.value[1], {});
    }
    this.#pending.set(stream, { known, startUs: this.#told.timeUs });
  }

  #emit(request: Request, answer: AnyEvent): void {
    this.#told.emit(
      {
        ...request.known,
        ...answer,
        ...(this.#keyspace !== '' && { keyspace: this.#keyspace }),
        ...(this.#user !== '' && { user: this.#user }),
      },
      { timeUs: request.startUs },
    );
  }
}

const shortText = (b: Uint8Array, o: number, end: number): string =>
  o + 2 <= end ? wireText(b, o + 2, Math.min(end, o + 2 + u16(b, o), o + 2 + textLimit)) : '';

/** The user of SASL PLAIN: empty, zero, user, zero, password. */
function plainUser(b: Uint8Array, o: number, end: number): string {
  if (o >= end || b[o] !== 0) return '';
  let last = o + 1;
  while (last < end && last < o + 128 && b[last] !== 0) last++;
  return last < end ? wireText(b, o + 1, last) : '';
}

/** What flags put before a request's body: a map of bytes. */
function skipPayload(flags: number, b: Uint8Array, o: number, end: number): number {
  return (flags & 4) === 0 ? o : skipMap(b, o, end);
}

/** What flags put before a response's body: a trace's identifier, warnings, a map of bytes. */
function skipExtras(flags: number, b: Uint8Array, o: number, end: number): number {
  let at = (flags & 2) !== 0 ? o + 16 : o;
  if ((flags & 8) !== 0 && at + 2 <= end) {
    const count = u16(b, at);
    at += 2;
    for (let i = 0; i < count && at + 2 <= end; i++) at += 2 + u16(b, at);
  }
  return (flags & 4) === 0 ? at : skipMap(b, at, end);
}

function skipMap(b: Uint8Array, o: number, end: number): number {
  if (o + 2 > end) return end;
  const count = u16(b, o);
  let at = o + 2;
  for (let i = 0; i < count && at + 2 <= end; i++) {
    at += 2 + u16(b, at);
    if (at + 4 > end) return end;
    const length = u32(b, at);
    at += 4 + (length < 1 << 30 ? length : 0);
  }
  return at;
}

/** OPTIONS or STARTUP, which begin every conversation, anywhere; other frames on the port. */
const probe: Probe = (b, at, end, hint) => {
  const version = b[at] & 0x7f;
  if (version < 1 || version > 5) return probed.no;
  const head = version < 3 ? 8 : 9;
  if (end - at < head) return end - at < 2 || b[at + 1] < 32 ? probed.maybe : probed.no;
  const opcode = b[at + head - 5];
  const length = u32(b, at + head - 4);
  if (opcode >= opcodes.length || length > lengthLimit || b[at + 1] > 31) return probed.no;
  const isWhole = at + head + length === end;
  if (hint.isPort) return isWhole || length > end - at ? probed.yes : probed.no;
  if (b[at] >= 0x80) return probed.no;
  if (!isWhole) return opcode === 1 && at + head + length > end && length < 1024 ? probed.maybe : probed.no;
  if (opcode === 5) return length === 0 && version >= 3 ? probed.yes : probed.no;
  // STARTUP: a map whose first key is in capitals, as `CQL_VERSION`.
  const isStartup = opcode === 1 && length > 6 && u16(b, at + head) < 16 && u16(b, at + head + 2) < 32;
  return isStartup && b[at + head + 4] >= 0x41 && b[at + head + 4] <= 0x5a ? probed.yes : probed.no;
};

export const cassandra = defineProtocol({
  name: 'cassandra',
  title: 'Cassandra (CQL)',
  family: 'data',
  ports: { tcp: [9042] },
  fields,
  probe: startingWith((first) => (first & 0x7f) >= 1 && (first & 0x7f) <= 5, probe),
  open: (conversation) => new CassandraTalk(conversation),
});
