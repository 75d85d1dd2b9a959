// POP3 (RFC 1939, 2449 CAPA, 2595 STLS, 5034 AUTH): one event a command with its answer.

import {
  type EventOf,
  hasAscii,
  hasAsciiAnyCase,
  masked,
  nextLine,
  object,
  text,
  wireText,
} from '../../../core/index.ts';
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
import { isLoneDot } from './message.ts';
import { SaslLogin } from './sasl.ts';

/** Bytes of a line, lines of an answer, commands without an answer, odd lines. */
const lineBytes = 2048;
const dataLines = 128;
const pendingLimit = 32;
const strayLimit = 10;

interface Request {
  command: string;
  args?: string[];
}
interface Response {
  success: boolean;
  status: string;
  header: string;
  data?: string[];
}

const fields = {
  request: object<Request>('Command', { eve: 'pop3.request' }),
  response: object<Response>('Answer', { eve: 'pop3.response' }),
  user: text('User'),
};

/** A command that waits for its answer. */
interface Pending {
  readonly request: Request;
  /** Lines up to a lone dot follow a good answer. */
  readonly hasData: boolean;
  /** What follows is a message, which is not told. */
  readonly isMessage: boolean;
}

class Pop3Talk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  #pending: Pending[] = [];
  #open: { readonly pending: Pending; readonly response: Response } | null = null;
  #login: SaslLogin | null = null;
  #isInAuth = false;
  #user: string | null = null;
  #isGreeted = false;
  /** An answer fitted its command: odd lines are no reason to look away any more. */
  #isProven = false;
  #isSwapped: boolean | null = null;
  #isTls = false;
  #strayLines = 0;
  readonly #isMidLine: [boolean, boolean] = [false, false];

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(given: Side, b: Uint8Array, at: number, end: number): number {
    let side = given;
    if (this.#isSwapped === null) {
      this.#isSwapped = (b[at] === 0x2b || b[at] === 0x2d) !== (side === 1);
      if (this.#isSwapped) {
        this.#conversation.swap();
        side = otherSide(side);
      }
    }
    let o = at;
    while (o < end && !this.#isTls && !this.#isForeign) {
      const next = nextLine(b, o, end);
      // A message may come in lines of any length; nothing of it is kept.
      if (next < 0 && end - o < lineBytes) break;
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

  gap(): void {
    this.#pending = [];
    this.#open = null;
    this.#isInAuth = false;
  }

  end(): void {
    for (const { request } of this.#pending) this.#tell(request, null);
    this.#pending = [];
  }

  #line(side: Side, b: Uint8Array, at: number, next: number): void {
    let end = Math.min(next, at + lineBytes);
    while (end > at && (b[end - 1] === 0x0a || b[end - 1] === 0x0d)) end--;
    if (side === 0) this.#readCommand(b, at, end);
    else if (this.#open !== null) this.#readData(b, at, end, next);
    else this.#readAnswer(b, at, end);
  }

  #readCommand(b: Uint8Array, at: number, end: number): void {
    if (this.#isInAuth) {
      this.#isInAuth = false;
      this.#login?.answered(wireText(b, at, end));
      this.#user = this.#login?.user ?? this.#user;
      this.#ask({ command: '<SASL DATA>' });
      return;
    }
    const words = wireText(b, at, end).trim().split(/ +/, 8);
    const command = words[0].toUpperCase();
    if (!commands.has(command)) {
      this.#strayLines++;
      // A password whose prompt was lost looks like a command, too: only what is a short word is told.
      this.#conversation.weird('pop3_client_command_unknown', /^[A-Z]{3,7}$/.test(command) ? command : undefined);
      return;
    }
    const args = words.slice(1);
    if (command === 'USER' || command === 'APOP') this.#user = args[0] ?? null;
    if (command === 'AUTH' && args.length > 0) {
      this.#login = new SaslLogin(args[0]);
      if (args.length > 1) this.#login.answered(args[1]);
      this.#user = this.#login.user ?? this.#user;
    }
    hideSecrets(command, args);
    this.#ask(args.length > 0 ? { command, args } : { command });
  }

  #ask(request: Request): void {
    const { command, args = [] } = request;
    const isList = (command === 'LIST' || command === 'UIDL') && args.length === 0;
    const isMessage = command === 'RETR' || command === 'TOP';
    const hasData = isList || isMessage || command === 'CAPA' || (command === 'AUTH' && args.length === 0);
    this.#pending.push({ request, hasData, isMessage });
    if (this.#pending.length <= pendingLimit) return;
    this.#conversation.weird('pop3_client_too_many_pending_commands');
    const oldest = this.#pending.shift();
    if (oldest !== undefined) this.#tell(oldest.request, null);
  }

  #readAnswer(b: Uint8Array, at: number, end: number): void {
    const isGood = hasAscii(b, at, end, '+OK');
    const isContinued = !isGood && b[at] === 0x2b && (end - at === 1 || b[at + 1] === 0x20);
    if (!isGood && !isContinued && !hasAscii(b, at, end, '-ERR')) {
      this.#strayLines++;
      return;
    }
    const pending = this.#pending.shift();
    const from = at + (isGood ? 3 : isContinued ? 1 : 4);
    const header = wireText(b, from, end).trim();
    const status = isGood || isContinued ? 'OK' : 'ERR';
    const response = { success: status === 'OK', status, header };
    if (pending === undefined) {
      // The greeting answers nothing.
      if (!this.#isGreeted) this.#conversation.emit({ response }, { side: 1 });
      this.#isGreeted = true;
      return;
    }
    this.#isGreeted = true;
    this.#isInAuth = isContinued;
    if (isGood) this.#isProven = true;
    if (isGood) this.#conversation.confirm();
    if (isGood && pending.hasData) {
      this.#open = { pending, response };
      return;
    }
    this.#tell(pending.request, response);
    if (!isGood || pending.request.command !== 'STLS') return;
    this.#isTls = true;
    this.#conversation.become('tls');
  }

  #readData(b: Uint8Array, at: number, end: number, next: number): void {
    const open = this.#open;
    if (open === null) return;
    const { pending, response } = open;
    if (isLoneDot(b, at, next)) {
      this.#open = null;
      this.#tell(pending.request, response);
    } else if (!pending.isMessage) {
      response.data ??= [];
      const lines = response.data;
      if (lines.length < dataLines) lines.push(wireText(b, b[at] === 0x2e ? at + 1 : at, end));
    }
  }

  #tell(request: Request, response: Response | null): void {
    const event: EventOf<typeof fields> = { request };
    if (response !== null) event.response = response;
    if (this.#user !== null) event.user = this.#user;
    this.#conversation.emit(event);
  }
}

