// Redis and Valkey (redis.io, commands and RESP): each command with its answer.

import { flag, masked, number, text } from '../../../core/index.ts';
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
import { lengthAt, notResp, RespReader, type RespValue } from './resp.ts';

const fields = {
  command: text('Command', { zeek: 'cmd.name' }),
  key: text('Key', { zeek: 'cmd.key' }),
  value: text('Value', { zeek: 'cmd.value' }),
  arguments: text('Arguments'),
  success: flag('Success', { zeek: 'success' }),
  reply: text('Reply', { zeek: 'reply.value' }),
  replyCount: number('Items or bytes of the reply'),
  error: text('Error'),
  user: text('User'),
  database: number('Database'),
  latencyUs: number('Latency', { unit: 'us' }),
};

/** Commands waiting for an answer: pipelines may be long. */
const pendingLimit = 1000;
/** Characters of the arguments of those that wait. */
const pendingChars = 262_144;
const argumentsLimit = 1024;

interface Command {
  readonly name: string;
  readonly items: readonly string[];
  readonly startUs: number;
  readonly isUnanswered: boolean;
}

/** Commands of which key and value are told apart, as Zeek does: those on strings. */
const keyed = new Set(['GET', 'SET', 'GETSET', 'GETDEL', 'APPEND', 'INCR', 'DECR', 'SETNX', 'STRLEN', 'TTL', 'TYPE']);
const valued = new Set(['SET', 'GETSET', 'APPEND', 'SETNX']);
const pubSub = new Set(['message', 'pmessage', 'smessage', 'subscribe', 'unsubscribe', 'psubscribe', 'punsubscribe']);

class RedisTalk implements Talk {
  readonly #told: Conversation<typeof fields>;
  readonly #readers = [new RespReader(), new RespReader()] as const;
  readonly #pending: Command[] = [];
  #pendingChars = 0;
  /** Set by CLIENT REPLY: nothing is answered, or not the next command. */
  #isSilent = false;
  #skips = 0;
  #isSubscribed = false;
  #isOriented = false;
  #isCertain = false;
  #user = '';
  #database = 0;

  constructor(conversation: Conversation<typeof fields>) {
    this.#told = conversation;
  }

