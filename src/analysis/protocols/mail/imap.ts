// IMAP (RFC 3501, RFC 9051): who logs in, which mailboxes are opened, what commands come to. Messages are passed over.

import { type EventOf, hasAsciiAnyCase, nextLine, number, text, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  otherSide,
  type ProbeHint,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';
import { SaslLogin } from './sasl.ts';

/** Bytes of a line that are read, commands without an answer, characters of a name, odd lines. */
const lineBytes = 4096;
const pendingLimit = 64;
const nameChars = 256;
const strayLimit = 20;

const fields = {
  tag: text('Tag'),
  command: text('Command'),
  mailbox: text('Mailbox'),
  user: text('User'),
  mechanism: text('How the user proves who it is (SASL)'),
  status: text('Outcome: OK, NO or BAD'),
  reply: text('What the server said to it'),
  latencyUs: number('Time until the answer', { unit: 'us' }),
};

interface Pending {
  readonly tag: string;
  readonly command: string;
  readonly mailbox: string | null;
  readonly timeUs: number;
}

class ImapTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  #pending: Pending[] = [];
  #user: string | null = null;
  #login: SaslLogin | null = null;
  #isInAuth = false;
  #isTls = false;
  #strayLines = 0;
  #isSwapped: boolean | null = null;
  /** Between the pieces of a command that has literals. */
  readonly #isContinued: [boolean, boolean] = [false, false];
  readonly #isMidLine: [boolean, boolean] = [false, false];
  /** Bytes of a client's literal that are still to come: a server that refuses it waits for none of them. */
  #literal = 0;
  /** An answer fitted its command: odd lines are no reason to look away any more. */
  #isProven = false;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(given: Side, b: Uint8Array, at: number, end: number): number {
    let side = given;
    if (this.#isSwapped === null) {
      this.#isSwapped = hasAsciiAnyCase(b, at, end, '* ') !== (side === 1);
      if (this.#isSwapped) {
        this.#conversation.swap();
        side = otherSide(side);
      }
    }
    let o = at;
    while (o < end && !this.#isTls && !this.#isForeign) {
      if (side === 0 && this.#literal > 0) {
        const step = Math.min(this.#literal, end - o);
        this.#literal -= step;
        o += step;
        continue;
      }
      const next = nextLine(b, o, end);
      if (next < 0 && end - o < lineBytes) break;
      const stop = next < 0 ? end : next;
      let lineEnd = stop;
      while (lineEnd > o && (b[lineEnd - 1] === 0x0a || b[lineEnd - 1] === 0x0d)) lineEnd--;
      const literal = next < 0 ? -1 : literalBytes(b, o, lineEnd);
      if (!this.#isMidLine[side] && !this.#isContinued[side]) this.#line(side, b, o, Math.min(lineEnd, o + lineBytes));
      this.#isMidLine[side] = next < 0;
      if (next > 0) this.#isContinued[side] = literal >= 0;
      o = stop;
      if (side === 0) this.#literal = Math.max(0, literal);
      else if (literal > 0) o += literal;
    }
    return this.#isForeign ? notMine : o - at;
  }

  get #isForeign(): boolean {
    return !this.#isProven && this.#strayLines > strayLimit;
  }

  gap(side: Side): void {
    this.#pending = [];
    this.#isInAuth = false;
    // The rest of a line, or of a message: nothing that could be a command.
    this.#isMidLine[side] = true;
    if (side === 0) this.#literal = 0;
  }

  end(): void {
    for (const pending of this.#pending) this.#tell(pending, null, '');
    this.#pending = [];
  }

  #line(side: Side, b: Uint8Array, at: number, end: number): void {
    if (at === end) return;
    const line = wireText(b, at, end);
    if (side === 1) this.#readAnswer(line);
    else if (this.#isInAuth) this.#readSecret(line);
    else this.#readCommand(line);
  }

  #readSecret(line: string): void {
    this.#isInAuth = false;
    this.#login?.answered(line);
    this.#user = this.#login?.user ?? this.#user;
  }

  #readCommand(line: string): void {
    const [tag, first, ...rest] = line.split(' ', 4);
    let command = first?.toUpperCase() ?? '';
    if (command === 'UID' && rest.length > 0) command = `UID ${rest[0].toUpperCase()}`;
    if (!isTag(tag) || !commands.has(command.startsWith('UID ') ? 'UID' : command)) {
      // The client ends IDLE with a word of its own.
      if (tag.toUpperCase() !== 'DONE') this.#strayLines++;
      return;
    }
    const argument = line.slice(tag.length + 1 + first.length).trimStart();
    if (command === 'LOGIN') this.#user = firstString(argument);
    if (command === 'AUTHENTICATE') {
      const [mechanism, answer] = argument.split(' ', 2);
      this.#login = new SaslLogin(mechanism);
      if (answer !== undefined) this.#readSecret(answer);
    }
    const mailbox = mailboxCommands.has(command) ? firstString(argument) : null;
    this.#pending.push({ tag, command, mailbox, timeUs: this.#conversation.firstUs });
    if (this.#pending.length <= pendingLimit) return;
    const oldest = this.#pending.shift();
    if (oldest !== undefined) this.#tell(oldest, null, '');
  }

  #readAnswer(line: string): void {
    if (line.startsWith('* ')) return;
    if (line.startsWith('+')) {
      this.#isInAuth = this.#pending.at(-1)?.command === 'AUTHENTICATE';
      return;
    }
    const [tag, status] = line.split(' ', 2);
    const at = this.#pending.findIndex((pending) => pending.tag === tag);
    const word = status?.toUpperCase();
    if (at < 0 || (word !== 'OK' && word !== 'NO' && word !== 'BAD')) {
      this.#strayLines++;
      return;
    }
    const [pending] = this.#pending.splice(at, 1);
    this.#isProven = true;
    // A command that is refused goes no further.
    if (this.#literal > 0 && word !== 'OK') {
      this.#literal = 0;
      this.#isContinued[0] = false;
    }
    this.#conversation.confirm();
    this.#tell(pending, word, line.slice(tag.length + status.length + 2));
    if (pending.command !== 'STARTTLS' || word !== 'OK') return;
    this.#isTls = true;
    this.#conversation.become('tls');
  }

  #tell(pending: Pending, status: string | null, reply: string): void {
    const event: EventOf<typeof fields> = { tag: pending.tag, command: pending.command };
    if (pending.mailbox !== null) event.mailbox = pending.mailbox;
    if (this.#user !== null) event.user = this.#user;
    if (pending.command === 'AUTHENTICATE' && this.#login !== null) event.mechanism = this.#login.mechanism;
    if (status !== null) {
      event.status = status;
      event.reply = reply;
      event.latencyUs = Math.max(0, this.#conversation.timeUs - pending.timeUs);
    }
    this.#conversation.emit(event);
  }
}

const mailboxCommands = new Set('SELECT EXAMINE CREATE DELETE RENAME SUBSCRIBE UNSUBSCRIBE STATUS APPEND'.split(' '));
const commands = new Set([
  ...mailboxCommands,
  ...'CAPABILITY NOOP LOGOUT STARTTLS AUTHENTICATE LOGIN LIST LSUB CHECK CLOSE EXPUNGE SEARCH FETCH STORE COPY MOVE UID'.split(
    ' ',
  ),
  ...'IDLE NAMESPACE ID ENABLE UNSELECT GETQUOTA GETQUOTAROOT GETACL SORT THREAD COMPRESS XLIST ESEARCH'.split(' '),
]);

/** A tag has letters and digits mostly (RFC 9051 §9: any ASTRING-CHAR but a plus). */
function isTag(text: string): boolean {
  return /^[A-Za-z0-9.:_/$-]{1,32}$/.test(text);
}

/** The first argument: an atom or a quoted string; null for a literal. */
function firstString(text: string): string | null {
  if (text.startsWith('{')) return null;
  if (!text.startsWith('"')) return text.split(' ', 1)[0].slice(0, nameChars);
  let out = '';
  for (let i = 1; i < text.length && text[i] !== '"' && out.length < nameChars; i++) {
    if (text[i] === '\\') i++;
    out += text[i] ?? '';
  }
  return out;
}

/** Length that a line ending in `{123}` or `{123+}` announces (RFC 7888); -1 when it does not. */
function literalBytes(b: Uint8Array, at: number, end: number): number {
  let o = end - 1;
  if (o < at || b[o] !== 0x7d) return -1;
  o--;
  if (b[o] === 0x2b) o--;
  let bytes = 0;
  let digits = 0;
  let scale = 1;
  while (o > at && b[o] >= 0x30 && b[o] <= 0x39 && digits < 10) {
    bytes += (b[o] - 0x30) * scale;
    scale *= 10;
    digits++;
    o--;
  }
  return b[o] === 0x7b && digits > 0 ? bytes : -1;
}

function probe(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  if (b[at] === 0x2a) {
    if (end - at < 5) return hasAsciiAnyCase(b, at, end, '* ok '.slice(0, end - at)) ? probed.maybe : probed.no;
    if (hasAsciiAnyCase(b, at, end, '* preauth ')) return probed.yes;
    return hasAsciiAnyCase(b, at, end, '* ok') && (b[at + 4] === 0x20 || hint.isPort) ? probed.yes : probed.no;
  }
  let space = at;
  while (space < end && space < at + 32 && b[space] > 0x20) space++;
  if (space === at || space >= end || b[space] !== 0x20 || !isTag(wireText(b, at, space))) return probed.no;
  let word = space + 1;
  while (word < end && word < space + 14 && b[word] > 0x20) word++;
  const command = wireText(b, space + 1, word).toUpperCase();
  if (hint.isPort) return commands.has(command) ? probed.yes : probed.no;
  return command === 'CAPABILITY' || command === 'AUTHENTICATE' || command === 'STARTTLS' ? probed.yes : probed.no;
}

export const imap = defineProtocol({
  name: 'imap',
  title: 'IMAP',
  family: 'mail',
  ports: { tcp: [143] },
  zeekService: 'imap',
  fields,
  probe: startingWith((first) => first === 0x2a || isTag(String.fromCharCode(first)), probe),
  open: (conversation) => new ImapTalk(conversation),
});
