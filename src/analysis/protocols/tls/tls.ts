// TLS over a stream (RFC 5246, RFC 8446), SSL 3.0 (RFC 6101), and the hellos of SSL 2.0: handshake, certificates, alerts.

import { u16, u24 } from '../../../core/index.ts';
import {
  defineProtocol,
  notMine,
  otherSide,
  type ProbeHint,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';
import { openTlsTap } from '../tls-keys/tls-tap.ts';
import { extension, readAlpn } from './client-hello.ts';
import { tlsFields } from './fields.ts';
import { HandshakeStream } from './handshake-stream.ts';
import type { OpenRecordTap, RecordTap } from './record-tap.ts';
import { isTls13 } from './registry/names.ts';
import { contentType, handshakeType, isKnownHandshake, type TlsConversation, TlsSession } from './session.ts';
import { isSslv2ClientHello, readSslv2ClientHello, readSslv2ServerHello, sslv2, sslv2RecordLength } from './sslv2.ts';
import { identify, readChain } from './x509/chain.ts';

/** 2^14 and what encryption may add (RFC 5246 §6.2.3). */
const recordLimit = 16_384 + 2048;
/** Encrypted records of one side, after which nobody waits for the other side's any more. */
const sealedLimit = 200;

const ports = [443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 5061, 5223, 5349, 5671, 6514, 8443, 8883, 9443];

/** Whether the header of a record stands at `o`, of which five bytes are there. */
const isRecord = (b: Uint8Array, o: number): boolean =>
  b[o] >= contentType.changeCipherSpec &&
  b[o] <= contentType.heartbeat &&
  b[o + 1] === 3 &&
  b[o + 2] <= 4 &&
  u16(b, o + 3) <= recordLimit;

function probe(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  const length = end - at;
  if (b[at] & 0x80) return probeSslv2(b, at, end);
  if (b[at] < contentType.changeCipherSpec || b[at] > contentType.heartbeat) return probed.no;
  if (length >= 2 && b[at + 1] !== 3) return probed.no;
  if (length < 6) return length < 5 || isRecord(b, at) ? probed.maybe : probed.no;
  if (!isRecord(b, at)) return probed.no;
  const size = u16(b, at + 3);
  if (b[at] === contentType.handshake) return probeHandshake(b, at, end, size);
  if (b[at] === contentType.alert) {
    if (size !== 2) return chained(b, at, end, size, hint);
    return b[at + 5] === 1 || b[at + 5] === 2 ? probed.yes : probed.no;
  }
  if (b[at] === contentType.changeCipherSpec) return size === 1 && b[at + 5] === 1 ? probed.yes : probed.no;
  return chained(b, at, end, size, hint);
}

function probeHandshake(b: Uint8Array, at: number, end: number, size: number): number {
  const type = b[at + 5];
  if (type !== handshakeType.clientHello && type !== handshakeType.serverHello) {
    // The capture begins inside a handshake, in clear or encrypted.
    return size > 0 && (end - at === 5 + size || (end - at >= 10 + size && isRecord(b, at + 5 + size)))
      ? probed.yes
      : probed.no;
  }
  if (end - at < 11) return probed.maybe;
  const version = b[at + 9];
  return size >= 4 && u24(b, at + 6) >= 38 && (version === 3 || version === 0x7f) ? probed.yes : probed.no;
}

/** Encrypted records in the middle of a connection: two in a row, one that ends with the segment, or the port. */
function chained(b: Uint8Array, at: number, end: number, size: number, hint: ProbeHint): number {
  if (size === 0) return probed.no;
  const next = at + 5 + size;
  if (end - next >= 5) return isRecord(b, next) ? probed.yes : probed.no;
  return end === next || hint.isPort ? probed.yes : probed.maybe;
}

function probeSslv2(b: Uint8Array, at: number, end: number): number {
  if (end - at < 3) return probed.maybe;
  if (b[at + 2] !== sslv2.clientHello) return probed.no;
  if (end - at < 11) return probed.maybe;
  return isSslv2ClientHello(b, at, end) ? probed.yes : probed.no;
}

class TlsTalk implements Talk {
  readonly #conversation: TlsConversation;
  readonly #session: TlsSession;
  readonly #tap: RecordTap | null;
  readonly #streams: readonly [HandshakeStream, HandshakeStream];
  /** Any record was taken for one. */
  #hasBegun = false;
  #isSslv2 = false;
  readonly #sealed: [number, number] = [0, 0];
  #isEstablished = false;
  /** Length of a record that waits for its end, header included. */
  readonly #open: [number, number] = [0, 0];
  /** After a gap: bytes left of the record it began in, and whether the next one is still looked for. */
  readonly #left: [number, number] = [0, 0];
  readonly #isLost: [boolean, boolean] = [false, false];

  constructor(conversation: TlsConversation, openTap: OpenRecordTap) {
    this.#conversation = conversation;
    const tap = conversation.keys.isEmpty
      ? null
      : openTap(conversation, (side, type, b, at, end) => this.#opened(side, type, b, at, end));
    this.#tap = tap;
    this.#session = new TlsSession(
      conversation,
      't',
      tap && {
        client: (hello) => tap.hello(hello, hello.randomHex),
        server: (hello) => tap.serverHello(hello.version, hello.cipherSuite, hello.randomHex, hello),
      },
    );
    this.#streams = [new HandshakeStream(this.#handshake(0)), new HandshakeStream(this.#handshake(1))];
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    let o = this.#isLost[side] ? this.#found(side, b, at, end) : at;
    this.#open[side] = 0;
    while (o < end) {
      if (b[o] & 0x80 && (this.#isSslv2 || !this.#hasBegun)) {
        const length = sslv2RecordLength(b, o);
        if (end - o < Math.min(11, length) || (end - o < length && isSslv2ClientHello(b, o, end))) break;
        if (end - o < length) return this.#hasBegun ? this.#foreign(end - at) : notMine;
        if (!this.#sslv2(side, b, o, o + length)) return this.#hasBegun ? this.#foreign(end - at) : notMine;
        o += length;
        continue;
      }
      if (end - o < 5) break;
      if (!isRecord(b, o)) return this.#hasBegun ? this.#foreign(end - at) : notMine;
      const next = o + 5 + u16(b, o + 3);
      // What is encrypted is passed over unseen, unless it can be decrypted.
      const isUnseen = !this.#isTapped && (this.#session.isSealed(side) || b[o] === contentType.applicationData);
      if (next > end && !isUnseen) {
        this.#open[side] = next - o;
        break;
      }
      if (!this.#hasBegun && b[o] === contentType.handshake && this.#isFlipped(side, b[o + 5])) {
        this.#session.flipped();
        side = otherSide(side);
      }
      this.#hasBegun = true;
      if (!this.#record(side, b, o, next)) return end - at;
      if (this.#isTapped) this.#tap?.record(side, b[o], b, o + 5, next);
      o = next;
    }
    return o - at;
  }

  /** Somebody may still open what is encrypted. */
  get #isTapped(): boolean {
    return this.#tap !== null && !this.#tap.isOver;
  }

  gap(side: Side, missing: number): void {
    this.#tap?.gap(side, missing);
    this.#streams[side].stop();
    // The next record is found when the header of this one was seen, or when it begins a segment.
    this.#isLost[side] = true;
    this.#left[side] = Math.max(0, this.#open[side] - missing);
    this.#open[side] = 0;
  }

  end(): void {
    this.#session.tell();
    this.#tap?.end();
  }

  /** Who says hello first is the client, also when the capture took it for the server. */
  #isFlipped(side: Side, type: number): boolean {
    return side === 1 ? type === handshakeType.clientHello : type === handshakeType.serverHello;
  }

  /** After a gap: passes over the rest of the record it began in, then gives where the next one begins, or `end`. */
  #found(side: Side, b: Uint8Array, at: number, end: number): number {
    const o = at + this.#left[side];
    this.#left[side] = Math.max(0, o - end);
    if (o + 5 > end || !isRecord(b, o)) return end;
    this.#isLost[side] = false;
    return o;
  }

  /** One record; gives false when the connection is done with. */
  #record(side: Side, b: Uint8Array, o: number, next: number): boolean {
    const session = this.#session;
    const type = b[o];
    if (session.isSealed(side) || type === contentType.applicationData) {
      return this.#sealedRecord(side, type, next - o - 5);
    }
    if (type === contentType.handshake) this.#streams[side].feed(b, o + 5, next);
    else if (type === contentType.changeCipherSpec) session.changeCipherSpec(side);
    else if (type === contentType.alert) session.alert(side, b, o + 5, next);
    else session.heartbeat(side, b, o + 5, next);
    return true;
  }

  #sealedRecord(side: Side, type: number, length: number): boolean {
    const session = this.#session;
    const isBlind = session.client === null && session.version === -1;
    session.sealed(side, type, length);
    if (this.#isTapped) {
      if (session.established) session.tell();
      return true;
    }
    if (!session.established && !isBlind && ++this.#sealed[side] < sealedLimit) return true;
    if (session.established && this.#isWatched(side)) {
      session.tell();
      return true;
    }
    this.#finish();
    return false;
  }

  /** Heartbeats come after the handshake: one more record is waited for, many where they were agreed on. */
  #isWatched(side: Side): boolean {
    const isNew = !this.#isEstablished;
    this.#isEstablished = true;
    if (isTls13(this.#session.version)) return false;
    return isNew || (this.#session.mayBeat && ++this.#sealed[side] < sealedLimit);
  }

  #finish(): void {
    this.#session.tell();
    this.#tap?.end();
    this.#conversation.done();
  }

  /** What came is no record: nothing can be read any more. */
  #foreign(length: number): number {
    // After the handshake nothing is looked for but heartbeats.
    if (!this.#session.established) this.#conversation.weird('tls_invalid_record');
    this.#finish();
    return length;
  }

  #handshake(side: Side): (type: number, b: Uint8Array, at: number, end: number) => boolean {
    return (type, b, at, end) => {
      this.#session.handshake(side, type, b, at, end);
      return isKnownHandshake(type);
    };
  }

  /** A handshake message that was decrypted. */
  #opened(side: Side, type: number, b: Uint8Array, at: number, end: number): void {
    const session = this.#session;
    if (type === handshakeType.certificate) {
      session.chain(side, readChain(b, at, end, true, this.#conversation.crypto));
      return;
    }
    if (type !== handshakeType.encryptedExtensions || at + 2 > end) return;
    for (let o = at + 2; o + 4 <= end; o += 4 + u16(b, o + 2)) {
      const next = o + 4 + u16(b, o + 2);
      if (u16(b, o) === extension.alpn && next <= end) session.chosen(readAlpn(b, o + 4, next)[0] ?? '');
    }
  }

  /** A whole record of SSL 2.0; gives false when it is none. */
  #sslv2(side: Side, b: Uint8Array, o: number, next: number): boolean {
    const session = this.#session;
    if (!this.#hasBegun) {
      if (!isSslv2ClientHello(b, o, next)) return false;
      if (side === 1) session.flipped();
      this.#hasBegun = true;
      this.#isSslv2 = true;
      session.firstUs = this.#conversation.timeUs;
      session.note(0, 'c');
      session.clientHelloRead(readSslv2ClientHello(b, o));
      return true;
    }
    if (side === 0 && b[o + 2] === sslv2.clientMasterKey && session.version === 2) {
      session.established = true;
      this.#finish();
      return true;
    }
    const hello = side === 1 ? readSslv2ServerHello(b, o, next) : null;
    if (hello === null) return false;
    session.version = 2;
    session.cipherSuite = hello.cipherSuite;
    session.note(1, 's');
    this.#conversation.confirm();
    if (hello.certificateEnd > hello.certificateAt) {
      session.chain(1, [identify(b, hello.certificateAt, hello.certificateEnd, this.#conversation.crypto)]);
    }
    return true;
  }
}

/** @param openTap gives what is shown the records when there are keys */
export const tlsWith = (openTap: OpenRecordTap) =>
  defineProtocol({
    name: 'tls',
    title: 'TLS',
    family: 'web',
    zeekLog: 'ssl',
    zeekService: 'ssl',
    ports: { tcp: ports },
    variants: ['doh', 'dot'],
    fields: tlsFields,
    // Above are lengths of SSL 2.
    probe: startingWith(
      (first) => first >= 0x80 || (first >= contentType.changeCipherSpec && first <= contentType.heartbeat),
      probe,
    ),
    open: (conversation) => new TlsTalk(conversation, openTap),
  });

export const tls = tlsWith(openTlsTap);
