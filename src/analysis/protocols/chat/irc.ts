// IRC (RFC 1459, RFC 2812): who is there under which name, channels joined, files offered. What people say is not told.

import { type EventOf, hasAsciiAnyCase, masked, nextLine, number, text, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  isAsciiLetter,
  notMine,
  otherSide,
  type ProbeHint,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';

/** Bytes of a line (RFC 2812 §2.3 allows 512, tags of IRCv3 more), channels joined by one command, odd lines. */
const lineBytes = 8192;
const channelLimit = 64;
const strayLimit = 10;

const fields = {
  nick: text('Nick', { zeek: 'nick' }),
  user: text('User', { zeek: 'user' }),
  command: text('Command', { zeek: 'command' }),
  value: text('What it was given', { zeek: 'value' }),
  detail: text('More of it', { zeek: 'addl' }),
  fileName: text('File offered', { zeek: 'dcc_file_name' }),
  fileBytes: number('Length of the file offered', { zeek: 'dcc_file_size', unit: 'bytes' }),
};

class IrcTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  #nick: string | null = null;
  #user: string | null = null;
  #isSwapped: boolean | null = null;
  #strayLines = 0;
  /** The login went well: odd lines are no reason to look away any more. */
  #isProven = false;
  #isTls = false;
  #wantsTls = false;
  readonly #isMidLine: [boolean, boolean] = [false, false];

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(given: Side, b: Uint8Array, at: number, end: number): number {
    let side = given;
    if (this.#isSwapped === null) {
      this.#isSwapped = isServerLine(b, at, end) !== (side === 1);
      if (this.#isSwapped) {
        this.#conversation.swap();
        side = otherSide(side);
      }
    }
    let o = at;
    while (o < end && !this.#isTls && !this.#isForeign) {
      const next = nextLine(b, o, end);
      if (next < 0 && end - o < lineBytes) break;
      if (next < 0) this.#conversation.weird('irc_line_size_exceeded');
      const stop = next < 0 ? end : next;
      if (!this.#isMidLine[side]) this.#line(side, b, o, stop);
      this.#isMidLine[side] = next < 0;
      o = stop;
    }
    return this.#isForeign ? notMine : o - at;
  }

  get #isForeign(): boolean {
    return !this.#isProven && this.#strayLines > strayLimit;
  }

  gap(side: Side): void {
    this.#isMidLine[side] = true;
  }

  #line(side: Side, b: Uint8Array, at: number, next: number): void {
    let end = Math.min(next, at + lineBytes);
    while (end > at && (b[end - 1] === 0x0a || b[end - 1] === 0x0d)) end--;
    if (end === at) return;
    const message = split(wireText(b, at, end));
    if (message === null) {
      this.#strayLines++;
      if (this.#strayLines === 1) this.#conversation.weird('irc_invalid_command');
      return;
    }
    if (side === 1) this.#fromServer(message);
    else this.#fromClient(message);
    if (message.command === 'PRIVMSG' || message.command === 'NOTICE') this.#ctcp(message, side);
  }

  #fromServer({ command, params }: Message): void {
    // 001 greets: the login went well, under the nick that it names.
    if (command === '001') {
      this.#conversation.confirm();
      this.#isProven = true;
      this.#nick ??= params[0] ?? null;
    } else if (command === '670' && this.#wantsTls) {
      this.#isTls = true;
      this.#conversation.become('tls');
    }
  }

  #fromClient({ command, params }: Message): void {
    switch (command) {
      case 'NICK':
        if (params.length === 0) return;
        this.#tell({ command, value: params[0] });
        this.#nick = params[0];
        break;
      case 'USER':
        if (params.length === 0) return;
        this.#tell({ command, value: params[0], detail: params.slice(1, 4).join(' ') });
        this.#user = params[0];
        break;
      case 'JOIN':
        this.#join(params);
        break;
      case 'OPER':
        if (params.length > 0) this.#tell({ command, value: params[0], detail: masked }, 0, 'eve');
        break;
      case 'STARTTLS':
        this.#wantsTls = true;
        break;
    }
  }

  #join(params: readonly string[]): void {
    const keys = (params[1] ?? '').split(',');
    for (const [i, channel] of (params[0] ?? '').split(',').slice(0, channelLimit).entries()) {
      if (channel === '') continue;
      const hasKey = keys[i] !== undefined && keys[i] !== '';
      this.#tell({ command: 'JOIN', value: channel, ...(hasKey ? { detail: ` with channel key: '${masked}'` } : {}) });
    }
  }

  /** A file offered: `DCC SEND name address port size` between two bytes of 1, which stand here as escapes. */
  #ctcp({ params }: Message, side: Side): void {
    const body = params[1] ?? '';
    if (!body.startsWith('\\x01DCC SEND ')) return;
    const rest = body.slice(13).replace(/\\x01$/, '');
    const quoted = /^"([^"]{0,255})" (.*)$/.exec(rest);
    const words = (quoted === null ? rest : quoted[2]).split(' ', 8);
    const fileName = quoted === null ? (words.shift() ?? '') : quoted[1];
    const bytes = Number(words[2]);
    if (fileName === '') return;
    const event: EventOf<typeof fields> = { command: 'DCC', value: 'SEND', fileName: fileName.slice(0, 255) };
    if (words[2] !== undefined && Number.isSafeInteger(bytes) && bytes >= 0) event.fileBytes = bytes;
    this.#tell(event, side);
  }

  /** @param only for what has no line of its own in Zeek's log */
  #tell(event: EventOf<typeof fields>, side: Side = 0, only?: 'eve'): void {
    if (this.#nick !== null) event.nick = this.#nick;
    if (this.#user !== null) event.user = this.#user;
    this.#conversation.emit(event, only === undefined ? { side } : { side, only });
  }
}

