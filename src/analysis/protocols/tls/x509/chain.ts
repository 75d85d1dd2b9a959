// Certificates as TLS sends them: a list, the one of the speaker first (RFC 5246 §7.4.2, RFC 8446 §4.4.2).

import { type Crypto, u16, u24, u32 } from '../../../../core/index.ts';
import { type Certificate, readCertificate } from './certificate.ts';

/** Certificates of one chain that are read, and bytes of one. */
const chainLimit = 16;
const certificateLimit = 65_536;
/** Certificates remembered, all of at most so many bytes. */
const rememberedLimit = 256;
const rememberedBytes = 8192;

export interface SeenCertificate {
  /** Lower-case hexadecimal digits. */
  readonly sha1: string;
  readonly sha256: string;
  /** Null when it cannot be read. */
  readonly certificate: Certificate | null;
}

interface Remembered {
  readonly bytes: Uint8Array;
  readonly seen: SeenCertificate;
}

/**
 * Servers send the same few chains over and over: reading and digesting one costs more than all the rest of a handshake.
 * Found by length and last bytes, which belong to the signature; compared whole.
 */
const remembered = new Map<number, Remembered>();

/**
 * Contents of a Certificate message.
 *
 * ```text
 * TLS 1.2: length(3), then per certificate: length(3) certificate
 * TLS 1.3: context<0..255>, length(3), then per certificate: length(3) certificate, extensions<0..2^16-1>
 * ```
 */
export function readChain(b: Uint8Array, at: number, end: number, isTls13: boolean, crypto: Crypto): SeenCertificate[] {
  const chain: SeenCertificate[] = [];
  let o = isTls13 && at < end ? at + 1 + b[at] : at;
  if (o + 3 > end) return chain;
  const stop = Math.min(end, o + 3 + u24(b, o));
  o += 3;
  while (o + 3 <= stop && chain.length < chainLimit) {
    const next = o + 3 + u24(b, o);
    if (next > stop || next === o + 3) break;
    if (next - o - 3 <= certificateLimit) chain.push(identify(b, o + 3, next, crypto));
    o = isTls13 && next + 2 <= stop ? next + 2 + u16(b, next) : next;
  }
  return chain;
}

/** Reads one certificate and takes its digests, or remembers it. */
export function identify(b: Uint8Array, at: number, end: number, crypto: Crypto): SeenCertificate {
  const length = end - at;
  const key = length < 8 ? length : (Math.imul(u32(b, end - 4), 31) ^ Math.imul(u32(b, end - 8), 17) ^ length) | 0;
  const known = remembered.get(key);
  if (known !== undefined && isSame(known.bytes, b, at, length)) return known.seen;
  const bytes = b.slice(at, end);
  const seen: SeenCertificate = {
    sha1: crypto.digestHex('sha1', bytes),
    sha256: crypto.digestHex('sha256', bytes),
    certificate: readCertificate(bytes, 0, length),
  };
  if (length > rememberedBytes) return seen;
  if (remembered.size >= rememberedLimit) remembered.clear();
  remembered.set(key, { bytes, seen });
  return seen;
}

function isSame(one: Uint8Array, b: Uint8Array, at: number, length: number): boolean {
  if (one.length !== length) return false;
  for (let i = 0; i < length; i++) if (one[i] !== b[at + i]) return false;
  return true;
}
