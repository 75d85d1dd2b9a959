// Keys of a QUIC connection from a key log: 0-RTT, Handshake and 1-RTT packets (RFC 9001 §5), key updates followed (§6).

import type { Conversation, Side } from '../../protocol.ts';
import { type Suite, suiteOf } from '../../tls-keys/suites.ts';
import {
  nextSecret,
  type OpenedPacket,
  openPacket,
  type PacketKeys,
  packetKeys,
  unmaskedHeader,
} from '../packets/packet-keys.ts';
import type { Version } from '../packets/versions.ts';

export type Level = 'early' | 'handshake' | 'application';

const labels: Readonly<Record<Level, readonly [string, string]>> = {
  early: ['CLIENT_EARLY_TRAFFIC_SECRET', ''],
  handshake: ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_HANDSHAKE_TRAFFIC_SECRET'],
  application: ['CLIENT_TRAFFIC_SECRET_0', 'SERVER_TRAFFIC_SECRET_0'],
};

/** Packets that no key opens, after which the keys are taken for those of something else. */
const failureLimit = 16;

interface Direction {
  readonly suite: Suite;
  secret: Uint8Array;
  keys: PacketKeys;
  /** Bit of the short header that changes with each key update. */
  phase: number;
  largest: number;
}

export class SessionKeys {
  readonly #conversation: Conversation;
  #version: Version;
  readonly #random: string;
  /** Of ServerHello; 0-RTT comes before it. */
  #suite: Suite | null = null;
  readonly #directions = new Map<string, Direction | null>();
  #failed = 0;
  #opened = 0;
  #hasToldMissing = false;

  constructor(conversation: Conversation, version: Version, clientRandomHex: string) {
    this.#conversation = conversation;
    this.#version = version;
    this.#random = clientRandomHex;
  }

  /** What the server chose. It may go on with another version than the client's (RFC 9368). */
  choose(cipherSuite: number, version: Version): void {
    this.#suite = suiteOf(cipherSuite);
    this.#version = version;
  }

  /** Keys are there but fit nothing, or there are none: no packet will be opened. */
  get isHopeless(): boolean {
    return this.#hasToldMissing || (this.#opened === 0 && this.#failed >= failureLimit);
  }

  /**
   * Opens a packet.
   * @param at first byte of the packet
   * @param numberAt where its packet number begins
   */
  open(
    level: Level,
    side: Side,
    b: Uint8Array,
    at: number,
    numberAt: number,
    packetEnd: number,
    out: OpenedPacket,
  ): boolean {
    if (this.isHopeless) return false;
    const direction = this.#direction(level, side);
    if (direction === null) return false;
    const { crypto } = this.#conversation;
    const header = unmaskedHeader(crypto, direction.keys, b, at, numberAt, packetEnd);
    if (header === null) return false;
    const framesAt = at + header.length;
    const phase = (header[0] & 0x80) !== 0 ? direction.phase : header[0] & 4;
    const updated = phase === direction.phase ? null : this.#updated(direction);
    const keys = updated?.keys ?? direction.keys;
    if (!openPacket(crypto, keys, header, b, framesAt, packetEnd, direction.largest, out)) {
      // Before ServerHello the suite of 0-RTT is a guess.
      if (level !== 'early') this.#fail();
      return false;
    }
    this.#opened++;
    direction.largest = Math.max(direction.largest, out.number);
    if (updated !== null) {
      direction.keys = updated.keys;
      direction.secret = updated.secret;
      direction.phase = phase;
    }
    return true;
  }

  #fail(): void {
    if (++this.#failed !== failureLimit || this.#opened > 0) return;
    this.#conversation.weird(
      'tls_keys_do_not_fit',
      `${failureLimit} QUIC packets could not be opened with the logged keys of this connection: they belong to another one, or are damaged`,
    );
  }

  #updated(direction: Direction): { keys: PacketKeys; secret: Uint8Array } {
    const { crypto } = this.#conversation;
    const secret = nextSecret(crypto, this.#version, direction.suite, direction.secret);
    return { secret, keys: packetKeys(crypto, this.#version, direction.suite, secret, direction.keys.headerKey) };
  }

  #direction(level: Level, side: Side): Direction | null {
    const name = labels[level][side];
    const there = this.#directions.get(name);
    if (there !== undefined) return there;
    const secret = name === '' ? null : this.#conversation.keys.secret(name, this.#random);
    const suite =
      this.#suite ?? (level === 'early' && secret !== null ? suiteOf(secret.length === 48 ? 0x1302 : 0x1301) : null);
    if (suite === null) return null;
    if (secret === null) {
      if (level !== 'early') this.#tellMissing();
      return null;
    }
    const keys = packetKeys(this.#conversation.crypto, this.#version, suite, secret);
    const direction: Direction = { suite, secret, keys, phase: 0, largest: -1 };
    this.#directions.set(name, direction);
    return direction;
  }

  #tellMissing(): void {
    if (this.#hasToldMissing) return;
    this.#hasToldMissing = true;
    this.#conversation.weird('tls_no_key', 'the key log has no secrets for this QUIC connection');
  }
}