const commands = new Set(
  'USER PASS APOP AUTH CAPA STLS UTF8 LANG STAT LIST RETR DELE NOOP RSET QUIT TOP UIDL XTND XSENDER LAST'.split(' '),
);

/** Passwords, digests and tokens; names and mechanisms stay. */
function hideSecrets(command: string, args: string[]): void {
  const from = command === 'PASS' ? 0 : command === 'APOP' || command === 'AUTH' ? 1 : args.length;
  if (from >= args.length) return;
  args.length = from;
  args.push(masked);
}

function probe(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  if (b[at] === 0x2b) {
    if (end - at < 4) return hasAscii(b, at, end, '+OK'.slice(0, end - at)) ? probed.maybe : probed.no;
    if (!hasAscii(b, at, end, '+OK')) return probed.no;
    return hint.isPort || saysPop(b, at + 3, end) ? probed.yes : probed.no;
  }
  if (!hint.isPort) return probed.no;
  if (hasAscii(b, at, end, '-ERR')) return probed.yes;
  let word = at;
  while (word < end && word < at + 8 && b[word] > 0x20) word++;
  return word < end && commands.has(wireText(b, at, word).toUpperCase()) ? probed.yes : probed.no;
}

/** Servers of other protocols say `+OK`, too: the greeting names POP, or has the timestamp that APOP needs. */
function saysPop(b: Uint8Array, at: number, end: number): boolean {
  let isStamp = false;
  for (let o = at; o < Math.min(end, at + 256) && b[o] !== 0x0a; o++) {
    if (hasAsciiAnyCase(b, o, end, 'pop')) return true;
    if (b[o] === 0x3c) isStamp = true;
    else if (b[o] === 0x3e && isStamp) return true;
  }
  return false;
}

export const pop3 = defineProtocol({
  name: 'pop3',
  title: 'POP3',
  family: 'mail',
  ports: { tcp: [110] },
  zeekService: 'pop3',
  fields,
  probe: startingWith((first) => first === 0x2b || first === 0x2d || isAsciiLetter(first), probe),
  open: (conversation) => new Pop3Talk(conversation),
});
