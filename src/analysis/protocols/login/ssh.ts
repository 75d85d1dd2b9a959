// SSH (RFC 4253; version 1 as in draft-ylonen-ssh-protocol-00): banners, algorithms, HASSH, host key, how the login went.

import {
  type EventOf,
  flag,
  hasAscii,
  hexText,
  latin1,
  nextLine,
  number,
  object,
  text,
  u32,
  wireText,
} from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  oneOf,
  otherSide,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';
import { addressDirection } from './address-direction.ts';
import { type Hassh, hasshOf, type KeyExchange, negotiate, readKeyExchange } from './ssh-key-exchange.ts';
import { LoginWatch } from './ssh-login.ts';

/** Characters of a banner (RFC 4253 §4.2 allows 255), and lines a server may say before it. */
const bannerChars = 255;
const lineLimit = 1024;
const greetingLines = 64;
/** Bytes of an unencrypted packet. RFC 4253 §6.1 asks for 35 000; a talk is shown up to 64 KiB. */
const packetBytes = 60_000;
/** Encrypted packets of the server after which a login that cannot be told is given up. */
const watchedPackets = 256;

interface Banner {
  proto_version?: string;
  software_version?: string;
  hassh?: Hassh;
}

const fields = {
  client: object<Banner>('Client', { eve: 'ssh.client' }),
  server: object<Banner>('Server', { eve: 'ssh.server' }),
  version: number('Version', { zeek: 'version' }),
  isLoggedIn: flag('Login succeeded', { zeek: 'auth_success' }),
  loginAttempts: number('Login attempts', { zeek: 'auth_attempts' }),
  direction: text('Direction', { zeek: 'direction' }),
  clientBanner: text('Banner of the client', { zeek: 'client', eve: false }),
  serverBanner: text('Banner of the server', { zeek: 'server', eve: false }),
  cipher: text('Cipher', { zeek: 'cipher_alg' }),
  mac: text('MAC', { zeek: 'mac_alg' }),
  compression: text('Compression', { zeek: 'compression_alg' }),
  keyExchange: text('Key exchange', { zeek: 'kex_alg' }),
  hostKeyAlgorithm: text('Host key algorithm', { zeek: 'host_key_alg' }),
  hostKey: text('Fingerprint of the host key', { zeek: 'host_key_fingerprint' }),
};

type SshEvent = EventOf<typeof fields>;

/** Message numbers (RFC 4253 §12, RFC 4419 §5). 31 is the group, not the reply, where the client asks for one. */
const msgKexInit = 20;
const msgNewKeys = 21;
const msgDhInit = 30;
const msgDhReply = 31;
const msgGroupReply = 33;
/** Messages of version 1. */
const msg1PublicKey = 2;
const msg1SessionKey = 3;

/** What one side has said. */
class End {
  banner: string | null = null;
  lists: KeyExchange | null = null;
  hassh: Hassh | undefined = undefined;
  isEncrypted = false;
  lines = 0;
}

class SshTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  #client = new End();
  #server = new End();
  readonly #login = new LoginWatch();
  #startUs = 0;
  #hostKey: string | undefined = undefined;
  #isGroupExchange: boolean | null = null;
  #isToldToEve = false;
  #hasGap = false;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    if (this.#startUs === 0) this.#startUs = this.#conversation.firstUs;
    let o = at;
    while (o < end) {
      const from = side === 0 ? this.#client : this.#server;
      if (from.isEncrypted || this.#hasGap) {
        this.#watch(side, end - o);
        return end - at;
      }
      const next = from.banner === null ? this.#readBanner(from, b, o, end) : this.#readPacket(side, b, o, end);
      if (next === notMine) return notMine;
      if (next === 0) break;
      o = next;
    }
    return o - at;
  }

  gap(): void {
    this.#hasGap = true;
    this.#login.settle();
    this.#login.isBlind = true;
  }

  end(): void {
    this.#login.settle();
    this.#tell();
  }

  /** Gives the position after the line, 0 when it is not whole yet. */
  #readBanner(from: End, b: Uint8Array, o: number, end: number): number {
    const next = nextLine(b, o, end);
    if (next < 0) return end - o > lineLimit ? notMine : 0;
    let stop = next - 1;
    if (stop > o && b[stop - 1] === 0x0d) stop--;
    if (!hasAscii(b, o, stop, 'SSH-')) return ++from.lines > greetingLines ? notMine : next;
    from.banner = wireText(b, o, Math.min(stop, o + bannerChars));
    if (this.#client.banner !== null && this.#server.banner !== null) this.#conversation.confirm();
    return next;
  }

  #readPacket(side: Side, b: Uint8Array, o: number, end: number): number {
    if (this.#version() === 1) return this.#readPacket1(side, b, o, end);
    if (end - o < 6) return 0;
    const length = u32(b, o);
    const padding = b[o + 4];
    if (length < padding + 2 || length > packetBytes) return this.#giveUp(end);
    if (length > end - o - 4) return 0;
    this.#message(side, b, o + 5, o + 4 + length - padding);
    return o + 4 + length;
  }

  /*
   *  Version 1:  | length 4 | padding 8 - length % 8 | type 1 | data | CRC 4 |     (length: type, data and CRC)
   */
  #readPacket1(side: Side, b: Uint8Array, o: number, end: number): number {
    if (end - o < 13) return 0;
    const length = u32(b, o);
    if (length < 5 || length > packetBytes) return this.#giveUp(end);
    const at = o + 4 + 8 - (length % 8);
    if (length > end - at) return 0;
    if (side === 1 && b[at] === msg1PublicKey) this.#readPublicKey1(b, at + 1, at + length - 4);
    if (side === 0 && b[at] === msg1SessionKey) {
      this.#client.isEncrypted = true;
      this.#server.isEncrypted = true;
      this.#tellEve();
    }
    return at + length;
  }

  #message(side: Side, b: Uint8Array, at: number, end: number): void {
    const type = b[at];
    // Who opens the key exchange is the client, whoever opened the connection.
    if ((type === msgDhInit && side === 1) || (type === msgDhReply && side === 0)) {
      this.#turnRound();
      side = otherSide(side);
    }
    const from = side === 0 ? this.#client : this.#server;
    if (type === msgKexInit) {
      this.#readLists(from, b, at, end);
    } else if (type === msgNewKeys) {
      from.isEncrypted = true;
      if (this.#client.isEncrypted && this.#server.isEncrypted) this.#tellEve();
    } else if (side === 1 && (type === msgDhReply || type === msgGroupReply)) {
      if (type === (this.#hasGroupExchange() ? msgGroupReply : msgDhReply)) this.#readHostKey(b, at + 1, end);
    }
  }

  #readLists(from: End, b: Uint8Array, at: number, end: number): void {
    if (from.lists !== null) return;
    from.lists = readKeyExchange(b, at, end);
    if (from.lists === null) this.#conversation.weird('ssh_malformed_kexinit');
  }

  #readHostKey(b: Uint8Array, at: number, end: number): void {
    if (end - at < 4) return;
    const length = u32(b, at);
    if (length === 0 || length > end - at - 4) return;
    const digest = this.#conversation.crypto.digest('sha256', b.slice(at + 4, at + 4 + length));
    // The text is cut as Zeek does: 192 bits of the digest.
    this.#hostKey = `SHA256:${btoa(latin1(digest, 0, 24))}`;
  }

  /** Of version 1 the fingerprint is the MD5 of modulus and exponent. The host key is the second of two. */
  #readPublicKey1(b: Uint8Array, at: number, end: number): void {
    let o = at + 8;
    const parts: Uint8Array[] = [];
    for (const skipped of [4, 0, 4, 0]) {
      o += skipped;
      if (o + 2 > end) return;
      const bytes = (((b[o] << 8) | b[o + 1]) + 7) >> 3;
      if (o + 2 + bytes > end) return;
      parts.push(b.slice(o + 2, o + 2 + bytes));
      o += 2 + bytes;
    }
    const [, , exponent, modulus] = parts;
    const both = new Uint8Array(modulus.length + exponent.length);
    both.set(modulus);
    both.set(exponent, modulus.length);
    const digest = this.#conversation.crypto.digest('md5', both);
    this.#hostKey = hexText(digest, 0, digest.length, ':');
  }

  #hasGroupExchange(): boolean {
    const { lists: client } = this.#client;
    const { lists: server } = this.#server;
    if (client === null || server === null) return false;
    // Lists may be long, and messages that ask for this many: they are compared once.
    this.#isGroupExchange ??= negotiate(client, server).kex.includes('group-exchange');
    return this.#isGroupExchange;
  }

  #turnRound(): void {
    this.#conversation.swap();
    [this.#client, this.#server] = [this.#server, this.#client];
    this.#isGroupExchange = null;
  }

  #watch(side: Side, bytes: number): void {
    const login = this.#login;
    const before = login.attempts;
    login.add(side, bytes, this.#conversation.packet);
    if (login.attempts > before) this.#tellStep();
    if (!login.isDecided && !this.#hasGap && login.serverPackets < watchedPackets && this.#version() === 2) return;
    // One way may still be in the open when the other is not.
    if (!this.#hasGap && !(this.#client.isEncrypted && this.#server.isEncrypted)) return;
    this.#tell();
    this.#conversation.done();
  }

  /** Nothing that is SSH follows: tells what is known. */
  #giveUp(end: number): number {
    this.#conversation.weird('ssh_invalid_packet_length');
    this.#tell();
    this.#conversation.done();
    return end;
  }

  /** 1 or 2; 0 when the sides do not fit, null when one has not spoken. */
  #version(): 0 | 1 | 2 | null {
    const client = majorOf(this.#client.banner);
    const server = majorOf(this.#server.banner);
    if (client === null || server === null) return null;
    if (client === 199) return server === 1 ? 1 : 2;
    if (server === 199) return client;
    return client === server ? client : 0;
  }

  #tellEve(): void {
    if (this.#isToldToEve) return;
    this.#isToldToEve = true;
    this.#conversation.emit(this.#event(), { only: 'eve' });
  }

  /** For who counts failed logins: the connection may go on for long. */
  #tellStep(): void {
    const event: SshEvent = {};
    this.#addLogin(event, this.#compression());
    if (event.isLoggedIn !== undefined) this.#conversation.emit(event, { only: 'step' });
  }

  #compression(): string | undefined {
    const { lists: client } = this.#client;
    const { lists: server } = this.#server;
    return client === null || server === null ? undefined : negotiate(client, server).compression;
  }

  #addLogin(event: SshEvent, compression: string | undefined): void {
    const login = this.#login;
    // With compression lengths say nothing.
    const isTelling = compression === undefined || compression === 'none';
    event.loginAttempts = isTelling ? login.attempts : 0;
    if (isTelling && login.isSuccess !== null) event.isLoggedIn = login.isSuccess;
  }

  #tell(): void {
    if (this.#client.banner === null && this.#server.banner === null) return;
    this.#tellEve();
    const event = this.#event();
    this.#addLogin(event, event.compression);
    this.#conversation.emit(event, { only: 'log', timeUs: this.#startUs });
  }

  #event(): SshEvent {
    const { crypto } = this.#conversation;
    const client = this.#client;
    const server = this.#server;
    const event: SshEvent = {};
    if (client.banner !== null) {
      event.client = sideOf(client.banner);
      event.clientBanner = client.banner;
      if (client.lists !== null) event.client.hassh = client.hassh ??= hasshOf(client.lists, false, crypto);
    }
    if (server.banner !== null) {
      event.server = sideOf(server.banner);
      event.serverBanner = server.banner;
      if (server.lists !== null) event.server.hassh = server.hassh ??= hasshOf(server.lists, true, crypto);
    }
    const version = this.#version();
    if (version !== null && version !== 0) event.version = version;
    const direction = addressDirection(this.#conversation);
    if (direction !== null) event.direction = direction;
    if (client.lists !== null && server.lists !== null) {
      const agreed = negotiate(client.lists, server.lists);
      event.keyExchange = agreed.kex;
      event.hostKeyAlgorithm = agreed.hostKey;
      event.cipher = agreed.cipher;
      event.mac = agreed.mac;
      event.compression = agreed.compression;
    }
    if (this.#hostKey !== undefined) event.hostKey = this.#hostKey;
    return event;
  }
}

