// MongoDB wire protocol (MongoDB manual, "wire protocol": OP_MSG, OP_COMPRESSED, and the older messages).
//
//   +----------------+----------------+----------------+----------------+-- … --+   numbers are little endian
//   | length, itself | request        | answer to      | operation      | body  |
//   +----------------+----------------+----------------+----------------+-------+

import { type AnyEvent, findByte, flag, number, text, u32le, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  otherSide,
  type Probe,
  probed,
  type Side,
  type Talk,
} from '../protocol.ts';
import { BsonReader, bsonTypes, documentText } from './bson.ts';

const fields = {
  command: text('Command'),
  database: text('Database'),
  collection: text('Collection', { filter: 'mongo.full_collection_name' }),
  statement: text('Statement'),
  success: flag('Success'),
  error: text('Error'),
  errorCode: number('Error code'),
  errorName: text('Name of the error'),
  affected: number('Documents matched or inserted'),
  modified: number('Documents modified'),
  returned: number('Documents returned', { filter: 'mongo.number_returned' }),
  user: text('User'),
  mechanism: text('Mechanism of authentication'),
  application: text('Application or driver'),
  latencyUs: number('Latency', { unit: 'us' }),
};

const headerBytes = 16;
const lengthLimit = 48_000_000 + 65_536;
/** Bytes of a message that are waited for; the rest is skipped. */
const keptBytes = 48_000;
/** Commands waiting for an answer. */
const pendingLimit = 64;
const nameLimit = 256;
/** Bytes unpacked of a compressed message. */
const unpackedLimit = 65_536;

const operations = {
  reply: 1,
  update: 2001,
  insert: 2002,
  query: 2004,
  getMore: 2005,
  delete: 2006,
  killCursors: 2007,
  compressed: 2012,
  msg: 2013,
} as const;
const known = new Set<number>(Object.values(operations));

interface Command {
  readonly startUs: number;
  readonly known: AnyEvent;
}

class MongodbTalk implements Talk {
  readonly #told: Conversation<typeof fields>;
  readonly #pending = new Map<number, Command>();
  #isOriented = false;
  #user = '';

  constructor(conversation: Conversation<typeof fields>) {
    this.#told = conversation;
  }

  data(from: Side, bytes: Uint8Array, start: number, end: number): number {
    let side = from;
    let at = start;
    while (end - at >= headerBytes) {
      const length = u32le(bytes, at);
      if (length < headerBytes || length > lengthLimit || !known.has(u32le(bytes, at + 12))) {
        if (!this.#isOriented) return notMine;
        this.end();
        this.#told.done();
        break;
      }
      if (end - at < Math.min(length, keptBytes)) break;
      if (!this.#isOriented) side = this.#orient(from, u32le(bytes, at + 8), u32le(bytes, at + 12));
      const answers = u32le(bytes, at + 8);
      this.#message(side, bytes, at, Math.min(end, at + length), u32le(bytes, at + 12), answers);
      at += length;
    }
    return at - start;
  }

  end(): void {
    for (const command of this.#pending.values()) this.#emit(command, {});
    this.#pending.clear();
  }

  #orient(from: Side, answers: number, operation: number): Side {
    this.#isOriented = true;
    const isPaired = operation === operations.msg || operation === operations.compressed;
    const isServer = operation === operations.reply || (isPaired && answers !== 0);
    if (isServer !== (from === 0)) return from;
    this.#told.swap();
    return otherSide(from);
  }

  #message(side: Side, b: Uint8Array, at: number, end: number, operation: number, answers: number): void {
    if (operation === operations.compressed) {
      this.#unpack(side, b, at, end, answers);
      return;
    }
    const id = u32le(b, at + 4);
    this.#operation(side, operation, id, answers, b, at + headerBytes, end);
  }

  /** zlib can be read; other compressions leave the pairing only. */
  #unpack(side: Side, b: Uint8Array, at: number, end: number, answers: number): void {
    if (end - at < headerBytes + 9) return;
    const operation = u32le(b, at + headerBytes);
    const compressor = b[at + headerBytes + 8];
    const id = u32le(b, at + 4);
    const packed = at + headerBytes + 9;
    if (compressor === 2) {
      const plain = this.#told.crypto.unpack('deflate', b.slice(packed, end), unpackedLimit);
      this.#operation(side, operation, id, answers, plain, 0, plain.length);
    } else if (compressor === 0) this.#operation(side, operation, id, answers, b, packed, end);
    else if (side === 0) this.#ask(id, { command: 'compressed' });
    else this.#answer(answers, {});
  }

