// Telnet (RFC 854, options RFC 855; RFC 1091 terminal type, RFC 1073 window size): options and logins; passwords are not kept.

import { type EventOf, flag, hasAsciiAnyCase, number, text, texts, u16, wireText } from '../../../core/index.ts';
import { type Conversation, defineProtocol, type ProbeHint, probed, type Side, type Talk } from '../protocol.ts';
import { TelnetLogin } from './telnet-login.ts';

/** Bytes of an option's own talk, options kept of a side. */
const optionBytes = 4096;
const optionLimit = 32;

const fields = {
  user: text('User'),
  isLoggedIn: flag('Login succeeded'),
  loginAttempts: number('Login attempts so far'),
  terminal: text('Terminal type'),
  windowWidth: number('Columns of the window'),
  windowHeight: number('Rows of the window'),
  clientOptions: texts('Options the client offers'),
  serverOptions: texts('Options the server offers'),
};

const iac = 0xff;
const sb = 0xfa;
const se = 0xf0;
const will = 0xfb;
const dont = 0xfe;
const terminalType = 24;
const windowSize = 31;

const optionNames: Readonly<Record<number, string>> = {
  0: 'binary',
  1: 'echo',
  3: 'suppress go ahead',
  5: 'status',
  6: 'timing mark',
  24: 'terminal type',
  31: 'window size',
  32: 'terminal speed',
  33: 'remote flow control',
  34: 'line mode',
  35: 'X display',
  36: 'environment',
  37: 'authentication',
  38: 'encryption',
  39: 'new environment',
};

class TelnetTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  readonly #login = new TelnetLogin();
  #terminal: string | null = null;
  #columns = 0;
  #rows = 0;
  readonly #options: readonly [Set<string>, Set<string>] = [new Set(), new Set()];
  /** In a sub-negotiation too long to read. */
  readonly #isSkipping: [boolean, boolean] = [false, false];
  #told = 0;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    let o = at;
    let from = at;
    while (o < end) {
      if (this.#isSkipping[side]) {
        o = from = this.#skip(side, b, o, end);
        continue;
      }
      if (b[o] !== iac) {
        o++;
        continue;
      }
      if (o > from) this.#login.said(side, b, from, o);
      const next = this.#command(side, b, o, end);
      if (next === 0) return o - at;
      o = from = next;
    }
    if (o > from) this.#login.said(side, b, from, o);
    if (this.#login.outcomes > this.#told) this.#tell();
    return end - at;
  }

  gap(): void {
    this.#login.forget();
  }

  end(): void {
    if (this.#told === 0 || this.#login.isOpen) this.#tell();
  }

  /** Gives the position behind the command, 0 when it is not whole. */
  #command(side: Side, b: Uint8Array, o: number, end: number): number {
    if (end - o < 2) return 0;
    const command = b[o + 1];
    if (command >= will && command <= dont) {
      if (end - o < 3) return 0;
      this.#conversation.confirm();
      if (command === will) this.#offer(side, b[o + 2]);
      return o + 3;
    }
    if (command !== sb) return o + 2;
    for (let i = o + 2; i + 1 < end; i++) {
      if (b[i] !== iac) continue;
      if (b[i + 1] === se) {
        this.#negotiated(b, o + 2, i);
        return i + 2;
      }
      // A doubled IAC is a byte of the content.
      i++;
    }
    if (end - o < optionBytes) return 0;
    this.#conversation.weird('nvt_option_size_exceeded', String(end - o));
    this.#isSkipping[side] = true;
    return o + 2;
  }

  /** To the end of a sub-negotiation, or as far as there is anything. */
  #skip(side: Side, b: Uint8Array, o: number, end: number): number {
    for (let i = o; i + 1 < end; i++) {
      if (b[i] !== iac || b[i + 1] !== se) continue;
      this.#isSkipping[side] = false;
      return i + 2;
    }
    return end;
  }

  #offer(side: Side, option: number): void {
    const options = this.#options[side];
    if (options.size < optionLimit) options.add(optionNames[option] ?? String(option));
  }

  #negotiated(b: Uint8Array, at: number, end: number): void {
    if (b[at] === terminalType && end - at > 2 && b[at + 1] === 0) {
      this.#terminal = wireText(b, at + 2, Math.min(end, at + 66));
    } else if (b[at] === windowSize && end - at === 5) {
      this.#columns = u16(b, at + 1);
      this.#rows = u16(b, at + 3);
    }
  }

  #tell(): void {
    const login = this.#login;
    this.#told = login.outcomes;
    const event: EventOf<typeof fields> = { loginAttempts: login.attempts };
    if (login.user !== null) event.user = login.user;
    if (login.isSuccess !== null) event.isLoggedIn = login.isSuccess;
    if (this.#terminal !== null) event.terminal = this.#terminal;
    if (this.#columns > 0) {
      event.windowWidth = this.#columns;
      event.windowHeight = this.#rows;
    }
    const [client, server] = this.#options;
    if (client.size > 0) event.clientOptions = [...client];
    if (server.size > 0) event.serverOptions = [...server];
    this.#conversation.emit(event);
    if (login.isSuccess !== true) return;
    this.#told = Number.MAX_SAFE_INTEGER;
    this.#conversation.done();
  }
}

/** One offer or request at the usual port, two anywhere; or a prompt where Telnet is usual. */
function probe(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  if (b[at] === iac) {
    if (end - at < 3) return probed.maybe;
    if (hint.isPort && b[at + 1] === sb) return probed.yes;
    if (!isOffer(b, at, end)) return probed.no;
    return hint.isPort || isOffer(b, at + 3, end) ? probed.yes : end - at < 6 ? probed.maybe : probed.no;
  }
  if (!hint.isPort || hint.side !== 1) return probed.no;
  for (let o = at; o < Math.min(end, at + 512); o++) {
    if (hasAsciiAnyCase(b, o, end, 'login:') || hasAsciiAnyCase(b, o, end, 'username:')) return probed.yes;
  }
  return probed.maybe;
}

function isOffer(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < 3 || b[at] !== iac || b[at + 1] < sb || b[at + 1] > dont) return false;
  return b[at + 2] < 50 || (b[at + 2] >= 138 && b[at + 2] <= 140) || b[at + 2] === 255;
}

export const telnet = defineProtocol({
  name: 'telnet',
  title: 'Telnet',
  family: 'login',
  ports: { tcp: [23, 2323] },
  fields,
  probe,
  open: (conversation) => new TelnetTalk(conversation),
});
