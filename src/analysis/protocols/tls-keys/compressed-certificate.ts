// CompressedCertificate of TLS 1.3 (RFC 8879): what a Certificate message would be, packed.

import { type Crypto, u16, u24 } from '../../../core/index.ts';

/** Handshake message types. */
export const compressedCertificate = 25;
export const certificate = 11;

/** Longest chain that is unpacked, bytes. */
const chainLimit = 131_072;
const algorithms: Readonly<Record<number, 'deflate' | 'br'>> = { 1: 'deflate', 2: 'br' };

/**
 * `algorithm(2) length unpacked(3) length(3) packed`
 * @returns the body of the Certificate message; null when it cannot be had (zstd is not read)
 */
export function unpackCertificate(b: Uint8Array, at: number, end: number, crypto: Crypto): Uint8Array | null {
  if (end - at < 8) return null;
  const algorithm = algorithms[u16(b, at)];
  const length = u24(b, at + 2);
  if (algorithm === undefined || length > chainLimit || at + 8 + u24(b, at + 5) > end) return null;
  const body = crypto.unpack(algorithm, b.slice(at + 8, at + 8 + u24(b, at + 5)), length);
  return body.length === length ? body : null;
}
