// Key derivation of TLS 1.3 and QUIC (HKDF, RFC 5869; HKDF-Expand-Label, RFC 8446 §7.1) and of TLS 1.2 (PRF, RFC 5246 §5).

import type { Crypto } from '../../../core/index.ts';

export type HashName = 'sha256' | 'sha384';

export const hashBytes: Readonly<Record<HashName, number>> = { sha256: 32, sha384: 48 };

/** HKDF-Extract. */
export const extract = (crypto: Crypto, hash: HashName, salt: Uint8Array, secret: Uint8Array): Uint8Array =>
  crypto.hmac(hash, salt, secret);

/**
 * HKDF-Expand-Label with an empty context.
 *
 * ```text
 * length(2) label length(1) "tls13 " label  context length(1) = 0
 * ```
 *
 * @param length at most 255 times the digest's; one to three digests are asked for here
 */
export function expandLabel(
  crypto: Crypto,
  hash: HashName,
  secret: Uint8Array,
  label: string,
  length: number,
): Uint8Array {
  const named = `tls13 ${label}`;
  const info = new Uint8Array(4 + named.length);
  info[0] = length >> 8;
  info[1] = length & 255;
  info[2] = named.length;
  for (let i = 0; i < named.length; i++) info[3 + i] = named.charCodeAt(i);
  const out = new Uint8Array(length);
  let block: Uint8Array = new Uint8Array(0);
  let at = 0;
  for (let count = 1; at < length; count++) {
    const input = new Uint8Array(block.length + info.length + 1);
    input.set(block);
    input.set(info, block.length);
    input[input.length - 1] = count;
    block = crypto.hmac(hash, secret, input);
    out.set(block.subarray(0, Math.min(block.length, length - at)), at);
    at += block.length;
  }
  return out;
}

/**
 * TLS 1.2's pseudo-random function: P_hash over label and seed.
 * @returns `length` bytes
 */
export function prf(
  crypto: Crypto,
  hash: HashName,
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  const labelled = new Uint8Array(label.length + seed.length);
  for (let i = 0; i < label.length; i++) labelled[i] = label.charCodeAt(i);
  labelled.set(seed, label.length);
  const out = new Uint8Array(length);
  let a = crypto.hmac(hash, secret, labelled);
  for (let at = 0; at < length; at += hashBytes[hash]) {
    const input = new Uint8Array(a.length + labelled.length);
    input.set(a);
    input.set(labelled, a.length);
    const block = crypto.hmac(hash, secret, input);
    out.set(block.subarray(0, Math.min(block.length, length - at)), at);
    a = crypto.hmac(hash, secret, a);
  }
  return out;
}

/** What is combined with the packet's or record's number gives its nonce (RFC 8446 §5.3); `number` is below 2^53. */
export function nonceOf(iv: Uint8Array, number: number): Uint8Array {
  const nonce = iv.slice();
  const high = Math.floor(number / 4294967296);
  const low = number >>> 0;
  const o = nonce.length - 8;
  nonce[o] ^= high >>> 24;
  nonce[o + 1] ^= (high >>> 16) & 255;
  nonce[o + 2] ^= (high >>> 8) & 255;
  nonce[o + 3] ^= high & 255;
  nonce[o + 4] ^= low >>> 24;
  nonce[o + 5] ^= (low >>> 16) & 255;
  nonce[o + 6] ^= (low >>> 8) & 255;
  nonce[o + 7] ^= low & 255;
  return nonce;
}

/** Bytes of hexadecimal digits. */
export function bytesOfHex(hex: string): Uint8Array {
  const out = new Uint8Array(hex.length >> 1);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return out;
}
