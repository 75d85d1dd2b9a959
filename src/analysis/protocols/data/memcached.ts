// memcached (its protocol.txt and binary protocol): commands with their answers, as text or binary, over TCP and UDP.

import {
  type AnyEvent,
  findByte,
  flag,
  hasAscii,
  nextLine,
  number,
  text,
  texts,
  u16,
  u32,
  wireText,
} from '../../../core/index.ts';
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

const fields = {
  command: text('Command', { filter: 'memcache.command' }),
  keys: texts('Keys'),
  keyCount: number('Number of keys'),
  valueBytes: number('Bytes of values', { unit: 'bytes' }),
  hits: number('Values found'),
  status: text('Status'),
  success: flag('Success'),
  isBinary: flag('Binary protocol'),
  latencyUs: number('Latency', { unit: 'us' }),
};

/** Commands waiting for an answer; keys told of one, and bytes of each. */
const pendingLimit = 256;
const keyLimit = 16;
const keyBytes = 250;
const lineLimit = 8192;
const binaryHeader = 24;
const udpHeader = 8;

const storing = new Set(['set', 'add', 'replace', 'append', 'prepend', 'cas']);
const reading = new Set(['get', 'gets', 'gat', 'gats']);
const others = new Set(['delete', 'incr', 'decr', 'touch', 'stats', 'version', 'flush_all', 'verbosity', 'quit']);
const isCommand = (word: string): boolean => storing.has(word) || reading.has(word) || others.has(word);
/** Lines that end an answer as failed. */
const failures = new Set(['ERROR', 'CLIENT_ERROR', 'SERVER_ERROR', 'NOT_STORED', 'EXISTS', 'NOT_FOUND']);

const binaryCommands =
  'get set add replace delete incr decr quit flush getq noop version getk getkq append prepend stat setq addq replaceq deleteq incrq decrq quitq flushq appendq prependq verbosity touch gat gatq'.split(
    ' ',
  );
const sasl = ['sasl_list', 'sasl_auth', 'sasl_step'];
const binaryStatuses: Readonly<Record<number, string>> = {
  0: 'OK',
  1: 'NOT_FOUND',
  2: 'EXISTS',
  3: 'TOO_LARGE',
  4: 'INVALID_ARGUMENTS',
  5: 'NOT_STORED',
  6: 'NON_NUMERIC',
  32: 'AUTH_ERROR',
  33: 'AUTH_CONTINUE',
  129: 'UNKNOWN_COMMAND',
  130: 'OUT_OF_MEMORY',
};

interface Command {
  readonly name: string;
  readonly known: AnyEvent;
  readonly startUs: number;
  /** Of a binary message, or a UDP request; -1 otherwise. */
  readonly id: number;
  hits: number;
  bytes: number;
}

class MemcachedTalk implements Talk {
  readonly #told: Conversation<typeof fields>;
  readonly #pending: Command[] = [];
  #isOriented = false;
  #isCertain = false;
  /** Request of the datagram at hand. */
  #datagram = -1;

  constructor(conversation: Conversation<typeof fields>) {
    this.#told = conversation;
  }

