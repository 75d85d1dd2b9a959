// SOCKS 4, 4a and 5 (RFC 1928, 1929): where a proxy is asked to connect to. What is carried after that is found out anew.
//
//   4: | 04 | command | port 2 | address 4 | user … 00 | [host … 00] |      answer: | 00 | 5a granted, 5b … refused | port 2 | address 4 |
//   5: | 05 | count | methods … |                                         answer: | 05 | method |
//      | 01 | length | user | length | password |                         answer: | 01 | status |
//      | 05 | command | 00 | kind | address | port 2 |                    answer: | 05 | status | 00 | kind | address | port 2 |

import { findByte, formatAddress, ipv4Text, masked, number, text, u16, u32, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  oneOf,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';

const commands: Readonly<Record<number, string>> = { 1: 'connect', 2: 'bind', 3: 'udp-associate' };
/** In the words of Zeek's log. */
const statuses5: readonly string[] = [
  'succeeded',
  'general SOCKS server failure',
  'connection not allowed by ruleset',
  'Network unreachable',
  'Host unreachable',
  'Connection refused',
  'TTL expired',
  'Command not supported',
  'Address type not supported',
];
const statuses4: Readonly<Record<number, string>> = {
  90: 'succeeded',
  91: 'general SOCKS server failure',
  92: 'request failed because client is not running identd',
  93: "request failed because client's identd could not confirm the user ID string in the request",
};
/** User and host names are shorter than this. */
const nameLimit = 256;

const fields = {
  version: number('Version of the protocol: 4 or 5', { zeek: 'version', filter: 'socks.version' }),
  command: text('What is asked for: connect, bind, udp-associate'),
  user: text('User name', { zeek: 'user' }),
  password: text('Masked; there when one was sent', { zeek: 'password' }),
  status: text('Answer of the proxy', { zeek: 'status' }),
  host: text('Address that was asked for', { zeek: 'request.host' }),
  hostName: text('Name that was asked for', { zeek: 'request.name' }),
  port: number('Port that was asked for', { zeek: 'request_p' }),
  boundHost: text('Address that the proxy uses', { zeek: 'bound.host' }),
  boundName: text('Name that the proxy uses', { zeek: 'bound.name' }),
  boundPort: number('Port that the proxy uses', { zeek: 'bound_p' }),
  latencyUs: number('Time from request to answer', { unit: 'us' }),
};

const probe: Probe = (b, o, end, hint) => {
  const { side } = hint;
  if (side !== 0) return probed.no;
  if (b[o] === 5) {
    if (end - o < 2) return probed.maybe;
    const count = b[o + 1];
    if (count === 0 || count > 10) return probed.no;
    // Alone, methods are few bytes: they must be the whole message, in a plausible range.
    if (end - o < 2 + count) return probed.maybe;
    if (end - o > 2 + count) return probed.no;
    for (let i = 0; i < count; i++) if (b[o + 2 + i] > 9 && b[o + 2 + i] < 0x80) return probed.no;
    return probed.yes;
  }
  if (b[o] !== 4 || end - o < 9) return b[o] === 4 && end - o < 9 ? probed.maybe : probed.no;
  const isCommand = b[o + 1] === 1 || b[o + 1] === 2;
  return isCommand && u16(b, o + 2) > 0 && b[end - 1] === 0 && end - o < 2 * nameLimit && isText(b, o + 8, end)
    ? probed.yes
    : probed.no;
};

/** Printable bytes and at most two zeros. */
function isText(b: Uint8Array, from: number, end: number): boolean {
  let zeros = 0;
  for (let i = from; i < end; i++) {
    if (b[i] === 0) zeros++;
    else if (b[i] < 0x20 || b[i] > 0x7e) return false;
  }
  return zeros <= 2;
}

export const socks = defineProtocol({
  name: 'socks',
  title: 'SOCKS',
  family: 'tunnel',
  ports: { tcp: [1080] },
  zeekLog: 'socks',
  zeekService: 'socks',
  fields,
  probe: startingWith(oneOf(4, 5), probe),
  open: (conversation) => new SocksTalk(conversation),
});

interface Place {
  readonly address: string | null;
  readonly name: string | null;
  readonly port: number;
  readonly bytes: number;
}

/** Kind, address and port at `o`; null while they are not all there; `bytes` 0 when the kind is unknown. */
function placeOf(b: Uint8Array, o: number, end: number): Place | null {
  if (end - o < 2) return null;
  const kind = b[o];
  const size = kind === 1 ? 4 : kind === 4 ? 16 : kind === 3 ? 1 + b[o + 1] : 0;
  if (size === 0) return { address: null, name: null, port: 0, bytes: 0 };
  if (end - o < 1 + size + 2) return null;
  const port = u16(b, o + 1 + size);
  const bytes = 3 + size;
  if (kind === 3) return { address: null, name: wireText(b, o + 2, o + 1 + size), port, bytes };
  const address =
    kind === 1 ? ipv4Text(b, o + 1) : formatAddress(6, u32(b, o + 1), u32(b, o + 5), u32(b, o + 9), u32(b, o + 13));
  return { address, name: null, port, bytes };
}

type Stage = 'greeting' | 'method' | 'login' | 'login answer' | 'request' | 'answer' | 'second answer';

class SocksTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  #stage: Stage = 'greeting';
  #version = 0;
  #command = 0;
  #askedUs = 0;
  #hasLogin = false;
  #user = '';
  #asked: Place | null = null;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    let o = at;
    while (o < end) {
      const used = side === 0 ? this.#client(b, o, end) : this.#server(b, o, end);
      if (used === notMine) return o === at ? notMine : o - at;
      if (used === 0) break;
      o += used;
    }
    return o - at;
  }

  #client(b: Uint8Array, o: number, end: number): number {
    switch (this.#stage) {
      case 'greeting':
        return b[o] === 4 ? this.#request4(b, o, end) : this.#greeting(b, o, end);
      case 'login':
        return this.#login(b, o, end);
      case 'request':
        return this.#request5(b, o, end);
      default:
        return 0;
    }
  }

  #server(b: Uint8Array, o: number, end: number): number {
    switch (this.#stage) {
      case 'method':
        return this.#method(b, o, end);
      case 'login answer':
        if (end - o < 2) return 0;
        if (b[o + 1] === 0) this.#stage = 'request';
        else this.#refuse();
        return 2;
      case 'answer':
      case 'second answer':
        return this.#version === 4 ? this.#answer4(b, o, end) : this.#answer5(b, o, end);
      default:
        return this.#stage === 'greeting' ? notMine : 0;
    }
  }

  #greeting(b: Uint8Array, o: number, end: number): number {
    if (b[o] !== 5) return notMine;
    if (end - o < 2 || end - o < 2 + b[o + 1]) return 0;
    this.#version = 5;
    this.#stage = 'method';
    return 2 + b[o + 1];
  }

  #method(b: Uint8Array, o: number, end: number): number {
    if (b[o] !== 5) return notMine;
    if (end - o < 2) return 0;
    this.#conversation.confirm();
    if (b[o + 1] === 0) this.#stage = 'request';
    else if (b[o + 1] === 2) this.#stage = 'login';
    else this.#conversation.done();
    return 2;
  }

  #login(b: Uint8Array, o: number, end: number): number {
    if (end - o < 2) return 0;
    const passwordAt = o + 2 + b[o + 1];
    if (passwordAt >= end || passwordAt + 1 + b[passwordAt] > end) return 0;
    this.#user = wireText(b, o + 2, passwordAt);
    this.#hasLogin = true;
    this.#stage = 'login answer';
    return passwordAt + 1 + b[passwordAt] - o;
  }

  #request5(b: Uint8Array, o: number, end: number): number {
    if (end - o < 4) return 0;
    const place = placeOf(b, o + 3, end);
    if (place === null) return 0;
    if (place.bytes === 0 || b[o] !== 5) return this.#strange();
    this.#ask(b[o + 1], place);
    return 3 + place.bytes;
  }

  #request4(b: Uint8Array, o: number, end: number): number {
    if (end - o < 9) return 0;
    const userEnd = findByte(b, o + 8, Math.min(end, o + 8 + nameLimit), 0);
    if (userEnd < 0) return end - o > 8 + nameLimit ? notMine : 0;
    let bytes = userEnd + 1 - o;
    let name: string | null = null;
    // 4a: an address 0.0.0.x asks the proxy to look the name up.
    if (u32(b, o + 4) < 256 && b[o + 7] !== 0) {
      const nameEnd = findByte(b, userEnd + 1, Math.min(end, userEnd + 1 + nameLimit), 0);
      if (nameEnd < 0) return 0;
      name = wireText(b, userEnd + 1, nameEnd);
      bytes = nameEnd + 1 - o;
    }
    this.#version = 4;
    this.#user = wireText(b, o + 8, userEnd);
    this.#ask(b[o + 1], { address: name === null ? ipv4Text(b, o + 4) : null, name, port: u16(b, o + 2), bytes });
    return bytes;
  }

  #ask(command: number, place: Place): void {
    this.#command = command;
    this.#asked = place;
    this.#askedUs = this.#conversation.timeUs;
    this.#stage = 'answer';
  }

  #answer4(b: Uint8Array, o: number, end: number): number {
    if (b[o] !== 0) return notMine;
    if (end - o < 8) return 0;
    this.#conversation.confirm();
    const status = statuses4[b[o + 1]] ?? `unknown (${b[o + 1]})`;
    this.#tell(status, { address: ipv4Text(b, o + 4), name: null, port: u16(b, o + 2), bytes: 8 }, b[o + 1] === 0x5a);
    return 8;
  }

  #answer5(b: Uint8Array, o: number, end: number): number {
    if (end - o < 4) return 0;
    const place = placeOf(b, o + 3, end);
    if (place === null) return 0;
    if (place.bytes === 0 || b[o] !== 5) return this.#strange();
    this.#tell(statuses5[b[o + 1]] ?? `unknown (${b[o + 1]})`, place, b[o + 1] === 0);
    return 3 + place.bytes;
  }

  /** Nothing was asked for, so it is no line; but a login failed. */
  #refuse(): void {
    const event = { version: 5, user: this.#user, password: masked, status: 'login refused' };
    this.#conversation.emit(event, { only: 'step' });
    this.#conversation.done();
  }

  #strange(): number {
    this.#conversation.weird('socks_malformed_request');
    this.#conversation.done();
    return 0;
  }

  #tell(status: string, bound: Place, isGranted: boolean): void {
    const conversation = this.#conversation;
    const asked = this.#asked;
    conversation.emit({
      version: this.#version,
      command: commands[this.#command] ?? `unknown (${this.#command})`,
      ...(this.#user === '' ? {} : { user: this.#user }),
      ...(this.#hasLogin ? { password: masked } : {}),
      status,
      ...(asked?.address == null ? {} : { host: asked.address }),
      ...(asked?.name == null ? {} : { hostName: asked.name }),
      ...(asked === null ? {} : { port: asked.port }),
      ...(bound.address === null ? {} : { boundHost: bound.address }),
      ...(bound.name === null ? {} : { boundName: bound.name }),
      boundPort: bound.port,
      latencyUs: Math.max(0, conversation.timeUs - this.#askedUs),
    });
    if (!isGranted) conversation.done();
    // Binding is answered twice: where the proxy listens, and who came.
    else if (this.#command === 2 && this.#stage === 'answer') this.#stage = 'second answer';
    else if (this.#command !== 3) conversation.become(null);
  }
}
