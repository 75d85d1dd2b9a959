// Decryption of TLS connections whose secrets are logged (SSLKEYLOGFILE, draft-ietf-tls-keylogfile): TLS 1.2 and 1.3.

import type { Conversation, InnerTalk, Side } from '../protocol.ts';
import type { ClientHello } from '../tls/client-hello.ts';
import { HandshakeStream, type OnHandshake } from '../tls/handshake-stream.ts';
import type { OpenedHandshake, OpenRecordTap, RecordTap } from '../tls/record-tap.ts';
import type { ServerHello } from '../tls/server-hello.ts';
import { certificate, compressedCertificate, unpackCertificate } from './compressed-certificate.ts';
import { chosenAlpn } from './encrypted-extensions.ts';
import { bytesOfHex } from './key-schedule.ts';
import { keys12, keys13, OpenedRecord, openRecord, type RecordKeys, updatedSecret } from './record-keys.ts';
import { type Suite, suiteOf } from './suites.ts';

/** Content types (RFC 8446 §5.1). */
const content = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;
/** Handshake messages (RFC 8446 §4). */
const message = { encryptedExtensions: 8, finished: 20, keyUpdate: 24 } as const;

/** Records without a key, after which none is expected any more: a key log may be written later than the packets come. */
const missingLimit = 48;
/** Records that no key opens, in a row, after which the keys are not those of the connection. */
const failureLimit = 16;
/** How many records may have been lost for their successor to be found by trying numbers. */
const lostLimit = 64;
/** Shortest record that can be encrypted: header and tag. What is lost counts at most so many records. */
const leastRecordBytes = 22;

/** Levels of TLS 1.3 in the order a side goes through them, with the labels of their secrets by side. */
const levels = [
  ['CLIENT_EARLY_TRAFFIC_SECRET', ''],
  ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_HANDSHAKE_TRAFFIC_SECRET'],
  ['CLIENT_TRAFFIC_SECRET_0', 'SERVER_TRAFFIC_SECRET_0'],
] as const;
const applicationLevel = 2;

/** What speaks inside, by ALPN (IANA registry); null: find out. */
const protocolByAlpn: ReadonlyMap<string, string> = new Map([
  ['h2', 'http2'],
  ['http/1.1', 'http'],
  ['http/1.0', 'http'],
  ['dot', 'dns'],
]);

/** One direction. */
class Direction {
  keys: RecordKeys | null = null;
  /** Of TLS 1.3: the secret that `keys` come from, and where in `levels` it is. */
  secret: Uint8Array | null = null;
  level = -1;
  sequence = 0;
  /** Encrypted records since the last one that was opened, and those that may have been lost. */
  unopened = 0;
  isEncrypted = false;
  messages: HandshakeStream;
  readonly #told: OnHandshake;

  constructor(told: OnHandshake) {
    this.#told = told;
    this.messages = new HandshakeStream(told);
  }

  /** What was begun will not be completed. */
  forget(): void {
    this.messages = new HandshakeStream(this.#told);
  }
}

const opened = new OpenedRecord();

export class TlsTap implements RecordTap {
  readonly #conversation: Conversation;
  readonly #openedHandshake: OpenedHandshake;
  readonly #directions: readonly [Direction, Direction];
  #clientRandom = '';
  #serverRandom = '';
  #suite: Suite | null = null;
  #isTls13 = false;
  #hasEarlyData = false;
  #alpn: string | null = null;
  #inner: InnerTalk | null = null;
  #missing = 0;
  #opened = 0;
  isOver = false;

  constructor(conversation: Conversation, openedHandshake: OpenedHandshake) {
    this.#conversation = conversation;
    this.#openedHandshake = openedHandshake;
    this.#directions = [new Direction(this.#told(0)), new Direction(this.#told(1))];
  }

  hello(client: ClientHello, clientRandomHex: string): void {
    this.#clientRandom = clientRandomHex;
    this.#hasEarlyData = client.hasEarlyData;
    this.#alpn = client.hasEarlyData ? (client.alpn[0] ?? null) : null;
  }

