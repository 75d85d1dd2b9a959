// Reads a QUIC flow: takes datagrams apart, opens Initial packets and finds the hellos in them; counts what cannot be read.

import { latin1, u24 } from '../../../core/index.ts';
import type { Conversation, Side, Talk } from '../protocol.ts';
import { type ClientHello, readClientHello } from '../tls/client-hello.ts';
import { isDohServer } from '../tls/doh-servers.ts';
import { ja4Of } from '../tls/ja.ts';
import { readServerHello } from '../tls/server-hello.ts';
import { type TlsConversation, TlsSession } from '../tls/session.ts';
import { sessionEvent } from '../tls/session-event.ts';
import { tls } from '../tls/tls.ts';
import type { QuicFields } from './fields.ts';
import { chloEvent, clientEvent, serverEvent } from './hello-events.ts';
import { Inside } from './inside/inside.ts';
import { ByteStream } from './packets/byte-stream.ts';
import { type FrameTaker, readFrames } from './packets/frames.ts';
import {
  type Chlo,
  findChlo,
  GoogleHeader,
  readChlo,
  readGoogleFrames,
  readNibbleHeader,
  readPublicHeader,
} from './packets/google-frames.ts';
import { LongHeader, readLongHeader } from './packets/header.ts';
import {
  type InitialKeys,
  initialKeys,
  OpenedPacket,
  openPacket,
  type PacketKeys,
  unmaskedHeader,
} from './packets/packet-keys.ts';
import { packetKind, type Version } from './packets/versions.ts';
import { Row, rowLimit } from './row.ts';

/** Datagrams of a flow that are looked at without keys; its packets are counted that far. */
const datagramLimit = 256;
/** Packets of one datagram that are looked at: a handshake has one of each kind. */
const coalescedLimit = 16;
/** Initial packets for which new keys are tried in vain. */
const attemptLimit = 16;
/** Discarded packets that are told. */
const discardLimit = 100;
const helloLimits = { window: 65_536, pieces: 256 } as const;
/** Longest handshake message (as in Zeek: a record's content). */
const messageLimit = 16_640;

const header = new LongHeader();
const google = new GoogleHeader();
const opened = new OpenedPacket();

/** Name of a handshake message of TLS, by its type. */
const message = { clientHello: 1, serverHello: 2 } as const;

export class QuicTalk implements Talk, FrameTaker {
  readonly #conversation: Conversation<QuicFields>;
  #datagrams = 0;
  #attempts = 0;
  #discarded = 0;
  #rows = 0;
  #row: Row | null = null;
  /** Told as an event of its own. */
  #hasToldHello = false;
  #version: Version | null = null;
  /** First destination id of the client, as text; what Initial packets are protected with. */
  #dcid: Uint8Array | null = null;
  #dcidText = '';
  #serverId = '';
  #keys = new Map<Version, InitialKeys>();
  #largest: [number, number] = [-1, -1];
  #streams: [ByteStream, ByteStream] = [new ByteStream(helloLimits), new ByteStream(helloLimits)];
  #hasHello: [boolean, boolean] = [false, false];
  #hasRetried = false;
  /** The handshake, for Zeek's ssl.log. */
  #tls: TlsSession;
  #inside: Inside | null = null;
  /** Who sent the packet at hand. */
  #side: Side = 0;

  constructor(conversation: Conversation<QuicFields>) {
    this.#conversation = conversation;
    this.#tls = newSession(conversation);
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    this.#side = side;
    this.#datagrams++;
    let o = at;
    for (let packets = 0; o < end && packets < coalescedLimit; packets++) {
      const next = this.#packet(b, o, end);
      if (next <= o) break;
      o = next;
    }
    if (this.#datagrams >= datagramLimit && (this.#inside === null || this.#inside.isHopeless)) {
      this.end();
      this.#conversation.done();
    }
    return end - at;
  }

  end(): void {
    this.#inside?.end();
    this.#writeRow();
    this.#tellTls();
    if (this.#hasToldHello || this.#version === null) return;
    this.#hasToldHello = true;
    this.#conversation.emit({ version: this.#version.text, versionName: this.#version.name }, { only: 'eve' });
  }

  /** One packet; gives where the next one begins. */
  #packet(b: Uint8Array, at: number, end: number): number {
    const first = b[at];
    if ((first & 0x80) !== 0) return this.#long(b, at, end);
    if (this.#dcid === null && readPublicHeader(b, at, end, google)) {
      this.#clear(b, end);
      return end;
    }
    if ((first & 0x40) === 0) return this.#discard(end);
    this.#row?.history.short(this.#side);
    this.#inside?.short(this.#side, b, at, end);
    return end;
  }