  data(from: Side, bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    if (this.#told.proto === 17) {
      if (end - at < udpHeader) return notMine;
      this.#datagram = u16(bytes, at);
      // Answers of several datagrams go on with the second.
      if (u16(bytes, at + 2) > 0) return end - start;
      at += udpHeader;
    }
    const isBinaryStart = bytes[at] === 0x80 || bytes[at] === 0x81;
    // Who speaks is told by the first word, once it is there.
    if (!this.#isOriented && !isBinaryStart && nextLine(bytes, at, end) < 0 && end - at < lineLimit) return 0;
    const side = this.#isOriented ? from : this.#orient(from, bytes, at, end);
    while (at < end) {
      const isBinary = bytes[at] === 0x80 || bytes[at] === 0x81;
      const next = isBinary ? this.#binary(side, bytes, at, end) : this.#line(side, bytes, at, end);
      if (next === notMine) {
        if (!this.#isCertain) return notMine;
        this.end();
        this.#told.done();
        break;
      }
      if (next === at) break;
      at = next;
    }
    return at - start;
  }

  end(): void {
    for (const command of this.#pending) this.#emit(command, '', undefined);
    this.#pending.length = 0;
  }

  #orient(from: Side, b: Uint8Array, at: number, end: number): Side {
    this.#isOriented = true;
    const isServer = b[at] === 0x81 || (b[at] !== 0x80 && !isCommand(wordAt(b, at, end)));
    if (isServer !== (from === 0)) return from;
    this.#told.swap();
    return otherSide(from);
  }

  // --- text --------------------------------------------------------------------------------------------------------

  #line(side: Side, b: Uint8Array, at: number, end: number): number {
    const next = nextLine(b, at, end);
    if (next < 0) return end - at > lineLimit ? notMine : at;
    const lineEnd = b[next - 2] === 0x0d && next - 2 >= at ? next - 2 : next - 1;
    if (side === 1) return this.#answerLine(b, at, lineEnd, next, end);
    const words = wordsOf(b, at, lineEnd);
    const name = words[0];
    if (!isCommand(name)) return this.#isCertain ? next : notMine;
    const isSilent = words.length > 2 && words.at(-1) === 'noreply';
    if (isSilent) words.pop();
    const hasData = storing.has(name);
    const size = hasData ? sizeOf(words[4]) : 0;
    if (size < 0) return next;
    const keys = hasData ? words.slice(1, 2) : reading.has(name) || name === 'delete' ? words.slice(1) : [];
    if (name === 'incr' || name === 'decr' || name === 'touch') keys.push(words[1] ?? '');
    const known: AnyEvent = { command: name, isBinary: false, ...keysOf(keys), ...(hasData && { valueBytes: size }) };
    this.#ask(name, known, this.#datagram, isSilent || name === 'quit');
    return hasData ? next + size + 2 : next;
  }

  #answerLine(b: Uint8Array, at: number, lineEnd: number, next: number, end: number): number {
    const command = this.#oldest();
    const word = wordAt(b, at, lineEnd);
    if (command === undefined) return next;
    if (word === 'VALUE') {
      const size = sizeOf(wordsOf(b, at, lineEnd)[3]);
      if (size < 0) return next;
      command.hits++;
      command.bytes += size;
      // A datagram may end amid a value; what ends the answer is then not seen.
      if (this.#datagram >= 0 && next + size + 2 > end) this.#finish(command, 'END', true);
      return next + size + 2;
    }
    if (word === 'STAT') {
      command.hits++;
      return next;
    }
    const status = /^\d/.test(word) ? 'OK' : word;
    this.#finish(command, status, !failures.has(status));
    return next;
  }

  #oldest(): Command | undefined {
    if (this.#datagram < 0) return this.#pending[0];
    return this.#pending.find((command) => command.id === this.#datagram);
  }

  // --- binary ------------------------------------------------------------------------------------------------------

  /**
   *   | magic | opcode | key length | extras | type | vbucket, status | body length | opaque | cas (8) | extras, key, value
   */
  #binary(side: Side, b: Uint8Array, at: number, end: number): number {
    if (end - at < binaryHeader) return at;
    const code = b[at + 1];
    const keyLength = u16(b, at + 2);
    const extras = b[at + 4];
    const body = u32(b, at + 8);
    if (keyLength + extras > body || body > 1 << 30) return notMine;
    const keyAt = at + binaryHeader + extras;
    if (end < keyAt + keyLength && end - at < lineLimit) return at;
    const name = binaryCommands[code] ?? sasl[code - 0x20] ?? `unknown-${code}`;
    const opaque = u32(b, at + 12);
    if (b[at] === 0x80) {
      const key = wireText(b, keyAt, Math.min(end, keyAt + keyLength, keyAt + keyBytes));
      const bytes = body - keyLength - extras;
      const known = {
        command: name,
        isBinary: true,
        ...keysOf(keyLength > 0 ? [key] : []),
        ...(bytes > 0 && !name.startsWith('sasl') && { valueBytes: bytes }),
      };
      if (side === 0) this.#ask(name, known, opaque, name.startsWith('quit'));
    } else this.#binaryAnswer(u16(b, at + 6), opaque, body - keyLength - extras, keyLength);
    return at + binaryHeader + body;
  }

  #binaryAnswer(status: number, opaque: number, bytes: number, keyLength: number): void {
    const command = this.#pending.find((one) => one.id === opaque);
    if (command === undefined) return;
    const isStat = command.name === 'stat';
    if (status === 0 && (command.name.startsWith('get') || isStat)) {
      command.hits++;
      command.bytes += bytes;
    }
    // Statistics come one by one, the last without a name.
    if (isStat && keyLength > 0) return;
    this.#finish(command, binaryStatuses[status] ?? `unknown-${status}`, status === 0);
  }

  // --- both --------------------------------------------------------------------------------------------------------

  #ask(name: string, known: AnyEvent, id: number, isUnanswered: boolean): void {
    this.#isCertain = true;
    const command = { name, known, startUs: this.#told.timeUs, id, hits: 0, bytes: 0 };
    if (isUnanswered) {
      this.#emit(command, '', undefined);
      return;
    }
    if (this.#pending.length >= pendingLimit) this.#emit(this.#pending.shift()!, '', undefined);
    this.#pending.push(command);
  }

  #finish(command: Command, status: string, success: boolean): void {
    this.#pending.splice(this.#pending.indexOf(command), 1);
    this.#told.confirm();
    this.#emit(command, status, success);
  }

  #emit(command: Command, status: string, success: boolean | undefined): void {
    const { name, known, startUs, hits, bytes } = command;
    const isRead = reading.has(name) || name === 'getk';
    this.#told.emit(
      {
        ...known,
        ...(isRead && success !== undefined && { hits, valueBytes: bytes }),
        ...(status !== '' && { status }),
        ...(success !== undefined && { success, latencyUs: Math.max(0, this.#told.timeUs - startUs) }),
      },
      { timeUs: startUs },
    );
  }
}