  data(from: Side, bytes: Uint8Array, start: number, end: number): number {
    let side = from;
    if (!this.#isOriented) {
      this.#isOriented = true;
      const isReply = isReplyType(bytes[start]);
      if ((from === 0 && isReply) || (from === 1 && bytes[start] === 0x2a && isCommand(bytes, start, end))) {
        this.#told.swap();
        side = otherSide(from);
      }
    }
    const reader = this.#readers[side];
    let at = start;
    while (at < end) {
      const next = reader.read(bytes, at, end, side === 1);
      if (next === notResp) {
        if (!this.#isCertain) return notMine;
        this.end();
        this.#told.done();
        break;
      }
      const { value } = reader;
      if (value !== null) {
        if (side === 0) this.#command(value);
        else this.#reply(value);
      }
      if (next === at) break;
      at = next;
    }
    return at - start;
  }

  end(): void {
    for (const command of this.#pending) this.#emit(command, null);
    this.#pending.length = 0;
    this.#pendingChars = 0;
  }

  #command(value: RespValue): void {
    const first = value.items[0];
    if (first === undefined || (value.type !== '*' && value.type !== ' ')) return;
    const name = first.slice(0, 64).toUpperCase();
    const isUnanswered = this.#hasNoAnswer(name, value.items);
    const command = { name, items: maskedItems(value.items), startUs: this.#told.timeUs, isUnanswered };
    if (name.endsWith('SUBSCRIBE')) this.#isSubscribed = true;
    this.#pending.push(command);
    this.#pendingChars += charsOf(command);
    while (this.#pending.length > pendingLimit || (this.#pendingChars > pendingChars && this.#pending.length > 1)) {
      this.#emit(this.#oldest(), null);
    }
    this.#flush();
  }

  #oldest(): Command {
    const command = this.#pending.shift()!;
    this.#pendingChars -= charsOf(command);
    return command;
  }

  /** Tells what is not answered as soon as all before it is told. */
  #flush(): void {
    while (this.#pending[0]?.isUnanswered === true) this.#emit(this.#oldest(), null);
  }

  /** CLIENT REPLY ON, OFF and SKIP say what is answered. */
  #hasNoAnswer(name: string, items: readonly string[]): boolean {
    if (name === 'CLIENT' && items[1]?.toUpperCase() === 'REPLY') {
      const how = items[2]?.toUpperCase();
      if (how === 'ON') {
        this.#isSilent = false;
        this.#skips = 0;
        return false;
      }
      if (how === 'OFF') this.#isSilent = true;
      else if (how === 'SKIP' && !this.#isSilent) this.#skips = 1;
      return true;
    }
    if (this.#isSilent) return true;
    if (this.#skips === 0) return false;
    this.#skips--;
    return true;
  }

  #reply(value: RespValue): void {
    // What the server pushes answers no command.
    if (value.type === '>') {
      if (!this.#isSubscribed || !pubSub.has(value.items[0])) return;
    } else if (this.#isSubscribed && value.type === '*' && this.#pending.length === 0) return;
    const command = this.#pending[0];
    if (command === undefined) return;
    if (this.#isSubscribed && value.items[0]?.endsWith('message')) return;
    this.#oldest();
    this.#isCertain = true;
    this.#told.confirm();
    this.#follow(command, value);
    this.#emit(command, value);
    this.#flush();
    if (command.name === 'MONITOR' || command.name === 'PSYNC' || command.name === 'SYNC') {
      // From here on the server sends everything that happens.
      this.end();
      this.#told.done();
    }
  }

  /** What a command changes for those after it. */
  #follow(command: Command, value: RespValue): void {
    const { name, items } = command;
    if (value.type === '-' || value.type === '!') return;
    if (name === 'SELECT') this.#database = Number(items[1]) || 0;
    else if (name === 'AUTH' && items.length > 2) this.#user = items[1];
    else if (name === 'HELLO') {
      const at = items.findIndex((item) => item.toUpperCase() === 'AUTH');
      if (at > 0) this.#user = items[at + 1] ?? '';
    }
  }

  #emit(command: Command, reply: RespValue | null): void {
    const { name, items, startUs } = command;
    const isError = reply?.type === '-' || reply?.type === '!';
    this.#told.emit(
      {
        command: name,
        ...(keyed.has(name) && items.length > 1 && { key: items[1] }),
        ...(valued.has(name) && items.length > 2 && { value: items[2] }),
        ...(items.length > 1 && { arguments: items.slice(1).join(' ').slice(0, argumentsLimit) }),
        ...(reply !== null && {
          success: !isError,
          reply: shownReply(command, reply.text),
          replyCount: reply.count,
          latencyUs: Math.max(0, this.#told.timeUs - startUs),
        }),
        ...(isError && { error: shownReply(command, reply.text) }),
        ...(this.#user !== '' && { user: this.#user }),
        ...(this.#database > 0 && { database: this.#database }),
      },
      { timeUs: startUs },
    );
  }
}

const charsOf = ({ items }: Command): number => items.reduce((sum, item) => sum + item.length, 0);

/** A reply without the passwords, and the digests of them, that it tells: ACL, CONFIG GET, and errors that echo. */
function shownReply({ name, items }: Command, text: string): string {
  const kind = items[1]?.toUpperCase();
  if (name === 'ACL' && (kind === 'GENPASS' || kind === 'GETUSER' || kind === 'LIST')) return masked;
  if (name === 'CONFIG' && kind === 'GET' && items.some((item, i) => i > 1 && /pass|auth|\*/i.test(item)))
    return masked;
  return text.replace(/(args beginning with: ).*/s, `$1${masked}`);
}

/** Arguments with passwords masked: AUTH, HELLO … AUTH, CONFIG SET …pass, ACL SETUSER, MIGRATE … AUTH, SENTINEL SET. */
function maskedItems(items: readonly string[]): readonly string[] {
  const name = items[0].toUpperCase();
  if (name === 'AUTH') {
    if (items.length <= 2) return items.map((item, i) => (i === 0 ? item : masked));
    return items.map((item, i) => (i < 2 ? item : masked));
  }
  if (name === 'HELLO' || name === 'MIGRATE') {
    const at = items.findIndex((item, i) => i > 0 && /^auth2?$/i.test(item));
    if (at < 0) return items;
    const hasUser = name === 'HELLO' || items[at].length === 5;
    return items.map((item, i) => (i === at + (hasUser ? 2 : 1) ? masked : item));
  }
  if (name === 'CONFIG' || name === 'SENTINEL') {
    return items.map((item, i) => (i > 2 && /(?:pass|auth)$/i.test(items[i - 1]) ? masked : item));
  }
  if (name === 'ACL') return items.map((item, i) => (i > 2 && /^[<>#!]/.test(item) ? `${item[0]}${masked}` : item));
  return items;
}

const isReplyType = (c: number): boolean => c === 0x2b || c === 0x2d || c === 0x3a || c === 0x24;

/** Knows an array of texts anywhere, other values on the port. */
const probe: Probe = (b, at, end, hint) => {
  if (b[at] === 0x2a) {
    if (isCommand(b, at, end)) return probed.yes;
    return end - at < 12 && isCount(b, at + 1, end) ? probed.maybe : probed.no;
  }
  if (!hint.isPort) return probed.no;
  const last = end - 1;
  if (b[last] !== 0x0a) return end - at < 1024 ? probed.maybe : probed.no;
  if (isReplyType(b[at])) return end - at > 2 && b[last - 1] === 0x0d ? probed.yes : probed.no;
  return isInlineWord(b, at, end) ? probed.yes : probed.no;
};

/** Digits, and the start of a text behind them. */
function isCount(b: Uint8Array, o: number, end: number): boolean {
  for (let i = o; i < end; i++) {
    if (b[i] !== 0x0d && b[i] !== 0x0a && b[i] !== 0x24 && (b[i] < 0x30 || b[i] > 0x39)) return false;
  }
  return true;
}

/** `*2\r\n$`: an array whose first item is a text. */
function isCommand(b: Uint8Array, at: number, end: number): boolean {
  let i = at + 1;
  while (i < end && i < at + 6 && b[i] >= 0x30 && b[i] <= 0x39) i++;
  if (i === at + 1 || i + 4 > end || b[i] !== 0x0d || b[i + 1] !== 0x0a) return false;
  const count = lengthAt(b, at + 1, i);
  return count !== undefined && count > 0 && b[i + 2] === 0x24 && b[i + 3] >= 0x30 && b[i + 3] <= 0x39;
}

const isWordPart = (c: number): boolean => ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a) || (c >= 0x30 && c <= 0x39);

/** A word of two or more letters before a space or the end of the line. */
function isInlineWord(b: Uint8Array, at: number, end: number): boolean {
  let i = at;
  while (i < end && i < at + 20 && isWordPart(b[i])) i++;
  return i - at >= 2 && i < end && (b[i] === 0x20 || b[i] === 0x0d || b[i] === 0x0a);
}

export const redis = defineProtocol({
  name: 'redis',
  title: 'Redis',
  zeekLog: 'redis',
  zeekService: 'redis',
  family: 'data',
  ports: { tcp: [6379, 6380, 16379] },
  fields,
  probe: startingWith((first) => first === 0x2a || isReplyType(first) || isWordPart(first), probe),
  open: (conversation) => new RedisTalk(conversation),
});