  #long(b: Uint8Array, at: number, end: number): number {
    if (readNibbleHeader(b, at, end, google)) {
      this.#clear(b, end);
      return end;
    }
    if (!readLongHeader(b, at, end, header)) return end;
    if (header.versionNumber === 0) return end;
    if (header.version === null) return this.#unknown(b, end);
    // Once a connection is known its packets may come without the fixed bit (RFC 9287).
    if ((b[at] & 0x40) === 0 && this.#dcid === null) return this.#discard(end);
    this.#version = header.version;
    const { packetEnd, kind } = header;
    const row = this.#openRow(header.version.text, header.version.name);
    if (kind === packetKind.retry) {
      this.#retry(row, b);
      return end;
    }
    row?.ids(this.#side, b, header);
    row?.history.add(this.#side, kind === packetKind.initial ? 'I' : kind === packetKind.handshake ? 'H' : 'Z');
    // A packet that the snap length cut cannot be opened.
    if (packetEnd > end) return end;
    if (kind === packetKind.initial) this.#initial(b, at);
    else this.#inside?.long(kind, this.#side, b, at, header.numberAt, packetEnd);
    return packetEnd;
  }

  #discard(end: number): number {
    if (this.#dcid !== null && this.#discarded < discardLimit) {
      this.#discarded++;
      this.#row?.history.add(this.#side, 'X');
    }
    return end;
  }

  #unknown(b: Uint8Array, end: number): number {
    const row = this.#openRow(header.versionNumber.toString(16), `unknown-${header.versionNumber.toString(16)}`);
    row?.ids(this.#side, b, header);
    row?.history.add(this.#side, 'U');
    this.#writeRow();
    return end;
  }

  /** The server wants the client to prove its address: it begins anew, to an id of the server's choice. */
  #retry(row: Row | null, b: Uint8Array): void {
    if (this.#side !== 1 || this.#hasRetried || this.#streams[1].base > 0) return;
    row?.ids(1, b, header);
    row?.history.add(1, 'R');
    this.#writeRow();
    this.#restart();
    this.#hasRetried = true;
  }

  #restart(): void {
    this.#dcid = null;
    this.#dcidText = '';
    this.#serverId = '';
    this.#keys.clear();
    this.#largest = [-1, -1];
    this.#streams = [new ByteStream(helloLimits), new ByteStream(helloLimits)];
    this.#hasHello = [false, false];
    this.#inside?.end();
    this.#inside = null;
  }

  // --- Initial packets -------------------------------------------------------------------------------------------

  #initial(b: Uint8Array, at: number): void {
    const dcidText = latin1(b, header.dcidAt, header.dcidAt + header.dcidLength);
    if (this.#side === 1) this.#serverId = latin1(b, header.scidAt, header.scidAt + header.scidLength);
    if (this.#hasHello[this.#side]) {
      // What follows a hello are acknowledgements; only a client that begins anew is of interest.
      if (this.#side === 1 || dcidText === this.#dcidText || dcidText === this.#serverId) return;
    }
    if (!this.#open(b, at, dcidText)) return;
    this.#conversation.confirm();
    const { frames } = opened;
    if (header.version?.google === true) readGoogleFrames(frames, this);
    else readFrames(frames, this);
    this.#readHellos(this.#side);
  }

  #open(b: Uint8Array, at: number, dcidText: string): boolean {
    const version = header.version;
    if (version === null) return false;
    const keys = this.#dcid === null ? null : this.#keysOf(version, this.#dcid);
    if (
      keys !== null &&
      this.#openWith(this.#side === 0 ? keys.client : keys.server, b, at, this.#largest[this.#side])
    ) {
      this.#largest[this.#side] = Math.max(this.#largest[this.#side], opened.number);
      return true;
    }
    if ((keys !== null && this.#side === 1) || dcidText === this.#dcidText || this.#attempts >= attemptLimit)
      return false;
    this.#attempts++;
    const dcid = b.slice(header.dcidAt, header.dcidAt + header.dcidLength);
    const fresh = initialKeys(this.#conversation.crypto, version, dcid);
    if (fresh === null || !this.#openWith(fresh.client, b, at, -1)) return false;
    this.#begin(b, version, dcid, dcidText, fresh);
    return true;
  }

  /** A client's packet was opened with keys of its own: a connection begins. */
  #begin(b: Uint8Array, version: Version, dcid: Uint8Array, dcidText: string, keys: InitialKeys): void {
    if (this.#dcid !== null) {
      this.#tellTls();
      this.#restart();
    }
    if (this.#side === 1) {
      this.#conversation.swap();
      this.#side = 0;
      this.#row?.turn(b, header);
    }
    this.#dcid = dcid;
    this.#dcidText = dcidText;
    this.#keys.set(version, keys);
    this.#largest = [opened.number, -1];
  }

  #keysOf(version: Version, dcid: Uint8Array): InitialKeys | null {
    const there = this.#keys.get(version);
    if (there !== undefined) return there;
    const keys = initialKeys(this.#conversation.crypto, version, dcid);
    if (keys !== null) this.#keys.set(version, keys);
    return keys;
  }

  #openWith(keys: PacketKeys, b: Uint8Array, at: number, largest: number): boolean {
    const { crypto } = this.#conversation;
    const plain = unmaskedHeader(crypto, keys, b, at, header.numberAt, header.packetEnd);
    return plain !== null && openPacket(crypto, keys, plain, b, at + plain.length, header.packetEnd, largest, opened);
  }

  // --- frames of Initial packets ---------------------------------------------------------------------------------

  crypto(offset: number, bytes: Uint8Array, at: number, end: number): void {
    this.#streams[this.#side].add(offset, bytes, at, end);
  }

  stream(): void {
    // Not allowed in Initial packets (RFC 9000 §12.5).
  }

  closed(): void {
    this.#row?.history.add(this.#side, 'C');
    this.#writeRow();
  }

  #readHellos(side: Side): void {
    const stream = this.#streams[side];
    while (stream.ready >= 4 && !this.#hasHello[side]) {
      const b = stream.bytes;
      if (this.#version !== null && !this.#version.hasTls) {
        const chlo = readChlo(b, 0, stream.ready);
        this.#hasHello[side] = true;
        if (chlo !== null) this.#chlo(this.#version, chlo);
        return;
      }
      const end = 4 + u24(b, 1);
      if (end > messageLimit) {
        this.#hasHello[side] = true;
        this.#conversation.weird('quic_hello_too_long', `a handshake message of ${end} bytes`);
        return;
      }
      if (stream.ready < end) return;
      if (side === 0 && b[0] === message.clientHello) this.#clientHello(b, end);
      else if (side === 1 && b[0] === message.serverHello) this.#serverHello(b, end);
      stream.take(end);
    }
  }

  #clientHello(b: Uint8Array, end: number): void {
    const conversation = this.#conversation;
    const hello = readClientHello(b, 4, end);
    const version = this.#version;
    if (hello === null || version === null) return;
    this.#hasHello[0] = true;
    this.#tls.handshake(0, b[0], b, 4, end);
    const ja4 = ja4Of(hello, 'q', conversation.crypto);
    this.#row?.hello(hello, ja4);
    this.#row?.history.add(0, 'S');
    this.#hasToldHello = true;
    conversation.emit(clientEvent(version, hello, ja4, conversation.crypto), { only: 'eve' });
    this.#rename(hello);
    if (!conversation.keys.isEmpty) this.#inside = new Inside(conversation, version, hello, this.#tls);
  }

  #rename(hello: ClientHello): void {
    const alpn = hello.alpn[0] ?? '';
    if (alpn.startsWith('doq')) this.#conversation.rename('doq');
    else if (alpn.startsWith('h3') && hello.sni !== null && isDohServer(hello.sni)) this.#conversation.rename('doh');
  }

  #serverHello(b: Uint8Array, end: number): void {
    const { crypto } = this.#conversation;
    const hello = readServerHello(b, 4, end);
    const version = this.#version;
    if (hello === null || version === null) return;
    this.#tls.handshake(1, b[0], b, 4, end);
    this.#row?.history.add(1, 'S');
    this.#conversation.emit(serverEvent(version, hello, crypto), { only: 'eve', side: 1 });
    // A second ClientHello follows, in the same stream.
    if (hello.isRetry) {
      this.#hasHello[0] = false;
      return;
    }
    this.#hasHello[1] = true;
    if (this.#row !== null) this.#row.event.cipherSuite = hello.cipherSuite;
    this.#inside?.serverHello(hello, version, this.#idLengths());
  }

  #idLengths(): readonly [number, number] {
    // A packet to the client has the id that the client chose, and the other way round.
    return [header.scidLength, header.dcidLength];
  }

