// SHA-1 of one block (FIPS 180-4 §6.1), for messages of at most 55 bytes: all that Community ID needs. Not for secrets.

/** Words of the message schedule: the block's 16 words in front, 64 that the hash fills in. */
export const scheduleWords = 80;

/**
 * Hashes one padded block.
 *
 *      word 0 ┌─────────┬──────┬───────────────┬─────────────────┐ word 15
 *             │ message │ 0x80 │ zero bytes …  │ length in bits  │
 *             └─────────┴──────┴───────────────┴─────────────────┘
 *
 * @param w {@link scheduleWords} words, the first 16 holding the padded block in network order; overwritten from word 16.
 * @param digest takes the five words of the hash.
 */
export function sha1Block(w: Int32Array, digest: Int32Array): void {
  for (let i = 16; i < 80; i++) {
    const x = w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16];
    w[i] = (x << 1) | (x >>> 31);
  }
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  let e = 0xc3d2e1f0 | 0;
  let t = 0;
  // Four stages of 20 rounds: choose, parity, majority, parity.
  for (let i = 0; i < 20; i++) {
    t = (((a << 5) | (a >>> 27)) + (d ^ (b & (c ^ d))) + e + 0x5a827999 + w[i]) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = t;
  }
  for (let i = 20; i < 40; i++) {
    t = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 0x6ed9eba1 + w[i]) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = t;
  }
  for (let i = 40; i < 60; i++) {
    t = (((a << 5) | (a >>> 27)) + ((b & c) | (d & (b | c))) + e + 0x8f1bbcdc + w[i]) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = t;
  }
  for (let i = 60; i < 80; i++) {
    t = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 0xca62c1d6 + w[i]) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = t;
  }
  digest[0] = (a + 0x67452301) | 0;
  digest[1] = (b + 0xefcdab89) | 0;
  digest[2] = (c + 0x98badcfe) | 0;
  digest[3] = (d + 0x10325476) | 0;
  digest[4] = (e + 0xc3d2e1f0) | 0;
}
