// What a TLS or DTLS connection has told so far, whatever carried it: hellos, certificates, alerts, who went over to encryption.

import { type EventOf, u16 } from '../../../core/index.ts';
import { type Conversation, otherSide, type Side } from '../protocol.ts';
import { type ClientHello, extension, readClientHello } from './client-hello.ts';
import { isDohServer } from './doh-servers.ts';
import type { tlsFields } from './fields.ts';
import type { Transport } from './ja.ts';
import { cipherSuiteName } from './registry/cipher-suites.ts';
import { alertName, isTls13 } from './registry/names.ts';
import { readServerHello, type ServerHello } from './server-hello.ts';
import { sessionEvent } from './session-event.ts';
import { readChain, type SeenCertificate } from './x509/chain.ts';
import { x509, x509Event } from './x509/x509.ts';

/** Letters of the history. */
const historyLimit = 100;

export const contentType = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
  heartbeat: 24,
} as const;

/** Heartbeat messages (RFC 6520 §3). */
const beatRequest = 1;
/** Type, length and the least padding (RFC 6520 §4). */
const beatLeast = 19;
/** A reply may pad differently; what is longer than that carries more than was sent. */
const beatSlack = 128;

export const handshakeType = {
  clientHello: 1,
  serverHello: 2,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  clientKeyExchange: 16,
} as const;

/** Letters of handshake messages by type, those of Zeek's ssl_history. */
const letters: ReadonlyMap<number, string> = new Map([
  [0, 'h'],
  [1, 'c'],
  [2, 's'],
  [3, 'v'],
  [4, 't'],
  [5, 'e'],
  [6, 'j'],
  [8, 'o'],
  [11, 'x'],
  [12, 'k'],
  [13, 'r'],
  [14, 'n'],
  [15, 'y'],
  [16, 'g'],
  [20, 'f'],
  [21, 'w'],
  [22, 'u'],
  [23, 'a'],
  [24, 'p'],
  [254, 'm'],
]);

/** Whether there is a message of that type: one that is not shows bytes that are no handshake. */
export const isKnownHandshake = (type: number): boolean => letters.has(type);

/** Told when a hello was read; decryption hangs on it. */
export interface HelloListener {
  client(hello: ClientHello): void;
  server(hello: ServerHello): void;
}

export type TlsConversation = Conversation<typeof tlsFields>;

export class TlsSession {
  readonly conversation: TlsConversation;
  readonly transport: Transport;
  /** The first, which fingerprints are taken of. */
  client: ClientHello | null = null;
  /** Not a HelloRetryRequest. */
  server: ServerHello | null = null;
  /** The HelloRetryRequest before it. */
  retry: ServerHello | null = null;
  /** Version and suite of the server, also those of SSL 2.0; -1 unknown. */
  version = -1;
  cipherSuite = -1;
  group = -1;
  resumed = false;
  sessionResumed = false;
  established = false;
  history = '';
  lastAlert = '';
  nextProtocol = '';
  clientChain: readonly SeenCertificate[] = [];
  serverChain: readonly SeenCertificate[] = [];
  firstUs = 0;

  readonly #listener: HelloListener | null;
  readonly #isSealed: [boolean, boolean] = [false, false];
  #hasKeyExchange = false;
  #sessionIdHex = '';
  #ticketWithoutId = false;
  #hasTicket = false;
  #hasPsk = false;
  #isTold = false;
  /** Length of the encrypted heartbeat that came last from each side, not yet answered; and whether data came before. */
  readonly #beats: [number, number] = [0, 0];
  #hasData = false;

  constructor(conversation: TlsConversation, transport: Transport, listener: HelloListener | null = null) {
    this.conversation = conversation;
    this.transport = transport;
    this.#listener = listener;
  }

  /** Whether records of that side are encrypted. */
  isSealed(side: Side): boolean {
    return this.#isSealed[side];
  }

  note(side: Side, letter: string): void {
    if (this.history.length < historyLimit) this.history += side === 0 ? letter.toUpperCase() : letter;
  }

  /** The one taken for the server speaks as the client. */
  flipped(): void {
    this.conversation.swap();
    this.note(0, '^');
  }

