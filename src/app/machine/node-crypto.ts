// Ciphers, digests and decompression for analysis, from node:crypto and node:zlib.

import { type CipherGCMTypes, createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { Aead, Crypto, Digest } from '../../core/index.ts';

const tagBytes: Readonly<Record<Aead, number>> = {
  'aes-128-gcm': 16,
  'aes-256-gcm': 16,
  'chacha20-poly1305': 16,
  'aes-128-ccm': 16,
  'aes-128-ccm-8': 8,
};

export const nodeCrypto: Crypto = {
  digestHex: (name, data) => createHash(name).update(data).digest('hex'),
  digest: (name, data) => createHash(name).update(data).digest(),
  hmac: (name: Digest, key, data) => createHmac(name, key).update(data).digest(),

  aesBlock(key, block) {
    const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null);
    cipher.setAutoPadding(false);
    return cipher.update(block);
  },

  chachaBlock: (key, iv) => createCipheriv('chacha20', key, iv).update(new Uint8Array(16)),

  open(name, key, nonce, aad, sealed) {
    const tagAt = sealed.length - tagBytes[name];
    if (tagAt < 0) return null;
    try {
      // The cast is for the overloads only: the options serve all of these ciphers.
      const cipher = name === 'aes-128-ccm-8' ? 'aes-128-ccm' : name;
      const decipher = createDecipheriv(cipher as CipherGCMTypes, key, nonce, { authTagLength: tagBytes[name] });
      decipher.setAuthTag(sealed.subarray(tagAt));
      decipher.setAAD(aad, { plaintextLength: tagAt } as never);
      const plain = decipher.update(sealed.subarray(0, tagAt));
      decipher.final();
      return plain;
    } catch {
      // A wrong key, a damaged packet, or one of another connection: the caller is told by null.
      return null;
    }
  },

  unpack(name, packed, limit) {
    if (name === 'br') return unpackBrotli(packed, limit);
    // More than the limit is refused whole by zlib: less is given to it, until what comes out fits.
    for (let size = packed.length; size > 0; size >>= 1) {
      try {
        return inflated(name, size === packed.length ? packed : packed.subarray(0, size), limit);
      } catch (error) {
        // Damaged: nothing is known of the contents.
        if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') break;
      }
    }
    return new Uint8Array(0);
  },
};

/**
 * Twenty bytes of Brotli fill its window of megabytes before the limit is looked at, some ten milliseconds. So many such
 * bombs may be tried; the more is unpacked that is none, the more.
 */
const bombLimit = 64;
let bombs = bombLimit;

function unpackBrotli(packed: Uint8Array, maxOutputLength: number): Uint8Array {
  bombs = Math.min(bombLimit, bombs + 1 / 64);
  if (bombs < 1) return new Uint8Array(0);
  try {
    return brotliDecompressSync(packed, { maxOutputLength, finishFlush: constants.BROTLI_OPERATION_FLUSH });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') bombs--;
    return new Uint8Array(0);
  }
}

function inflated(name: 'gzip' | 'deflate', packed: Uint8Array, maxOutputLength: number): Uint8Array {
  const finishFlush = constants.Z_SYNC_FLUSH;
  if (name === 'gzip') return gunzipSync(packed, { maxOutputLength, finishFlush });
  // Some servers leave out the header of zlib that `deflate` asks for (RFC 9110 §8.4.1.2).
  const hasHeader = (packed[0] & 15) === 8;
  return hasHeader
    ? inflateSync(packed, { maxOutputLength, finishFlush })
    : inflateRawSync(packed, { maxOutputLength, finishFlush });
}
