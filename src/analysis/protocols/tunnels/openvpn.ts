// OpenVPN's control channel (OpenVPN wire protocol draft): opcode and key number, session, authentication, acknowledgements.
//
//   | opcode:5 key:3 | session 8 | [HMAC 16…64, packet 4, time 4] | acks 1 | packets 4·n | [remote session 8] | packet 4 | …
//
// With tls-crypt packet and time come first, then a tag of 32 bytes, and the rest is enciphered. Over TCP each message
// stands behind its length in two bytes.

import { flag, hexText, number, text, u16, u32 } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  type InnerTalk,
  notMine,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';

const resetClient1 = 1;
const resetServer1 = 2;
const resetClient2 = 7;
const resetServer2 = 8;
const resetClient3 = 10;
const control = 4;
const isData = (opcode: number): boolean => opcode === 6 || opcode === 9;
const lastOpcode = 11;

/** Sizes of the HMAC of the digests that are in use: none, MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512. */
const hmacSizes = [0, 16, 20, 28, 32, 48, 64];
/** Without key and acknowledgements: opcode, session, number of acknowledgements, packet. */
const plainBytes = 14;
/** Opcode, session, packet, time, tag, enciphered acknowledgements and packet. */
const cryptBytes = 54;

/** Messages that are looked at, and how far ahead of the one that is due they are kept. */
const messageLimit = 512;
const heldLimit = 16;
/** Bytes of a message that is kept ahead: those of TLS are cut to fit into a datagram. */
const heldBytes = 2048;

/** Bytes of the longest message that opens a session: with the wrapped key of tls-crypt-v2. */
const longestReset = 1400;

const fields = {
  protection: text('How the control channel is protected: none, tls-auth, tls-crypt, tls-crypt-v2'),
  hmacBytes: number('Size of the HMAC of the control channel', { unit: 'bytes' }),
  clientSession: text("Client's session identifier, hexadecimal"),
  serverSession: text("Server's session identifier, hexadecimal"),
  hasKeyMethod1: flag('The outdated key method 1 is used'),
};

const isServerReset = (opcode: number): boolean => opcode === resetServer1 || opcode === resetServer2;
const isClientReset = (opcode: number): boolean =>
  opcode === resetClient1 || opcode === resetClient2 || opcode === resetClient3;

interface Reset {
  protection: string;
  hmacBytes: number;
}

/** Times that a clock may show: 2001 to 2049. */
const isTime = (seconds: number): boolean => seconds > 1_000_000_000 && seconds < 2_500_000_000;

/** How a message that opens a session is protected; null when it is none. */
function resetOf(b: Uint8Array, at: number, end: number): Reset | null {
  const opcode = b[at] >> 3;
  const length = end - at;
  if (length < plainBytes || (b[at] & 7) !== 0 || !(isClientReset(opcode) || isServerReset(opcode))) return null;
  if (u32(b, at + 1) === 0 && u32(b, at + 5) === 0) return null;
  // The number of a message of tls-crypt-v2 says what is understood besides (early negotiation).
  const packet = u32(b, at + 9);
  const isFirst = packet > 0 && (opcode === resetClient3 ? (packet & 0xffff) <= 16 : packet <= 16);
  if (length >= cryptBytes && isFirst && isTime(u32(b, at + 13)) && !fitsAny(b, at, end)) {
    return { protection: opcode === resetClient3 ? 'tls-crypt-v2' : 'tls-crypt', hmacBytes: 32 };
  }
  for (const hmacBytes of hmacSizes) {
    if (!fits(b, at, end, hmacBytes)) continue;
    return { protection: hmacBytes === 0 ? 'none' : 'tls-auth', hmacBytes };
  }
  return null;
}

/** Whether the message can be read with the HMAC of some digest. */
const fitsAny = (b: Uint8Array, at: number, end: number): boolean => hmacSizes.some((size) => fits(b, at, end, size));

/** Whether the message has its acknowledgements where they are with an HMAC of that size. */
function fits(b: Uint8Array, at: number, end: number, hmacBytes: number): boolean {
  const replay = at + 9 + hmacBytes;
  const acks = hmacBytes === 0 ? replay : replay + 8;
  if (acks + 5 > end) return false;
  if (hmacBytes > 0 && !(u32(b, replay) >= 1 && u32(b, replay) <= 64 && isTime(u32(b, replay + 4)))) return false;
  const count = b[acks];
  if (count > 8) return false;
  const packet = acks + 1 + 4 * count + (count > 0 ? 8 : 0);
  return packet + 4 === end && u32(b, packet) <= 1;
}

/** The message at `at`: the datagram, or what the length of a stream tells; -1 when it is not all there. */
function messageEnd(b: Uint8Array, at: number, end: number, proto: number): number {
  if (proto === 17) return end;
  if (end - at < 2) return -1;
  const stop = at + 2 + u16(b, at);
  return stop <= end ? stop : -1;
}

