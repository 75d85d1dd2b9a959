// DTLS over datagrams (RFC 6347, RFC 9147): handshake in clear, up to where encryption begins.

import { u16, u24 } from '../../../core/index.ts';
import {
  between,
  defineProtocol,
  notMine,
  type ProbeHint,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';
import { tlsFields } from './fields.ts';
import { contentType, handshakeType, type TlsConversation, TlsSession } from './session.ts';

/** Longer handshake messages are passed over. */
const messageLimit = 65_536;
/**
 * How far a fragment may reach beyond what has come of its message, bytes and so many times what has come: its header costs
 * nothing, room does.
 */
const aheadBytes = 4096;
const aheadTimes = 4;
/** Encrypted records of one side, after which nobody waits for the other side's any more. */
const sealedLimit = 50;
/** Bytes of a record's header, and of a handshake fragment's. */
const headerLength = 13;
const fragmentHeaderLength = 12;

/** 1.0, 1.2, and 1.0 as OpenSSL before 0.9.8f wrote it. */
const isVersion = (version: number): boolean => version === 0xfeff || version === 0xfefd || version === 0x0100;

/**
 * Whether a whole record stands at `o`.
 *
 * ```text
 * type(1) version(2) epoch(2) sequence number(6) length(2)
 * ```
 */
const isRecord = (b: Uint8Array, o: number, end: number): boolean =>
  end - o >= headerLength &&
  b[o] >= contentType.changeCipherSpec &&
  b[o] <= 26 &&
  isVersion(u16(b, o + 1)) &&
  o + headerLength + u16(b, o + 11) <= end;

function probe(b: Uint8Array, at: number, end: number, _hint: ProbeHint): number {
  if (b[at] < contentType.changeCipherSpec || b[at] > 26 || !isRecord(b, at, end)) return probed.no;
  if (b[at] !== contentType.handshake || u16(b, at + 3) > 0) return probed.yes;
  const type = b[at + headerLength];
  return u16(b, at + 11) >= fragmentHeaderLength && (type <= 24 || type === 254) ? probed.yes : probed.no;
}

/** Puts one side's handshake messages together; fragments come in any order and more than once. */
class Fragments {
  /** Number of the message that is next. */
  #next = 0;
  #type = -1;
  #length = 0;
  #body: Uint8Array = new Uint8Array(0);
  /** Bytes that came, those that came twice counted twice. */
  #came = 0;
  /** Which bytes are there, as ranges in order: start, end, start, end. */
  #ranges: number[] = [];

  /**
   * One fragment, its header at `at`; gives the message when it is whole, null otherwise.
   *
   * ```text
   * type(1) length(3) message number(2) fragment offset(3) fragment length(3)
   * ```
   */
  take(b: Uint8Array, at: number, end: number): Uint8Array | null {
    const length = u24(b, at + 1);
    const sequence = u16(b, at + 4);
    const from = u24(b, at + 6);
    const to = from + u24(b, at + 9);
    if (sequence < this.#next || to > length || length > messageLimit || at + fragmentHeaderLength + to - from > end) {
      return null;
    }
    if (sequence > this.#next || this.#type !== b[at] || this.#length !== length) {
      // A message that never became whole is given up for the one after it.
      this.#next = sequence;
      this.#type = b[at];
      this.#length = length;
      this.#body = new Uint8Array(0);
      this.#came = 0;
      this.#ranges = [];
    }
    this.#came += to - from;
    if (to > aheadBytes + aheadTimes * this.#came) return null;
    this.#makeRoom(to);
    const start = at + fragmentHeaderLength;
    this.#body.set(b.subarray(start, start + to - from), from);
    if (!this.#covers(from, to)) return null;
    this.#next = sequence + 1;
    this.#type = -1;
    const body = this.#body.subarray(0, length);
    this.#body = new Uint8Array(0);
    return body;
  }

  #makeRoom(to: number): void {
    if (to <= this.#body.length) return;
    const grown = new Uint8Array(Math.min(this.#length, Math.max(to, 2 * this.#body.length)));
    grown.set(this.#body);
    this.#body = grown;
  }

  /** Adds a range; tells whether everything is there. */
  #covers(from: number, to: number): boolean {
    const length = this.#length;
    const kept: number[] = [];
    for (let i = 0; i < this.#ranges.length; i += 2) {
      if (this.#ranges[i] > to || this.#ranges[i + 1] < from) kept.push(this.#ranges[i], this.#ranges[i + 1]);
      else {
        from = Math.min(from, this.#ranges[i]);
        to = Math.max(to, this.#ranges[i + 1]);
      }
    }
    kept.push(from, to);
    this.#ranges = kept.slice(-64);
    return from === 0 && to === length;
  }
}

class DtlsTalk implements Talk {
  readonly #conversation: TlsConversation;
  readonly #session: TlsSession;
  readonly #fragments: readonly [Fragments, Fragments] = [new Fragments(), new Fragments()];
  #hasBegun = false;
  #isFlipped = false;
  #sealedRecords = 0;

  constructor(conversation: TlsConversation) {
    this.#conversation = conversation;
    this.#session = new TlsSession(conversation, 'd');
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    if (!this.#hasBegun && !isRecord(b, at, end)) return notMine;
    for (let o = at; isRecord(b, o, end); o += headerLength + u16(b, o + 11)) {
      this.#hasBegun = true;
      const next = o + headerLength + u16(b, o + 11);
      if (u16(b, o + 3) === 0) side = this.#clear(side, b[o], b, o + headerLength, next);
      else if (this.#sealed(side, b[o])) break;
    }
    return end - at;
  }

  end(): void {
    this.#session.tell();
  }

  /** A record of epoch 0. Gives the side, which a hello may correct. */
  #clear(side: Side, type: number, b: Uint8Array, at: number, end: number): Side {
    const session = this.#session;
    if (type === contentType.handshake) {
      for (let o = at; o + fragmentHeaderLength <= end; o += fragmentHeaderLength + u24(b, o + 9)) {
        if (side === 1 && b[o] === handshakeType.clientHello && session.version === -1 && !this.#isFlipped) {
          this.#isFlipped = true;
          session.flipped();
          side = 0;
        }
        const body = this.#fragments[side].take(b, o, end);
        if (body !== null) session.handshake(side, b[o], body, 0, body.length);
      }
    } else if (type === contentType.changeCipherSpec) {
      if (!session.isSealed(side)) session.changeCipherSpec(side);
    } else if (type === contentType.alert) session.alert(side, b, at, end);
    return side;
  }

  /** An encrypted record; gives true when nothing more is wanted. */
  #sealed(side: Side, type: number): boolean {
    const session = this.#session;
    session.sealed(side, type);
    if (!session.established && ++this.#sealedRecords < sealedLimit) return false;
    session.tell();
    this.#conversation.done();
    return true;
  }
}

export const dtls = defineProtocol({
  name: 'dtls',
  title: 'DTLS',
  eveType: 'tls',
  eveApp: 'tls',
  family: 'web',
  zeekLog: 'ssl',
  zeekService: 'ssl',
  ports: { udp: [3391, 5061, 5349, 5684, 10_161, 10_162] },
  fields: tlsFields,
  probe: startingWith(between(contentType.changeCipherSpec, 26), probe),
  open: (conversation) => new DtlsTalk(conversation),
});
