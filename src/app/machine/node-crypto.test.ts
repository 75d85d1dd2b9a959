// Proves that what analysis calls ciphers and digests are those of the standards, and that damaged input gives null, not a throw.
import { createCipheriv } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Aead } from '../../core/index.ts';
import { nodeCrypto } from './node-crypto.ts';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replace(/\s/g, ''), 'hex'));
const hex = (b: Uint8Array | null): string | null => (b === null ? null : Buffer.from(b).toString('hex'));

describe('digests', () => {
  it('are those of FIPS 180-4 and RFC 1321, of text and of bytes', () => {
    expect(nodeCrypto.digestHex('md5', 'abc')).toBe('900150983cd24fb0d6963f7d28e17f72');
    expect(nodeCrypto.digestHex('sha1', Buffer.from('abc'))).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
    expect(hex(nodeCrypto.digest('sha256', Buffer.from('abc')))).toMatch(/^ba7816bf8f01cfea.*f20015ad$/);
    expect(nodeCrypto.digest('sha384', new Uint8Array(0)).length).toBe(48);
    // RFC 4231, test case 2
    expect(hex(nodeCrypto.hmac('sha256', Buffer.from('Jefe'), Buffer.from('what do ya want for nothing?')))).toMatch(
      /^5bdcc146bf60754e.*64ec3843$/,
    );
  });
});

describe('header protection', () => {
  it('of AES is that of RFC 9001 A.2, 128 and 256 bits by the length of the key', () => {
    const mask = nodeCrypto.aesBlock(
      bytes('9f50449e04a0e810283a1e9933adedd2'),
      bytes('d1b1c98dd7689fb8ec11d242b123dc9b'),
    );
    expect(hex(mask)?.slice(0, 10)).toBe('437b9aec36');
    expect(mask.length).toBe(16);
    // FIPS 197, C.3
    const block = nodeCrypto.aesBlock(
      bytes('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'),
      bytes('00112233445566778899aabbccddeeff'),
    );
    expect(hex(block)).toBe('8ea2b7ca516745bfeafc49904b496089');
  });

  it('of ChaCha20 is that of RFC 9001 A.5', () => {
    const mask = nodeCrypto.chachaBlock(
      bytes('25a282b9e82f06f21f488917a4fc8f1b73573685608597d0efcb076b0ab7a7a4'),
      bytes('5e5cd55c41f69080575d7999c25a5bfb'),
    );
    expect(hex(mask)?.slice(0, 10)).toBe('aefefe7d03');
    expect(mask.length).toBe(16);
  });
});

const sizes: readonly (readonly [Aead, string, number, number])[] = [
  ['aes-128-gcm', 'aes-128-gcm', 16, 16],
  ['aes-256-gcm', 'aes-256-gcm', 32, 16],
  ['chacha20-poly1305', 'chacha20-poly1305', 32, 16],
  ['aes-128-ccm', 'aes-128-ccm', 16, 16],
  ['aes-128-ccm-8', 'aes-128-ccm', 16, 8],
];

function seal(name: string, key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array, tag: number) {
  // The cast is for the overloads only.
  const cipher = createCipheriv(name as 'aes-128-ccm', key, nonce, { authTagLength: tag });
  cipher.setAAD(aad, { plaintextLength: plain.length });
  return new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]));
}

describe.each(sizes)('%s', (name, openSsl, keyBytes, tagBytes) => {
  const key = new Uint8Array(keyBytes).fill(7);
  const nonce = new Uint8Array(12).fill(9);
  const aad = bytes('1703030020');
  const plain = new Uint8Array(Buffer.from('GET / HTTP/1.1'));

  it('opens what was sealed, and nothing when any byte is another', () => {
    for (const text of [plain, new Uint8Array(0)]) {
      const sealed = seal(openSsl, key, nonce, aad, text, tagBytes);
      expect(hex(nodeCrypto.open(name, key, nonce, aad, sealed))).toBe(hex(text));
      for (let i = 0; i < sealed.length; i++) {
        const damaged = sealed.slice();
        damaged[i] ^= 1;
        expect(nodeCrypto.open(name, key, nonce, aad, damaged)).toBeNull();
        expect(nodeCrypto.open(name, key, nonce, aad, sealed.subarray(0, i))).toBeNull();
      }
      expect(nodeCrypto.open(name, key, nonce, bytes('1703030021'), sealed)).toBeNull();
    }
  });

  it('gives null for a key, a nonce or contents that cannot be', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (any, sealed) => {
        expect(nodeCrypto.open(name, any, any, aad, sealed)).toBeNull();
      }),
      { numRuns: 50 },
    );
  });
});

describe('unpack', () => {
  const text = 'many words, '.repeat(200);
  const packed = Buffer.from(text);

  it('reads gzip, zlib, raw deflate and brotli', () => {
    for (const [name, data] of [
      ['gzip', gzipSync(packed)],
      ['deflate', deflateSync(packed)],
      ['deflate', deflateRawSync(packed)],
      ['br', brotliCompressSync(packed)],
    ] as const) {
      expect(Buffer.from(nodeCrypto.unpack(name, data, 10_000)).toString()).toBe(text);
    }
  });

  it('gives what can be had of cut input, and never more than the limit', () => {
    const cut = gzipSync(Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) & 255))).subarray(0, 400);
    expect(nodeCrypto.unpack('gzip', cut, 10_000).length).toBeGreaterThan(0);
    const words = Array.from({ length: 60_000 }, (_, i) => `word ${(i * 7919) % 1009}, `).join('');
    for (const limit of [10, 1000, 100_000]) {
      const much = nodeCrypto.unpack('gzip', gzipSync(Buffer.from(`0123456789abcdef${words}`)), limit);
      expect(much.length).toBeLessThanOrEqual(limit);
      if (limit >= 1000) expect(Buffer.from(much).toString()).toMatch(/^0123456789abcdef/);
    }
    expect(nodeCrypto.unpack('br', Buffer.from('no brotli at all'), 1000).length).toBeLessThanOrEqual(1000);
  });
});