const probe: Probe = (b, o, end, hint) => {
  if (hint.proto === 17) return resetOf(b, o, end) === null ? probed.no : probed.yes;
  if (b[o] > longestReset >> 8) return probed.no;
  if (end - o < 3) return probed.maybe;
  const opcode = b[o + 2] >> 3;
  const stop = o + 2 + u16(b, o);
  if (!(isClientReset(opcode) || isServerReset(opcode)) || stop - o < 2 + plainBytes || stop - o > longestReset)
    return probed.no;
  if (stop > end) return probed.maybe;
  return resetOf(b, o + 2, stop) === null ? probed.no : probed.yes;
};

export const openvpn = defineProtocol({
  name: 'openvpn',
  title: 'OpenVPN',
  family: 'tunnel',
  ports: { tcp: [1194], udp: [1194] },
  fields,
  // Upper byte of a length, or an opcode with key 0.
  probe: startingWith(
    (first) =>
      first <= longestReset >> 8 || ((first & 7) === 0 && (isClientReset(first >> 3) || isServerReset(first >> 3))),
    probe,
  ),
  open: (conversation) => new OpenvpnTalk(conversation),
});

/** Reads until both sides have opened the session and, where it is not enciphered, said what TLS says before the data. */
class OpenvpnTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  #reset: Reset | null = null;
  #opcode = 0;
  #client = '';
  #isOpened = false;
  #messages = 0;
  #inner: InnerTalk | null = null;
  readonly #streams = [new ControlStream(), new ControlStream()] as const;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    const { proto } = this.#conversation;
    let o = at;
    while (o < end) {
      const stop = messageEnd(b, o, end, proto);
      if (stop < 0) break;
      const from = proto === 17 ? o : o + 2;
      if (stop - from < 10 || b[from] >> 3 > lastOpcode) return this.#client === '' ? notMine : end - at;
      side = this.#message(side, b, from, stop);
      o = stop;
    }
    return o - at;
  }

  end(): void {
    this.#inner?.end();
    this.#inner = null;
  }

  /** Gives the side that sent it, which a reset may correct. */
  #message(side: Side, b: Uint8Array, at: number, end: number): Side {
    const conversation = this.#conversation;
    const opcode = b[at] >> 3;
    if (isClientReset(opcode) || isServerReset(opcode)) {
      const speaker = isClientReset(opcode) ? 0 : 1;
      if (side !== speaker) conversation.swap();
      side = speaker;
      if (speaker === 0) {
        this.#reset ??= resetOf(b, at, end);
        this.#opcode = opcode;
        this.#client = hexText(b, at + 1, at + 9);
      } else if (!this.#isOpened) this.#opened(this.#reset ?? resetOf(b, at, end), hexText(b, at + 1, at + 9));
    } else if (opcode === control && this.#isOpened) this.#control(side, b, at, end);
    // A session that was captured from its middle on shows no reset; data comes when TLS has said what it has to say.
    if (++this.#messages > messageLimit || (!this.#isOpened && this.#messages > 16) || isData(opcode)) this.#done();
    return side;
  }

  #opened(reset: Reset | null, serverSession: string): void {
    const conversation = this.#conversation;
    this.#isOpened = true;
    this.#reset = reset;
    if (this.#client !== '') conversation.confirm();
    conversation.emit({
      ...(reset === null ? {} : { protection: reset.protection }),
      ...(reset !== null && reset.hmacBytes > 0 ? { hmacBytes: reset.hmacBytes } : {}),
      ...(this.#client === '' ? {} : { clientSession: this.#client }),
      serverSession,
      ...(this.#opcode === resetClient1 ? { hasKeyMethod1: true } : {}),
    });
    if (reset === null || reset.protection.startsWith('tls-crypt')) this.#done();
  }

  /** Bytes of TLS behind the acknowledgements. */
  #control(side: Side, b: Uint8Array, at: number, end: number): void {
    const hmacBytes = this.#reset?.hmacBytes ?? 0;
    const acks = at + 9 + (hmacBytes === 0 ? 0 : hmacBytes + 8);
    if (acks >= end || b[acks] > 8) return;
    const packet = acks + 1 + 4 * b[acks] + (b[acks] > 0 ? 8 : 0);
    if (packet + 4 > end) return;
    this.#inner ??= this.#conversation.inner('tls');
    this.#streams[side].add(u32(b, packet), b, packet + 4, end, side, this.#inner);
  }

  #done(): void {
    this.end();
    this.#conversation.done();
  }
}

/** The messages of one side in the order of their numbers, each once: the reset has the number 0. */
class ControlStream {
  #next = 1;
  readonly #held = new Map<number, Uint8Array>();

  add(number: number, b: Uint8Array, at: number, end: number, side: Side, to: InnerTalk): void {
    const isAhead = number > this.#next && number <= this.#next + heldLimit;
    if (isAhead && end - at <= heldBytes) this.#held.set(number, b.slice(at, end));
    if (number !== this.#next) return;
    to.data(side, b, at, end);
    for (;;) {
      const next = this.#held.get(++this.#next);
      if (next === undefined) return;
      this.#held.delete(this.#next);
      to.data(side, next, 0, next.length);
    }
  }
}