  // --- versions of Google with frames in the clear ---------------------------------------------------------------

  #clear(b: Uint8Array, end: number): void {
    const version = google.version;
    if (version === null) return;
    this.#version = version;
    const row = this.#openRow(version.text, version.name);
    if (this.#side !== 0 || this.#hasRetried) return;
    const chlo = findChlo(b, google.framesAt, end, version);
    if (chlo === null) return;
    this.#conversation.confirm();
    row?.history.add(0, 'I');
    this.#chlo(version, chlo);
  }

  #chlo(version: Version, chlo: Chlo): void {
    this.#hasToldHello = true;
    this.#conversation.emit(chloEvent(version, chlo, this.#conversation.crypto), { only: 'eve' });
    if (chlo.sni === null) return;
    this.#conversation.serverName(chlo.sni);
    if (this.#row !== null) this.#row.event.sni = chlo.sni;
  }

  // --- log -------------------------------------------------------------------------------------------------------

  #tellTls(): void {
    const session = this.#tls;
    if (session.client === null && session.server === null) return;
    this.#tls = newSession(this.#conversation);
    this.#conversation.emitAs(tls, sessionEvent(session), { only: 'log', timeUs: session.firstUs });
  }

  #openRow(version: string, name: string): Row | null {
    if (this.#row === null && this.#rows < rowLimit) {
      this.#rows++;
      this.#row = new Row(this.#conversation.timeUs, version, name);
    }
    return this.#row;
  }

  #writeRow(): void {
    this.#row?.write(this.#conversation);
    this.#row = null;
  }
}

/** What it tells goes through `emitAs`: the fields of the conversation are not asked for. */
const newSession = (conversation: Conversation<QuicFields>): TlsSession =>
  new TlsSession(conversation as unknown as TlsConversation, 'q');