  serverHello(version: number, cipherSuite: number, serverRandomHex: string, server: ServerHello): void {
    this.#serverRandom = serverRandomHex;
    this.#isTls13 = version === 0x0304;
    this.#suite = suiteOf(cipherSuite);
    if (server.alpn !== null) this.#alpn = server.alpn;
    if (this.#suite !== null && (this.#isTls13 || version === 0x0303)) return;
    this.#stop('tls_cannot_decrypt', 'this version or cipher suite cannot be decrypted with logged secrets');
  }

  record(side: Side, contentType: number, b: Uint8Array, at: number, end: number): void {
    if (this.isOver) return;
    const direction = this.#directions[side];
    if (contentType === content.changeCipherSpec && !direction.isEncrypted) {
      // In TLS 1.3 it means nothing (RFC 8446 §5).
      direction.isEncrypted = !this.#isTls13 && this.#suite !== null;
      return;
    }
    const isEncrypted = direction.isEncrypted || contentType === content.applicationData;
    if (!isEncrypted || at < 5) return;
    if (this.#open(side, direction, b, at, end)) this.#read(side, direction);
    else this.#fail(direction);
  }

  gap(side: Side, missing: number): void {
    const direction = this.#directions[side];
    direction.forget();
    direction.unopened += Math.min(lostLimit, Math.ceil(missing / leastRecordBytes));
    this.#inner?.gap(side, missing);
  }

  end(): void {
    if (!this.isOver && this.#missing > 0 && this.#opened === 0) this.#tellMissing();
    this.#inner?.end();
    this.#inner = null;
    this.isOver = true;
  }

  // --- keys ------------------------------------------------------------------------------------------------------

  #open(side: Side, direction: Direction, b: Uint8Array, at: number, end: number): boolean {
    if (!this.#isTls13 && this.#suite !== null) return this.#open12(side, direction, b, at, end);
    // A side goes to the next level when its Finished is read; where that was lost the keys of the next one fit.
    for (let level = Math.max(0, direction.level); level <= applicationLevel; level++) {
      const isSame = level === direction.level;
      const secret = isSame ? direction.secret : this.#secret(level, side);
      const suite = this.#suiteFor(level, secret);
      if (secret === null || suite === null) continue;
      const keys =
        isSame && direction.keys !== null ? direction.keys : keys13(this.#conversation.crypto, suite, secret);
      if (!this.#tryKeys(direction, keys, isSame ? direction.sequence : 0, b, at, end)) continue;
      direction.level = level;
      direction.secret = secret;
      direction.keys = keys;
      return true;
    }
    return false;
  }

  /** Early data comes before the server has chosen: of its suite only the digest's length is known, from the secret. */
  #suiteFor(level: number, secret: Uint8Array | null): Suite | null {
    if (this.#suite !== null || level > 0 || secret === null) return this.#suite;
    return suiteOf(secret.length === 48 ? 0x1302 : 0x1301);
  }

  #secret(level: number, side: Side): Uint8Array | null {
    const label = levels[level][side];
    if (label === '' || (level === 0 && !this.#hasEarlyData)) return null;
    return this.#conversation.keys.secret(label, this.#clientRandom);
  }

  #open12(side: Side, direction: Direction, b: Uint8Array, at: number, end: number): boolean {
    if (direction.keys === null) {
      const master = this.#conversation.keys.secret('CLIENT_RANDOM', this.#clientRandom);
      if (master === null || this.#suite === null) return false;
      const randoms = bytesOfHex(this.#serverRandom + this.#clientRandom);
      const keys = keys12(this.#conversation.crypto, this.#suite, master, randoms);
      this.#directions[0].keys = keys[0];
      this.#directions[1].keys = keys[1];
    }
    const keys = this.#directions[side].keys;
    return keys !== null && this.#tryKeys(direction, keys, direction.sequence, b, at, end);
  }

  /** Tries the number that is due, and as many after it as records may have been lost. */
  #tryKeys(direction: Direction, keys: RecordKeys, due: number, b: Uint8Array, at: number, end: number): boolean {
    const last = due + Math.min(lostLimit, direction.unopened);
    for (let sequence = due; sequence <= last; sequence++) {
      if (!openRecord(this.#conversation.crypto, keys, sequence, b, at, end, opened)) continue;
      direction.sequence = sequence + 1;
      direction.unopened = 0;
      this.#opened++;
      return true;
    }
    return false;
  }

  #fail(direction: Direction): void {
    direction.unopened++;
    if (!this.#hasKeys()) {
      if (++this.#missing >= missingLimit) this.#tellMissing();
      return;
    }
    if (direction.unopened < failureLimit) return;
    if (this.#opened === 0) {
      const what = `${failureLimit} records could not be opened with the logged keys of this connection: they belong to another one, or bytes are damaged`;
      this.#stop('tls_keys_do_not_fit', what);
    } else if (direction.unopened > lostLimit) {
      this.#stop('tls_keys_do_not_fit', 'too many records were lost: the keys no longer fit what follows');
    }
  }

  #hasKeys(): boolean {
    const { keys } = this.#conversation;
    if (this.#directions[0].keys !== null || this.#directions[1].keys !== null) return true;
    if (!this.#isTls13) return keys.secret('CLIENT_RANDOM', this.#clientRandom) !== null;
    return levels.some((labels) =>
      labels.some((label) => label !== '' && keys.secret(label, this.#clientRandom) !== null),
    );
  }

  #tellMissing(): void {
    this.#stop('tls_no_key', 'the key log has no secrets for this connection');
  }

  #stop(name: string, detail: string): void {
    this.#conversation.weird(name, detail);
    this.isOver = true;
  }

  // --- contents --------------------------------------------------------------------------------------------------

  #read(side: Side, direction: Direction): void {
    const { bytes, end } = opened;
    if (opened.contentType === content.applicationData) {
      this.#inner ??= this.#conversation.inner(this.#alpn === null ? null : (protocolByAlpn.get(this.#alpn) ?? null));
      if (end > 0) this.#inner.data(side, bytes, 0, end);
      return;
    }
    if (opened.contentType !== content.handshake) return;
    direction.messages.feed(bytes, 0, end);
  }

  #told(side: Side): OnHandshake {
    return (type, b, at, end) => {
      this.#message(side, type, b, at, end);
      return true;
    };
  }

  #message(side: Side, type: number, b: Uint8Array, at: number, end: number): void {
    const direction = this.#directions[side];
    if (this.#isTls13) {
      if (type === message.encryptedExtensions) this.#alpn = chosenAlpn(b, at, end) ?? this.#alpn;
      else if (type === message.finished) this.#nextLevel(side, direction);
      else if (type === message.keyUpdate) this.#update(direction);
    }
    if (type !== compressedCertificate) {
      this.#openedHandshake(side, type, b, at, end);
      return;
    }
    const body = unpackCertificate(b, at, end, this.#conversation.crypto);
    if (body !== null) this.#openedHandshake(side, certificate, body, 0, body.length);
  }

  #nextLevel(side: Side, direction: Direction): void {
    if (direction.level >= applicationLevel || this.#suite === null) return;
    const secret = this.#secret(applicationLevel, side);
    if (secret === null) return;
    direction.level = applicationLevel;
    direction.secret = secret;
    direction.keys = keys13(this.#conversation.crypto, this.#suite, secret);
    direction.sequence = 0;
  }

  #update(direction: Direction): void {
    if (direction.secret === null || this.#suite === null) return;
    const { crypto } = this.#conversation;
    direction.secret = updatedSecret(crypto, this.#suite, direction.secret);
    direction.keys = keys13(crypto, this.#suite, direction.secret);
    direction.sequence = 0;
  }
}

export const openTlsTap: OpenRecordTap = (conversation, opened) =>
  conversation.keys.isEmpty ? null : new TlsTap(conversation, opened);