/** 1, 2, or 199 for a side that speaks both. */
function majorOf(banner: string | null): 1 | 2 | 199 | null {
  if (banner === null) return null;
  if (banner.startsWith('SSH-1.99')) return 199;
  return banner.charCodeAt(4) === 0x31 ? 1 : 2;
}

/** `SSH-2.0-OpenSSH_9.6 comment`: version of the protocol, software. */
function sideOf(banner: string): Banner {
  const dash = banner.indexOf('-', 4);
  if (dash < 0) return { proto_version: banner.slice(4) };
  const space = banner.indexOf(' ', dash);
  return {
    proto_version: banner.slice(4, dash),
    software_version: banner.slice(dash + 1, space < 0 ? banner.length : space),
  };
}

export const ssh = defineProtocol({
  name: 'ssh',
  title: 'SSH',
  family: 'login',
  ports: { tcp: [22] },
  zeekLog: 'ssh',
  zeekService: 'ssh',
  fields,
  probe: startingWith(oneOf(0x53), (b, at, end) => {
    if (end - at < 6) return hasAscii(b, at, end, 'SSH-'.slice(0, Math.min(4, end - at))) ? probed.maybe : probed.no;
    const isBanner = hasAscii(b, at, end, 'SSH-') && (b[at + 4] === 0x31 || b[at + 4] === 0x32) && b[at + 5] === 0x2e;
    return isBanner ? probed.yes : probed.no;
  }),
  open: (conversation) => new SshTalk(conversation),
});
