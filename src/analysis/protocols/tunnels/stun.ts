// STUN and TURN (RFC 8489, 8656; 3489 before them): who one is seen as from outside, and relays.
//
//   | 00 type:14 | length 16 | magic cookie 2112a442 | transaction 12 | attributes: type 16, length 16, value, padding to 4
//
// Over TCP a message stands alone (TURN) or behind its length in two bytes (ICE, RFC 4571).

import { formatAddress, hexText, ipv4Text, number, text, u16, u32, wireText } from '../../../core/index.ts';
import {
  between,
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

const headerBytes = 20;
const magicCookie = 0x2112a442;
const binding = 1;
/** Events told of one flow; a call asks again and again whether the way is still open. */
const eventLimit = 16;
/** Answers awaited at a time. */
const pendingLimit = 64;
/** Attributes read of one message. */
const attributeLimit = 64;

const methods: Readonly<Record<number, string>> = {
  1: 'binding',
  2: 'shared-secret',
  3: 'allocate',
  4: 'refresh',
  6: 'send',
  7: 'data',
  8: 'create-permission',
  9: 'channel-bind',
  10: 'connect',
  11: 'connection-bind',
  12: 'connection-attempt',
};

const fields = {
  method: text('What is asked for: binding, allocate, refresh, …'),
  outcome: text('How it was answered: success, error, none'),
  transaction: text('Transaction identifier, hexadecimal'),
  mappedAddress: text('Address of the client as the server sees it', { filter: 'stun.att.ipv4' }),
  mappedPort: number('Port of the client as the server sees it', { filter: 'stun.att.port' }),
  relayedAddress: text('Address of the relay that was allocated'),
  relayedPort: number('Port of the relay that was allocated'),
  peerAddress: text('Address of the peer behind the relay'),
  peerPort: number('Port of the peer behind the relay'),
  user: text('User name'),
  realm: text('Realm', { filter: 'stun.att.realm' }),
  software: text('Software of the server, else of the client', { filter: 'stun.att.software' }),
  errorCode: number('Error code of the answer', { filter: 'stun.att.error' }),
  errorReason: text('Reason of the error'),
  latencyUs: number('Time from request to answer', { unit: 'us' }),
};
type StunEvent = {
  -readonly [K in keyof typeof fields]?: (typeof fields)[K] extends { readonly value?: infer T }
    ? NonNullable<T>
    : never;
};

const methodOf = (type: number): number => (type & 0x0f) | ((type & 0xe0) >> 1) | ((type & 0x3e00) >> 2);
/** 0 request, 1 indication, 2 success, 3 error. */
const classOf = (type: number): number => ((type & 0x0010) >> 4) | ((type & 0x0100) >> 7);

/** Length of the message at `o`, header and all, or 0 when there is none. */
function messageBytes(b: Uint8Array, o: number, end: number, length: number): number {
  if (end - o < headerBytes || b[o] > 0x3f) return 0;
  const type = u16(b, o);
  const size = u16(b, o + 2);
  if (methods[methodOf(type)] === undefined || headerBytes + size > length) return 0;
  if (u32(b, o + 4) === magicCookie) return size % 4 === 0 ? headerBytes + size : 0;
  // RFC 3489 has no cookie: the message fills the datagram, and its attributes fill the message.
  const isOld = methodOf(type) <= 4 && type < 0x0120 && headerBytes + size === length;
  return isOld && attributesFit(b, o + headerBytes, Math.min(end, o + length)) ? headerBytes + size : 0;
}

function attributesFit(b: Uint8Array, from: number, end: number): boolean {
  let o = from;
  while (o + 4 <= end) {
    const type = u16(b, o);
    if (type === 0) return false;
    o += 4 + u16(b, o + 2);
    if (o > end) return false;
    if (o < end && o + 4 > end) return end - o < 4;
  }
  return o === end && o > from;
}

const probe: Probe = (b, o, end, hint) => {
  if (hint.proto === 6) return probeStream(b, o, end);
  if (end - o < headerBytes || b[o] > 0x01) return probed.no;
  const bytes = messageBytes(b, o, end, hint.length);
  if (bytes > 0) return bytes === hint.length || u32(b, o + 4) === magicCookie ? probed.yes : probed.no;
  // An old request without attributes is 20 bytes of which only four are known.
  return hint.isPort && isBareRequest(b, o, end) ? probed.yes : probed.no;
};

/** A message with its cookie, bare or behind a length. */
function probeStream(b: Uint8Array, o: number, end: number): number {
  if (b[o] > 0x05) return probed.no;
  if (end - o < headerBytes + 2) {
    const isBare = end - o < 8 || u32(b, o + 4) === magicCookie;
    const isFramed = end - o < 10 || u32(b, o + 6) === magicCookie;
    return isBare || isFramed ? probed.maybe : probed.no;
  }
  const at = u32(b, o + 4) === magicCookie ? o : o + 2;
  return u32(b, at + 4) === magicCookie && messageBytes(b, at, end, 0x10000) > 0 ? probed.yes : probed.no;
}

export const stun = defineProtocol({
  name: 'stun',
  title: 'STUN',
  family: 'tunnel',
  ports: { tcp: [3478], udp: [3478, 3479, 19_302] },
  variants: ['turn'],
  fields,
  probe: startingWith(between(0, 5), probe),
  open: (conversation) => new StunTalk(conversation),
});

interface Pending {
  readonly timeUs: number;
  readonly event: StunEvent;
}

class StunTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  readonly #pending = new Map<string, Pending>();
  #events = 0;
  #lastMapped = '';
  #messages = 0;
  #dtls: InnerTalk | null = null;
  #media: InnerTalk | null = null;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    const conversation = this.#conversation;
    if (conversation.proto === 17) {
      const bytes = messageBytes(b, at, end, end - at + conversation.missing);
      if (bytes === 0 && !isBareRequest(b, at, end)) return this.#other(side, b, at, end);
      this.#message(side, b, at, Math.min(end, at + Math.max(bytes, headerBytes)));
      return end - at;
    }
    return this.#stream(side, b, at, end);
  }

  /**
   * What shares the flow is told apart by its first byte (RFC 7983): 20 to 63 is DTLS, 64 to 79 a channel of TURN with
   * more of the same behind number and length (RFC 8656 §12.4), 128 to 191 media.
   */
  #other(side: Side, b: Uint8Array, at: number, end: number): number {
    if (this.#messages === 0) return notMine;
    let o = at;
    if (end - o > 4 && b[o] >= 0x40 && b[o] <= 0x4f && u16(b, o + 2) <= end - o - 4) o += 4;
    if (end - o > 12 && b[o] >= 20 && b[o] <= 63 && b[o + 1] === 0xfe) {
      this.#dtls ??= this.#conversation.inner('dtls');
      this.#dtls.data(side, b, o, end);
    } else if (end - o > 12 && b[o] >> 6 === 2) {
      this.#media ??= this.#conversation.inner('rtp');
      this.#media.data(side, b, o, end);
    }
    return end - at;
  }

  /** Messages one behind the other, framed or not; anything else is skipped by its length where that is known. */
  #stream(side: Side, b: Uint8Array, at: number, end: number): number {
    let o = at;
    while (end - o >= 4) {
      if (b[o] >= 0x40 && b[o] <= 0x4f) {
        o += 4 + ((u16(b, o + 2) + 3) & ~3);
        continue;
      }
      if (end - o < headerBytes) break;
      const framed = u32(b, o + 4) === magicCookie ? 0 : 2;
      if (end - o < headerBytes + framed) break;
      const bytes = messageBytes(b, o + framed, end, 0x10000);
      if (bytes === 0) {
        if (this.#messages === 0) return notMine;
        // Framed media (RFC 4571): nothing that is read here.
        this.#conversation.done();
        return end - at;
      }
      if (o + framed + bytes > end) break;
      this.#message(side, b, o + framed, o + framed + bytes);
      o += framed + bytes;
    }
    return o - at;
  }

  #message(side: Side, b: Uint8Array, at: number, end: number): void {
    this.#messages++;
    const type = u16(b, at);
    const method = methodOf(type);
    const kind = classOf(type);
    if (method >= 3) this.#conversation.rename('turn');
    const transaction = hexText(b, at + 8, at + 20);
    if (kind === 1) return;
    if (kind === 0) {
      if (this.#pending.size < pendingLimit) {
        const event: StunEvent = { method: methods[method], transaction };
        readAttributes(b, at, end, event);
        this.#pending.set(transaction, { timeUs: this.#conversation.timeUs, event });
      }
      return;
    }
    this.#answered(side, b, at, end, kind === 2, transaction, method);
  }

  #answered(
    side: Side,
    b: Uint8Array,
    at: number,
    end: number,
    isSuccess: boolean,
    transaction: string,
    method: number,
  ): void {
    const conversation = this.#conversation;
    const request = this.#pending.get(transaction);
    this.#pending.delete(transaction);
    const event: StunEvent = request?.event ?? { method: methods[method], transaction };
    readAttributes(b, at, end, event);
    event.outcome = isSuccess ? 'success' : 'error';
    if (request !== undefined) {
      event.latencyUs = Math.max(0, conversation.timeUs - request.timeUs);
      conversation.confirm();
    }
    const mapped = `${event.mappedAddress} ${event.mappedPort}`;
    // Checks that the way is open come every few seconds: only a new answer is worth a line.
    if (isSuccess && method === binding && mapped === this.#lastMapped) return;
    if (isSuccess && method === binding) this.#lastMapped = mapped;
    if (this.#events++ < eventLimit) conversation.emit(event, { side: side === 1 ? 0 : 1 });
  }

  end(): void {
    this.#dtls?.end();
    this.#media?.end();
    for (const { event, timeUs } of this.#pending.values()) {
      if (this.#events++ >= 1) break;
      event.outcome = 'none';
      this.#conversation.emit(event, { timeUs });
    }
  }
}

const isBareRequest = (b: Uint8Array, at: number, end: number): boolean =>
  end - at === headerBytes && u32(b, at) === 0x00010000;

function readAttributes(b: Uint8Array, at: number, end: number, event: StunEvent): void {
  let o = at + headerBytes;
  for (let n = 0; n < attributeLimit && o + 4 <= end; n++) {
    const type = u16(b, o);
    const length = u16(b, o + 2);
    const from = o + 4;
    const to = from + length;
    if (to > end) return;
    readAttribute(b, at, type, from, to, event);
    o = to + ((4 - (length & 3)) & 3);
  }
}

function readAttribute(b: Uint8Array, at: number, type: number, from: number, to: number, event: StunEvent): void {
  switch (type) {
    case 0x0001:
      if (event.mappedAddress === undefined) setAddress(b, at, from, to, false, event, 'mapped');
      break;
    case 0x0020:
    case 0x8020:
      setAddress(b, at, from, to, true, event, 'mapped');
      break;
    case 0x0012:
      setAddress(b, at, from, to, true, event, 'peer');
      break;
    case 0x0016:
      setAddress(b, at, from, to, true, event, 'relayed');
      break;
    case 0x0006:
      event.user = wireText(b, from, Math.min(to, from + 513));
      break;
    case 0x0014:
      event.realm = wireText(b, from, Math.min(to, from + 256));
      break;
    case 0x8022:
      event.software = wireText(b, from, Math.min(to, from + 256));
      break;
    case 0x0009:
      if (to - from < 4) break;
      event.errorCode = (b[from + 2] & 7) * 100 + b[from + 3];
      event.errorReason = wireText(b, from + 4, Math.min(to, from + 260));
  }
}

/** An address attribute: 0, family, port, address; with `isMasked` XORed with cookie and transaction (RFC 8489 §14.2). */
function setAddress(
  b: Uint8Array,
  at: number,
  from: number,
  to: number,
  isMasked: boolean,
  event: StunEvent,
  kind: 'mapped' | 'peer' | 'relayed',
): void {
  const size = b[from + 1] === 1 ? 4 : 16;
  if (to - from < 4 + size || b[from + 1] === 0 || b[from + 1] > 2) return;
  const bytes = b.slice(from + 2, from + 4 + size);
  if (isMasked) {
    bytes[0] ^= 0x21;
    bytes[1] ^= 0x12;
    for (let i = 0; i < size; i++) bytes[2 + i] ^= b[at + 4 + i];
  }
  event[`${kind}Port`] = u16(bytes, 0);
  event[`${kind}Address`] =
    size === 4 ? ipv4Text(bytes, 2) : formatAddress(6, u32(bytes, 2), u32(bytes, 6), u32(bytes, 10), u32(bytes, 14));
}
