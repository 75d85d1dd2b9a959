// Packet protection of QUIC: keys, header protection, opening of a packet (RFC 9001 §5, RFC 9369 §3.3).

import type { Aead, Crypto } from '../../../../core/index.ts';
import { expandLabel, extract, hashBytes, nonceOf } from '../../tls-keys/key-schedule.ts';
import type { Suite } from '../../tls-keys/suites.ts';
import type { Version } from './versions.ts';

/** Keys of one direction and level. */
export interface PacketKeys {
  readonly aead: Aead;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  /** Header protection. Stays when keys are updated. */
  readonly headerKey: Uint8Array;
}

export interface InitialKeys {
  readonly client: PacketKeys;
  readonly server: PacketKeys;
}

const initialSuite: Suite = { aead: 'aes-128-gcm', hash: 'sha256', keyBytes: 16 };

/** Keys of a connection's Initial packets, from the first destination connection id of the client. */
export function initialKeys(crypto: Crypto, version: Version, dcid: Uint8Array): InitialKeys | null {
  if (version.salt === null) return null;
  const secret = extract(crypto, 'sha256', version.salt, dcid);
  const client = expandLabel(crypto, 'sha256', secret, 'client in', 32);
  const server = expandLabel(crypto, 'sha256', secret, 'server in', 32);
  return {
    client: packetKeys(crypto, version, initialSuite, client),
    server: packetKeys(crypto, version, initialSuite, server),
  };
}

export function packetKeys(
  crypto: Crypto,
  version: Version,
  suite: Suite,
  secret: Uint8Array,
  headerKey?: Uint8Array,
): PacketKeys {
  const { hash, keyBytes } = suite;
  return {
    aead: suite.aead,
    key: expandLabel(crypto, hash, secret, `${version.label} key`, keyBytes),
    iv: expandLabel(crypto, hash, secret, `${version.label} iv`, 12),
    headerKey: headerKey ?? expandLabel(crypto, hash, secret, `${version.label} hp`, keyBytes),
  };
}

/** The secret after a key update (RFC 9001 §6.1). */
export const nextSecret = (crypto: Crypto, version: Version, suite: Suite, secret: Uint8Array): Uint8Array =>
  expandLabel(crypto, suite.hash, secret, `${version.label} ku`, hashBytes[suite.hash]);

/** An opened packet. Reused: `frames` is valid until the next one is opened. */
export class OpenedPacket {
  frames: Uint8Array = new Uint8Array(0);
  number = 0;
}

/** Bytes of the sample that header protection is computed of, and how far after the number's begin it is taken. */
const sampleBytes = 16;
const sampleAfter = 4;

function headerMask(crypto: Crypto, keys: PacketKeys, sample: Uint8Array): Uint8Array {
  return keys.aead === 'chacha20-poly1305'
    ? crypto.chachaBlock(keys.headerKey, sample)
    : crypto.aesBlock(keys.headerKey, sample);
}

/** The header with its protection taken off: first byte, then the rest up to the frames; null when there is no sample. */
export function unmaskedHeader(
  crypto: Crypto,
  keys: PacketKeys,
  b: Uint8Array,
  at: number,
  numberAt: number,
  packetEnd: number,
): Uint8Array | null {
  const sampleAt = numberAt + sampleAfter;
  if (sampleAt + sampleBytes > packetEnd) return null;
  const mask = headerMask(crypto, keys, b.slice(sampleAt, sampleAt + sampleBytes));
  const first = b[at] ^ (mask[0] & ((b[at] & 0x80) !== 0 ? 0x0f : 0x1f));
  const numberLength = (first & 3) + 1;
  const header = b.slice(at, numberAt + numberLength);
  header[0] = first;
  for (let i = 0; i < numberLength; i++) header[header.length - numberLength + i] ^= mask[1 + i];
  return header;
}

/**
 * Opens a packet.
 * @param header as {@link unmaskedHeader} gave it
 * @param largest number opened so far, -1 for none: the wire has the lower bits only (RFC 9000 §A.3)
 * @returns false when it cannot be opened with these keys
 */
export function openPacket(
  crypto: Crypto,
  keys: PacketKeys,
  header: Uint8Array,
  b: Uint8Array,
  framesAt: number,
  packetEnd: number,
  largest: number,
  out: OpenedPacket,
): boolean {
  const number = fullNumber(header, largest);
  const plain = crypto.open(keys.aead, keys.key, nonceOf(keys.iv, number), header, b.slice(framesAt, packetEnd));
  if (plain === null) return false;
  out.frames = plain;
  out.number = number;
  return true;
}

function fullNumber(header: Uint8Array, largest: number): number {
  const length = (header[0] & 3) + 1;
  let low = 0;
  for (let i = header.length - length; i < header.length; i++) low = low * 256 + header[i];
  const window = 2 ** (8 * length);
  const expected = largest + 1;
  const candidate = expected - (expected % window) + low;
  if (candidate <= expected - window / 2 && candidate < 2 ** 53 - window) return candidate + window;
  return candidate > expected + window / 2 && candidate >= window ? candidate - window : candidate;
}
