// The inside of a QUIC connection whose secrets are logged: handshake messages, and streams of what ALPN chose.

import { u24 } from '../../../../core/index.ts';
import type { Conversation, Side } from '../../protocol.ts';
import type { ClientHello } from '../../tls/client-hello.ts';
import type { ServerHello } from '../../tls/server-hello.ts';
import { handshakeType, type TlsSession } from '../../tls/session.ts';
import { readChain } from '../../tls/x509/chain.ts';
import { compressedCertificate, unpackCertificate } from '../../tls-keys/compressed-certificate.ts';
import { chosenAlpn } from '../../tls-keys/encrypted-extensions.ts';
import { ByteStream } from '../packets/byte-stream.ts';
import { type FrameTaker, readFrames } from '../packets/frames.ts';
import { OpenedPacket } from '../packets/packet-keys.ts';
import { packetKind, type Version } from '../packets/versions.ts';
import { DnsStreams } from './dns-streams.ts';
import { Http3 } from './http3.ts';
import { SessionKeys } from './session-keys.ts';

const handshakeLimits = { window: 131_072, pieces: 256 } as const;
const messageLimit = 65_536;

/** What is made of a connection's streams. */
export interface StreamTaker {
  stream(side: Side, id: number, offset: number, bytes: Uint8Array, at: number, end: number, isLast: boolean): void;
  end(): void;
}

const opened = new OpenedPacket();

export class Inside implements FrameTaker {
  readonly #conversation: Conversation;
  readonly #keys: SessionKeys;
  readonly #tls: TlsSession;
  /** What the client would like best stands until the server has chosen. */
  #alpn: string | null;
  #idLengths: readonly [number, number] = [-1, -1];
  readonly #handshake: readonly [ByteStream, ByteStream] = [
    new ByteStream(handshakeLimits),
    new ByteStream(handshakeLimits),
  ];
  #streams: StreamTaker | null = null;
  #hasStreams = true;
  #side: Side = 0;
  #isHandshake = false;

  constructor(conversation: Conversation, version: Version, hello: ClientHello, tls: TlsSession) {
    this.#conversation = conversation;
    this.#tls = tls;
    this.#keys = new SessionKeys(conversation, version, hello.randomHex);
    this.#alpn = hello.alpn[0] ?? null;
  }

  /** Nothing of it can or need be read any more. */
  get isHopeless(): boolean {
    return this.#keys.isHopeless || !this.#hasStreams;
  }

  /** @param idLengths of the connection ids in packets of the client, and of the server */
  serverHello(hello: ServerHello, version: Version, idLengths: readonly [number, number]): void {
    this.#keys.choose(hello.cipherSuite, version);
    this.#idLengths = idLengths;
  }

  /** A packet with a long header other than Initial. */
  long(kind: number, side: Side, b: Uint8Array, at: number, numberAt: number, packetEnd: number): void {
    const level = kind === packetKind.handshake ? 'handshake' : 'early';
    if (!this.#keys.open(level, side, b, at, numberAt, packetEnd, opened)) return;
    this.#side = side;
    this.#isHandshake = level === 'handshake';
    readFrames(opened.frames, this);
    if (this.#isHandshake) this.#readMessages(side);
  }

  /** A packet with a short header: it lasts to the datagram's end. */
  short(side: Side, b: Uint8Array, at: number, end: number): void {
    const idLength = this.#idLengths[side];
    if (idLength < 0 || !this.#hasStreams) return;
    if (!this.#keys.open('application', side, b, at, at + 1 + idLength, end, opened)) return;
    this.#side = side;
    this.#isHandshake = false;
    readFrames(opened.frames, this);
  }

  end(): void {
    this.#streams?.end();
    this.#streams = null;
  }

  crypto(offset: number, bytes: Uint8Array, at: number, end: number): void {
    if (this.#isHandshake) this.#handshake[this.#side].add(offset, bytes, at, end);
  }

  stream(id: number, offset: number, bytes: Uint8Array, at: number, end: number, isLast: boolean): void {
    this.#streams ??= this.#openStreams();
    this.#streams?.stream(this.#side, id, offset, bytes, at, end, isLast);
  }

  closed(): void {
    this.end();
    this.#hasStreams = false;
  }

  #openStreams(): StreamTaker | null {
    const alpn = this.#alpn ?? '';
    if (alpn === 'h3' || alpn.startsWith('h3-')) return new Http3(this.#conversation);
    if (alpn.startsWith('doq')) return new DnsStreams(this.#conversation, alpn);
    this.#hasStreams = false;
    return null;
  }

  #readMessages(side: Side): void {
    const stream = this.#handshake[side];
    while (stream.ready >= 4) {
      const b = stream.bytes;
      const end = 4 + u24(b, 1);
      if (end > messageLimit || stream.ready < end) return;
      this.#message(side, b[0], b, end);
      stream.take(end);
    }
  }

  #message(side: Side, type: number, b: Uint8Array, end: number): void {
    const { crypto } = this.#conversation;
    if (side === 1 && type === handshakeType.encryptedExtensions) {
      this.#alpn = chosenAlpn(b, 4, end) ?? this.#alpn;
      this.#tls.chosen(this.#alpn ?? '');
    } else if (type === handshakeType.certificate) this.#tls.chain(side, readChain(b, 4, end, true, crypto));
    else if (type === compressedCertificate) {
      const body = unpackCertificate(b, 4, end, crypto);
      if (body !== null) this.#tls.chain(side, readChain(body, 0, body.length, true, crypto));
    }
  }
}