  /** One whole handshake message: `at` to `end` is its body. */
  handshake(side: Side, type: number, b: Uint8Array, at: number, end: number): void {
    let letter = letters.get(type) ?? 'z';
    if (type === handshakeType.clientHello) this.#clientHello(b, at, end);
    else if (type === handshakeType.serverHello) letter = this.#serverHello(b, at, end);
    else if (type === handshakeType.certificate) this.#certificate(side, b, at, end);
    else if (type === handshakeType.serverKeyExchange) this.#serverKeyExchange(b, at, end);
    else if (type === handshakeType.clientKeyExchange) this.#hasKeyExchange = true;
    this.note(side, letter);
  }

  changeCipherSpec(side: Side): void {
    this.note(side, 'i');
    if (side === 0 && this.#ticketWithoutId && !this.#hasKeyExchange) this.resumed = true;
    // In TLS 1.3 it means nothing (RFC 8446 §D.4): the first application data shows encryption.
    if (isTls13(this.version)) return;
    if (this.version === -1 && this.client !== null && this.client.supportedVersions.length > 0) return;
    this.#isSealed[side] = true;
    if (side !== 1 || this.serverChain.length > 0 || this.server === null) return;
    const isSameId = this.server.sessionIdHex !== '' && this.server.sessionIdHex === this.#sessionIdHex;
    this.sessionResumed = isSameId || this.#hasTicket;
  }

  alert(side: Side, b: Uint8Array, at: number, end: number): void {
    if (end - at !== 2) return;
    this.note(side, 'l');
    this.lastAlert = alertName(b[at + 1]);
  }

  /** Either side says that it takes heartbeats (RFC 6520 §2): they may come as long as the connection lasts. */
  get mayBeat(): boolean {
    const has = (hello: ClientHello | ServerHello | null) => hello?.extensions.includes(extension.heartbeat) === true;
    return has(this.client) || has(this.server);
  }

  /** A heartbeat in clear. One that says it is longer than it is asks for what lies behind it in memory (CVE-2014-0160). */
  heartbeat(side: Side, b: Uint8Array, at: number, end: number): void {
    this.note(side, 'b');
    if (end - at < 3) return;
    const told = u16(b, at + 1);
    if (b[at] === beatRequest && told + beatLeast > end - at) {
      this.#beats[side] = end - at;
      this.conversation.weird('tls_heartbeat_overread', `${told} bytes asked for, ${end - at - 3} sent`);
    } else if (b[at] !== beatRequest && this.#beats[otherSide(side)] > 0) {
      this.conversation.weird('tls_heartbeat_leak', `${end - at} bytes answered`);
    }
  }

  #sealedHeartbeat(side: Side, length: number): void {
    const asked = this.#beats[otherSide(side)];
    if (asked > 0 && length > asked + beatSlack) {
      this.conversation.weird('tls_heartbeat_leak', `${length} bytes answered to ${asked}`);
      return;
    }
    this.#beats[side] = length;
    if (length < leastSealedBeat(cipherSuiteName(this.cipherSuite))) {
      this.conversation.weird('tls_heartbeat_short', `${length} bytes encrypted`);
    } else if (!this.#hasData) this.conversation.weird('tls_heartbeat_early', `${length} bytes encrypted`);
  }

  /** An encrypted record of that side, so many bytes long; 0 when that is not of interest. */
  sealed(side: Side, type: number, length = 0): void {
    if (type === contentType.heartbeat && length > 0) this.#sealedHeartbeat(side, length);
    if (type === contentType.applicationData) this.#hasData = true;
    if (type === contentType.applicationData && isTls13(this.version)) this.#isSealed[side] = true;
    if (this.#isSealed[0] && this.#isSealed[1]) this.established = true;
  }

  /** Tells of the connection, once. */
  tell(): void {
    if (this.#isTold || (this.client === null && this.version === -1 && this.lastAlert === '')) return;
    this.#isTold = true;
    const event: EventOf<typeof tlsFields> = sessionEvent(this);
    this.conversation.emit(event, this.firstUs > 0 ? { timeUs: this.firstUs } : {});
  }

  /** The application protocol that the server chose. */
  chosen(protocol: string): void {
    this.nextProtocol = protocol;
    if (this.client !== null) this.#name(this.client, protocol);
  }

  /** Certificates also come encrypted; whoever decrypts them brings them here. */
  chain(side: Side, chain: readonly SeenCertificate[]): void {
    if (side === 0) this.clientChain = chain;
    else this.serverChain = chain;
    for (let i = 0; i < chain.length; i++) {
      const event = x509Event(chain[i], i === 0, side === 0, this.conversation.timeUs);
      if (event !== null) this.conversation.emitAs(x509, event, { only: 'log', side });
    }
  }

  #clientHello(b: Uint8Array, at: number, end: number): void {
    const hello = readClientHello(b, at, end, this.transport === 'd');
    if (hello === null) {
      this.conversation.weird('tls_invalid_client_hello');
      return;
    }
    if (this.firstUs === 0) this.firstUs = this.conversation.timeUs;
    this.clientHelloRead(hello);
  }

  clientHelloRead(hello: ClientHello): void {
    this.client ??= hello;
    if (hello.sni !== null) this.conversation.serverName(hello.sni);
    this.#hasTicket = hello.ticketLength > 0;
    this.#hasPsk = hello.hasPsk;
    if (hello.ticketLength > 0) this.#ticketWithoutId = true;
    if (/[1-9a-f]/.test(hello.sessionIdHex)) {
      this.#sessionIdHex = hello.sessionIdHex;
      this.#ticketWithoutId = false;
    }
    this.#listener?.client(hello);
    this.#name(hello, '');
  }

  #serverHello(b: Uint8Array, at: number, end: number): string {
    const hello = readServerHello(b, at, end);
    if (hello === null) {
      this.conversation.weird('tls_invalid_server_hello');
      return 's';
    }
    if (this.firstUs === 0) this.firstUs = this.conversation.timeUs;
    this.version = hello.version;
    this.cipherSuite = hello.cipherSuite;
    if (hello.group >= 0) this.group = hello.group;
    if (hello.isRetry) {
      this.retry = hello;
      return 'j';
    }
    this.server = hello;
    if (hello.alpn !== null) this.nextProtocol = hello.alpn;
    if (this.#sessionIdHex !== '' && this.#sessionIdHex === hello.sessionIdHex && !isTls13(hello.version)) {
      this.resumed = true;
    }
    if (hello.hasPsk && this.#hasPsk) this.resumed = true;
    if (this.client !== null) this.conversation.confirm();
    this.#listener?.server(hello);
    if (this.client !== null) this.#name(this.client, this.nextProtocol);
    return 's';
  }

  /** DNS inside TLS: known by its port, or by the name of the server. */
  #name(hello: ClientHello, chosen: string): void {
    const { conversation } = this;
    if (this.transport !== 't') return;
    if (conversation.rPort === 853) conversation.rename('dot');
    else if (hello.sni !== null && isDohServer(hello.sni)) {
      if (chosen === '' ? hello.alpn.includes('h2') : chosen === 'h2') conversation.rename('doh');
    }
  }

  #certificate(side: Side, b: Uint8Array, at: number, end: number): void {
    this.chain(side, readChain(b, at, end, isTls13(this.version), this.conversation.crypto));
  }

  /** ServerECDHParams begin with type(1) and a named curve's number (RFC 8422 §5.4), after a hint when there is a PSK. */
  #serverKeyExchange(b: Uint8Array, at: number, end: number): void {
    const suite = cipherSuiteName(this.cipherSuite);
    if (!suite.includes('_ECDH')) return;
    let o = at;
    if (suite.includes('_PSK_') && o + 2 <= end) o += 2 + u16(b, o);
    if (o + 3 <= end && b[o] === 3) this.group = u16(b, o + 1);
  }

  /** DTLS may carry media keys for RTP (RFC 5764). */
  get hasSrtp(): boolean {
    return this.server?.extensions.includes(extension.useSrtp) ?? false;
  }
}

/** What a whole heartbeat takes at the least when encrypted: a message with its padding, tag or MAC, and filling. */
function leastSealedBeat(suite: string): number {
  if (suite.includes('_GCM') || suite.includes('_CCM')) return beatLeast + 16;
  if (suite.includes('CHACHA20')) return beatLeast + 16;
  return beatLeast + (suite.endsWith('_MD5') ? 16 : 20);
}