interface Message {
  readonly command: string;
  readonly params: readonly string[];
}

/** `@tags :prefix COMMAND param param :last param`; null when there is no command. */
function split(line: string): Message | null {
  let rest = line;
  if (rest.startsWith('@')) rest = rest.slice(rest.indexOf(' ') + 1).trimStart();
  if (rest.startsWith(':')) {
    const space = rest.indexOf(' ');
    if (space < 0) return null;
    rest = rest.slice(space + 1).trimStart();
  }
  const colon = rest.indexOf(' :');
  const words = (colon < 0 ? rest : rest.slice(0, colon)).split(' ').filter((word) => word !== '');
  const command = words.shift()?.toUpperCase() ?? '';
  if (!/^(?:[A-Z]{2,16}|\d{3})$/.test(command)) return null;
  const params = words.slice(0, 15);
  if (colon >= 0) params.push(rest.slice(colon + 2));
  return { command, params };
}

/** Servers put their name in front; only some notices before the login have none. */
function isServerLine(b: Uint8Array, at: number, end: number): boolean {
  return b[at] === 0x3a || hasAsciiAnyCase(b, at, end, 'notice ') || hasAsciiAnyCase(b, at, end, 'error :');
}

const strongWords = ['notice auth :', 'cap ls', 'cap req :', 'cap end'];
const usualWords = ['pass ', 'join ', 'ping ', 'pong ', 'privmsg ', 'names ', 'list\r', 'mode ', 'quit'];

function probe(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  const c = b[at];
  if (c === 0x3a) return isFromServer(b, at, end) ? probed.yes : probed.no;
  if ((c | 0x20) < 0x63 || (c | 0x20) > 0x75) return probed.no;
  if (strongWords.some((word) => hasAsciiAnyCase(b, at, end, word))) return probed.yes;
  if (hasAsciiAnyCase(b, at, end, 'nick ')) return hint.isPort || hasUser(b, at, end) ? probed.yes : probed.maybe;
  if (hasAsciiAnyCase(b, at, end, 'user ')) return isUserLine(b, at + 5, end) ? probed.yes : probed.no;
  if (!hint.isPort) return hasAsciiAnyCase(b, at, end, 'pass ') && hasUser(b, at, end) ? probed.yes : probed.no;
  return usualWords.some((word) => hasAsciiAnyCase(b, at, end, word)) ? probed.yes : probed.no;
}

/** `:name 001 ` or `:name NOTICE `. */
function isFromServer(b: Uint8Array, at: number, end: number): boolean {
  let o = at + 1;
  while (o < end && o < at + 128 && b[o] > 0x20) o++;
  if (o === at + 1 || o + 5 > end || b[o] !== 0x20) return false;
  o++;
  const isNumber = b[o] >= 0x30 && b[o] <= 0x39 && b[o + 1] >= 0x30 && b[o + 1] <= 0x39 && b[o + 3] === 0x20;
  return (
    isNumber || ['notice ', 'privmsg ', 'join ', 'mode ', 'ping '].some((word) => hasAsciiAnyCase(b, o, end, word))
  );
}

/** Whether a later line of what a client began with says USER (or NICK after PASS). */
function hasUser(b: Uint8Array, at: number, end: number): boolean {
  for (let o = at; o < end - 6; o++) {
    if (b[o] !== 0x0a) continue;
    if (hasAsciiAnyCase(b, o + 1, end, 'user ') && isUserLine(b, o + 6, end)) return true;
    if (hasAsciiAnyCase(b, o + 1, end, 'nick ')) return true;
  }
  return false;
}

/** `USER name mode unused :real name`: four parameters, which no other protocol's has. */
function isUserLine(b: Uint8Array, at: number, end: number): boolean {
  let spaces = 0;
  for (let o = at; o < end && b[o] !== 0x0a; o++) if (b[o] === 0x20) spaces++;
  return spaces >= 3;
}

export const irc = defineProtocol({
  name: 'irc',
  title: 'IRC',
  family: 'chat',
  ports: { tcp: [6667, 6666, 6668, 6669, 6660, 7000] },
  zeekLog: 'irc',
  zeekService: 'irc',
  fields,
  probe: startingWith((first) => first === 0x3a || isAsciiLetter(first), probe),
  open: (conversation) => new IrcTalk(conversation),
});
