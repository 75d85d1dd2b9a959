// Opening of TLS records: AEAD of TLS 1.2 (RFC 5288 §3, RFC 7905 §2) and TLS 1.3 (RFC 8446 §5.2, §7.3).

import type { Crypto } from '../../../core/index.ts';
import { expandLabel, hashBytes, nonceOf, prf } from './key-schedule.ts';
import type { Suite } from './suites.ts';

/** Keys of one direction. */
export interface RecordKeys {
  readonly suite: Suite;
  readonly key: Uint8Array;
  /** 12 bytes; of TLS 1.2 with GCM or CCM the first 4, the others come with each record. */
  readonly iv: Uint8Array;
  readonly isTls13: boolean;
}

const explicitBytes = 8;

/** @param secret traffic secret of one side */
export const keys13 = (crypto: Crypto, suite: Suite, secret: Uint8Array): RecordKeys => ({
  suite,
  key: expandLabel(crypto, suite.hash, secret, 'key', suite.keyBytes),
  iv: expandLabel(crypto, suite.hash, secret, 'iv', 12),
  isTls13: true,
});

/** The traffic secret after a KeyUpdate (RFC 8446 §7.2). */
export const updatedSecret = (crypto: Crypto, suite: Suite, secret: Uint8Array): Uint8Array =>
  expandLabel(crypto, suite.hash, secret, 'traffic upd', hashBytes[suite.hash]);

/**
 * Keys of both sides of TLS 1.2, the client's first: `key block = client key, server key, client iv, server iv`.
 * @param randoms the server's, then the client's
 */
export function keys12(
  crypto: Crypto,
  suite: Suite,
  master: Uint8Array,
  randoms: Uint8Array,
): readonly [RecordKeys, RecordKeys] {
  const { keyBytes } = suite;
  const ivBytes = suite.aead === 'chacha20-poly1305' ? 12 : 4;
  const block = prf(crypto, suite.hash, master, 'key expansion', randoms, 2 * keyBytes + 2 * ivBytes);
  const keysAt = (side: number): RecordKeys => ({
    suite,
    key: block.slice(side * keyBytes, (side + 1) * keyBytes),
    iv: block.slice(2 * keyBytes + side * ivBytes, 2 * keyBytes + (side + 1) * ivBytes),
    isTls13: false,
  });
  return [keysAt(0), keysAt(1)];
}

/** Contents of a record and their type. Reused. */
export class OpenedRecord {
  bytes: Uint8Array = new Uint8Array(0);
  end = 0;
  contentType = 0;
}

/**
 * Opens a record.
 * @param at begin of its fragment; the header of five bytes stands before it
 * @param sequence number of the record in its direction, since the keys are in force
 * @returns false when it cannot be opened so
 */
export function openRecord(
  crypto: Crypto,
  keys: RecordKeys,
  sequence: number,
  b: Uint8Array,
  at: number,
  end: number,
  out: OpenedRecord,
): boolean {
  return keys.isTls13
    ? open13(crypto, keys, sequence, b, at, end, out)
    : open12(crypto, keys, sequence, b, at, end, out);
}

function open13(
  crypto: Crypto,
  keys: RecordKeys,
  sequence: number,
  b: Uint8Array,
  at: number,
  end: number,
  out: OpenedRecord,
): boolean {
  const header = b.slice(at - 5, at);
  const plain = crypto.open(keys.suite.aead, keys.key, nonceOf(keys.iv, sequence), header, b.slice(at, end));
  if (plain === null) return false;
  // contents, type(1), any number of zero bytes
  let last = plain.length - 1;
  while (last >= 0 && plain[last] === 0) last--;
  if (last < 0) return false;
  out.bytes = plain;
  out.end = last;
  out.contentType = plain[last];
  return true;
}

function open12(
  crypto: Crypto,
  keys: RecordKeys,
  sequence: number,
  b: Uint8Array,
  at: number,
  end: number,
  out: OpenedRecord,
): boolean {
  const { aead } = keys.suite;
  const explicit = aead === 'chacha20-poly1305' ? 0 : explicitBytes;
  const tag = aead === 'aes-128-ccm-8' ? 8 : 16;
  const length = end - at - explicit - tag;
  if (length < 0) return false;
  let nonce: Uint8Array;
  if (explicit === 0) nonce = nonceOf(keys.iv, sequence);
  else {
    nonce = new Uint8Array(12);
    nonce.set(keys.iv);
    nonce.set(b.subarray(at, at + explicit), 4);
  }
  const plain = crypto.open(aead, keys.key, nonce, additional12(sequence, b, at, length), b.slice(at + explicit, end));
  if (plain === null) return false;
  out.bytes = plain;
  out.end = plain.length;
  out.contentType = b[at - 5];
  return true;
}

/** sequence(64) type(8) version(16) length of the contents(16) */
function additional12(sequence: number, b: Uint8Array, at: number, length: number): Uint8Array {
  const aad = new Uint8Array(13);
  const numbered = nonceOf(new Uint8Array(8), sequence);
  aad.set(numbered);
  aad.set(b.subarray(at - 5, at - 2), 8);
  aad[11] = length >> 8;
  aad[12] = length & 255;
  return aad;
}