function keysOf(keys: readonly string[]): AnyEvent {
  return keys.length === 0 ? {} : { keys: keys.slice(0, keyLimit), keyCount: keys.length };
}

/** Bytes of a value as a command tells them: digits and nothing else; -1 when it is no size a server takes. */
function sizeOf(word: string | undefined): number {
  const size = word !== undefined && /^\d{1,10}$/.test(word) ? Number(word) : -1;
  return size <= 1 << 30 ? size : -1;
}

/** The first word of a line, up to 16 characters. */
function wordAt(b: Uint8Array, at: number, end: number): string {
  let i = at;
  while (i < end && i < at + 16 && b[i] > 0x20) i++;
  return wireText(b, at, i);
}

function wordsOf(b: Uint8Array, at: number, end: number): string[] {
  const words: string[] = [];
  for (let i = at; i < end && words.length < 256; ) {
    const space = findByte(b, i, end, 0x20);
    const last = space < 0 ? end : space;
    if (last > i) words.push(wireText(b, i, Math.min(last, i + keyBytes)));
    i = last + 1;
  }
  return words.length === 0 ? [''] : words;
}

/** A storing command with its three numbers anywhere; other commands and answers on the port. */
function textVerdict(b: Uint8Array, at: number, end: number, isPort: boolean, isDatagram: boolean): number {
  if (b[at] < 0x41 || b[at] > 0x7a) return probed.no;
  const word = wordAt(b, at, end);
  const next = nextLine(b, at, end);
  if (next < 0) {
    const isWhole = word.length < Math.min(16, end - at);
    return (isWhole ? isCommand(word) : isPort || storing.has(word)) && end - at < 512 ? probed.maybe : probed.no;
  }
  if (storing.has(word)) {
    const words = wordsOf(b, at, next - 1);
    return words.length >= 5 && /^\d+$/.test(words[2]) && /^-?\d+$/.test(words[3]) && /^\d+/.test(words[4])
      ? probed.yes
      : probed.no;
  }
  if (isPort) return isCommand(word) || isAnswer(b, at, end) ? probed.yes : probed.no;
  return isDatagram && (reading.has(word) || word === 'stats') ? probed.yes : probed.no;
}

const isAnswer = (b: Uint8Array, at: number, end: number): boolean =>
  hasAscii(b, at, end, 'VALUE ') || hasAscii(b, at, end, 'STORED\r\n') || hasAscii(b, at, end, 'END\r\n');

const probe: Probe = (b, at, end, hint) => {
  let o = at;
  const isDatagram = hint.proto === 17;
  if (isDatagram) {
    // Request, number, count and two reserved bytes, which some clients leave as they are.
    if (end - at < udpHeader + 2 || u16(b, at + 2) !== 0 || b[at + 4] !== 0 || (!hint.isPort && u16(b, at + 6) !== 0)) {
      return probed.no;
    }
    if (b[at + 5] === 0) return probed.no;
    o += udpHeader;
  }
  if (b[o] !== 0x80 && b[o] !== 0x81) return textVerdict(b, o, end, hint.isPort, isDatagram);
  if (end - o < binaryHeader) return isDatagram ? probed.no : probed.maybe;
  const body = u32(b, o + 8);
  const isKnown = b[o + 1] < binaryCommands.length || (b[o + 1] >= 0x20 && b[o + 1] <= 0x22);
  if (!isKnown || b[o + 5] !== 0 || u16(b, o + 2) + b[o + 4] > body || b[o + 4] > 20) return probed.no;
  if (hint.isPort) return probed.yes;
  return body > 0 && o + binaryHeader + body === end ? probed.yes : probed.no;
};

export const memcached = defineProtocol({
  name: 'memcached',
  title: 'memcached',
  family: 'data',
  ports: { tcp: [11_211], udp: [11_211] },
  fields,
  probe,
  open: (conversation) => new MemcachedTalk(conversation),
});
