// Proves that the one-block SHA-1 agrees with OpenSSL's for every message length it is made for.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scheduleWords, sha1Block } from './sha1.ts';

/** Pads as FIPS 180-4 §5.1.1 says and hashes. */
function sha1Hex(message: Uint8Array): string {
  const block = new DataView(new ArrayBuffer(64));
  message.forEach((byte, i) => {
    block.setUint8(i, byte);
  });
  block.setUint8(message.length, 0x80);
  block.setUint32(60, message.length * 8);
  const schedule = new Int32Array(scheduleWords);
  for (let i = 0; i < 16; i++) schedule[i] = block.getInt32(i * 4);
  const digest = new Int32Array(5);
  sha1Block(schedule, digest);
  return [...digest].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

test('the vectors of FIPS 180-4', () => {
  expect(sha1Hex(new TextEncoder().encode('abc'))).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
  expect(sha1Hex(new Uint8Array(0))).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709');
});

test('any message of up to 55 bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 55 }), (message) => {
      expect(sha1Hex(message)).toBe(createHash('sha1').update(message).digest('hex'));
    }),
    { numRuns: 2000 },
  );
});