  #operation(side: Side, operation: number, id: number, answers: number, b: Uint8Array, o: number, end: number): void {
    if (operation === operations.msg) this.#msg(side, id, answers, b, o, end);
    else if (operation === operations.reply) this.#reply(answers, b, o, end);
    else if (operation === operations.query) this.#query(id, b, o, end);
    else this.#old(id, operation, b, o, end);
  }

  /** Flags, then sections: a document (0), or documents under a name (1). */
  #msg(side: Side, id: number, answers: number, b: Uint8Array, o: number, end: number): void {
    if (end - o < 10) return;
    const isUnanswered = (u32le(b, o) & 2) !== 0;
    let at = o + 4;
    let documents = 0;
    let body = -1;
    while (at + 5 <= end) {
      const size = u32le(b, at + 1);
      if (size < 5) break;
      if (b[at] === 0) body = at + 1;
      else if (b[at] === 1) documents += countDocuments(b, at + 1, Math.min(end, at + 1 + size));
      else break;
      at += 1 + size;
    }
    if (body < 0) return;
    if (side === 1) {
      this.#answer(answers, resultOf(b, body, end));
      return;
    }
    const values = this.#commandOf(b, body, end, '');
    if (documents > 0) values.affected = documents;
    if (isUnanswered) this.#emit({ startUs: this.#told.timeUs, known: values }, {});
    else this.#ask(id, values);
  }

  /** A command's document: its first key is the command, the value the collection. */
  #commandOf(b: Uint8Array, o: number, end: number, database: string): AnyEvent {
    const values: AnyEvent = {};
    const reader = new BsonReader(b, o, end);
    if (reader.next()) {
      values.command = reader.key.slice(0, 64);
      if (reader.type === bsonTypes.text) values.collection = reader.text();
    }
    if (database !== '') values.database = database;
    while (reader.next()) {
      if (reader.key === '$db') values.database = reader.text();
      else if (reader.key === 'mechanism') values.mechanism = reader.text();
      else if (reader.key === 'user' && values.command === 'authenticate') this.#user = reader.text();
      else if (reader.key === 'payload' && values.command === 'saslStart') this.#user = scramUser(b, reader.at, end);
      else if (reader.key === 'speculativeAuthenticate') this.#speculative(b, reader.inside(), end, values);
      else if (reader.key === 'client') values.application = applicationOf(reader.inside());
    }
    values.statement = documentText(b, o, end);
    return values;
  }

  #speculative(b: Uint8Array, reader: BsonReader, end: number, values: AnyEvent): void {
    while (reader.next()) {
      if (reader.key === 'mechanism') values.mechanism = reader.text();
      else if (reader.key === 'payload') this.#user = scramUser(b, reader.at, end);
    }
  }

  #query(id: number, b: Uint8Array, o: number, end: number): void {
    const zero = findByte(b, o + 4, Math.min(end, o + 4 + nameLimit), 0);
    if (zero < 0 || zero + 9 > end) return;
    const { database, collection } = splitName(wireText(b, o + 4, zero));
    const document = zero + 9;
    if (collection === '$cmd') {
      this.#ask(id, this.#commandOf(b, document, end, database));
      return;
    }
    this.#ask(id, { command: 'query', database, collection, statement: documentText(b, document, end) });
  }

  /** Messages before OP_MSG that are not answered, and those that ask for more. */
  #old(id: number, operation: number, b: Uint8Array, o: number, end: number): void {
    const name = { 2001: 'update', 2002: 'insert', 2005: 'get_more', 2006: 'delete', 2007: 'kill_cursors' }[operation];
    if (name === undefined) return;
    const values: AnyEvent = { command: name };
    const zero = operation === operations.killCursors ? -1 : findByte(b, o + 4, Math.min(end, o + 4 + nameLimit), 0);
    if (zero >= 0) {
      const { database, collection } = splitName(wireText(b, o + 4, zero));
      values.database = database;
      values.collection = collection;
      const document = operation === operations.insert ? zero + 1 : zero + 5;
      if (operation !== operations.getMore) values.statement = documentText(b, document, end);
    }
    if (operation === operations.getMore) this.#ask(id, values);
    else this.#emit({ startUs: this.#told.timeUs, known: values }, {});
  }

  #reply(answers: number, b: Uint8Array, o: number, end: number): void {
    if (end - o < 20) return;
    const command = this.#pending.get(answers);
    const returned = u32le(b, o + 16);
    const isFailure = (u32le(b, o) & 2) !== 0;
    const isQuery = command?.known.command === 'query' || command?.known.command === 'get_more';
    if (!isQuery || isFailure)
      this.#answer(answers, { ...resultOf(b, o + 20, end), ...(isFailure && { success: false }) });
    else this.#answer(answers, { success: true, returned });
  }

  #ask(id: number, values: AnyEvent): void {
    const oldest = this.#pending.entries().next();
    if (this.#pending.size >= pendingLimit && oldest.done === false) {
      this.#pending.delete(oldest.value[0]);
      this.#emit(oldest.value[1], {});
    }
    this.#pending.set(id, { startUs: this.#told.timeUs, known: values });
  }

  #answer(id: number, result: AnyEvent): void {
    const command = this.#pending.get(id);
    if (command === undefined) return;
    this.#pending.delete(id);
    this.#told.confirm();
    this.#emit(command, { ...result, latencyUs: Math.max(0, this.#told.timeUs - command.startUs) });
  }

  #emit(command: Command, result: AnyEvent): void {
    const user = this.#user === '' ? {} : { user: this.#user };
    this.#told.emit({ ...command.known, ...result, ...user }, { timeUs: command.startUs });
  }
}

/** What an answer's document tells. */
function resultOf(b: Uint8Array, o: number, end: number): AnyEvent {
  const values: AnyEvent = {};
  const reader = new BsonReader(b, o, end);
  while (reader.next()) {
    switch (reader.key) {
      case 'ok':
        values.success = reader.number() === 1;
        break;
      case 'errmsg':
      case '$err':
        values.error = reader.text();
        break;
      case 'err':
        if (reader.type === bsonTypes.text) values.error = reader.text();
        break;
      case 'code':
        values.errorCode = reader.number();
        break;
      case 'codeName':
        values.errorName = reader.text();
        break;
      case 'n':
        values.affected = reader.number();
        break;
      case 'nModified':
        values.modified = reader.number();
        break;
      case 'writeErrors':
        values.error = firstWriteError(reader.inside());
        break;
      case 'cursor':
        values.returned = countBatch(reader.inside());
        break;
    }
  }
  return values;
}

function firstWriteError(errors: BsonReader): string {
  if (!errors.next()) return '';
  const first = errors.inside();
  while (first.next()) if (first.key === 'errmsg') return first.text();
  return '';
}

/** Documents in the batch of a cursor, as far as they are here. */
function countBatch(cursor: BsonReader): number {
  while (cursor.next()) {
    if (cursor.key !== 'firstBatch' && cursor.key !== 'nextBatch') continue;
    const batch = cursor.inside();
    let count = 0;
    while (batch.next()) count++;
    return count;
  }
  return 0;
}

/** Documents of a section of kind 1: size, name, documents. */
function countDocuments(b: Uint8Array, o: number, end: number): number {
  const zero = findByte(b, o + 4, end, 0);
  let count = 0;
  for (let at = zero + 1; zero >= 0 && at + 5 <= end; count++) {
    const size = u32le(b, at);
    if (size < 5) break;
    at += size;
  }
  return count;
}

function splitName(name: string): { database: string; collection: string } {
  const dot = name.indexOf('.');
  return dot < 0
    ? { database: name, collection: '' }
    : { database: name.slice(0, dot), collection: name.slice(dot + 1) };
}

/** The user of a SCRAM client-first message (`n,,n=bob,r=…`) in a binary value; nothing else of it is kept. */
function scramUser(b: Uint8Array, at: number, end: number): string {
  const from = at + 5;
  if (from >= end) return '';
  const message = wireText(b, from, Math.min(end, from + u32le(b, at), from + nameLimit));
  const found = /(?:^|,)n=([^,]{1,128}),/.exec(message);
  return found === null ? '' : found[1].replace('=2C', ',').replace('=3D', '=');
}

/** Name of the application, else of the driver, in a hello's `client`. */
function applicationOf(client: BsonReader): string {
  let driver = '';
  while (client.next()) {
    if (client.key !== 'application' && client.key !== 'driver') continue;
    const inside = client.inside();
    while (inside.next()) {
      if (inside.key !== 'name') continue;
      if (client.key === 'application') return inside.text();
      driver = inside.text();
    }
  }
  return driver;
}

/** A header with a known operation and a plausible length, and the begin of a body that fits. */
const probe: Probe = (b, at, end) => {
  if (end - at < headerBytes) {
    // The length's upper byte is small and the operation's upper bytes are zero.
    return end - at < 4 || b[at + 3] < 3 ? probed.maybe : probed.no;
  }
  const operation = u32le(b, at + 12);
  const length = u32le(b, at);
  if (!known.has(operation) || length <= headerBytes + 4 || length > lengthLimit) return probed.no;
  const o = at + headerBytes;
  if (end - o < 5) return probed.maybe;
  if (operation === operations.msg) return u32le(b, o) <= 0x1ffff && b[o + 4] <= 1 ? probed.yes : probed.no;
  if (operation === operations.query) return u32le(b, o) < 256 && isName(b[o + 4]) ? probed.yes : probed.no;
  if (operation === operations.reply) return length > 35 && u32le(b, o) < 16 ? probed.yes : probed.no;
  if (operation === operations.compressed) return known.has(u32le(b, o)) ? probed.yes : probed.no;
  return u32le(b, o) < 4 ? probed.yes : probed.no;
};

const isName = (c: number): boolean => (c >= 0x30 && c <= 0x39) || (c | 0x20) >= 0x61 || c === 0x5f;

export const mongodb = defineProtocol({
  name: 'mongodb',
  title: 'MongoDB',
  family: 'data',
  ports: { tcp: [27_017, 27_018, 27_019] },
  fields,
  probe,
  open: (conversation) => new MongodbTalk(conversation),
});
