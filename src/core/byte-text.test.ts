// Proves that text written as bytes is the same as the text that the string functions give.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAddress, formatMac } from './addresses.ts';
import {
  asciiBytes,
  writeAddress,
  writeBytes,
  writeHexByte,
  writeInteger,
  writeMac,
  writePadded,
  writeTime,
  writeWord,
} from './byte-text.ts';
import { formatTime } from './times.ts';

/** What a function writes, checked to begin where it was told and to end where it says. */
function written(write: (out: Uint8Array, at: number) => number): string {
  const out = new Uint8Array(80).fill(0x2a);
  const end = write(out, 3);
  expect(out.subarray(0, 3).every((byte) => byte === 0x2a)).toBe(true);
  return String.fromCharCode(...out.subarray(3, end));
}

test.each([0, 9, 10, 99, 100, 999, 1000, 99999, 100000, 9999999, 1e7, 1e9, 2 ** 31 - 1, 2 ** 31, 4294967296, 1e15])(
  'the integer %d',
  (value) => {
    expect(written((out, at) => writeInteger(out, at, value))).toBe(String(value));
  },
);

test('any safe integer', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect(written((out, at) => writeInteger(out, at, value))).toBe(String(value));
    }),
    { numRuns: 1500 },
  );
});

test('what is no safe integer is still a number in the output', () => {
  for (const value of [Number.NaN, Infinity, -Infinity, 1e300, -1e300, 1.5, -0.5]) {
    expect(written((out, at) => writeInteger(out, at, value))).toMatch(/^-?\d{1,16}$/);
  }
});

test('padded and hexadecimal digits', () => {
  expect(written((out, at) => writePadded(out, at, 42, 6))).toBe('000042');
  expect(written((out, at) => writePadded(out, at, 7, 1))).toBe('7');
  expect(written((out, at) => writePadded(out, at, 123, 3))).toBe('123');
  expect(written((out, at) => writeHexByte(out, at, 0x1f))).toBe('1f');
});

const sparseWord = fc.oneof(fc.constant(0), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.nat(0xffff));

test('addresses', () => {
  fc.assert(
    fc.property(fc.constantFrom(4, 6), sparseWord, sparseWord, sparseWord, sparseWord, (version, a, b, c, d) => {
      expect(written((out, at) => writeAddress(out, at, version, a, b, c, d))).toBe(formatAddress(version, a, b, c, d));
    }),
    { numRuns: 1500 },
  );
  expect(written((out, at) => writeAddress(out, at, 6, 0, 0, 0xffff, 0x01020304))).toBe('::ffff:1.2.3.4');
  expect(written((out, at) => writeAddress(out, at, 6, 0, 0, 0, 0))).toBe('::');
});

test('MAC addresses', () => {
  const mac = Uint8Array.of(0xff, 0, 0x1a, 0x2b, 0x3c, 0x4d, 0x5e);
  expect(written((out, at) => writeMac(out, at, mac, 1))).toBe(formatMac(mac, 1));
});

test('times, in any order', () => {
  const anyTime = fc.oneof(
    fc.integer({ min: 0, max: 4_102_444_800_000_000 }),
    fc.integer({ min: -62_167_219_200_000_000, max: 0 }),
    fc.maxSafeInteger(),
    fc.constantFrom(0, -1, 86_400e6 - 1, 86_400e6, 1e18, 1e300, -1e18),
  );
  fc.assert(
    fc.property(anyTime, (timeUs) => {
      expect(written((out, at) => writeTime(out, at, timeUs))).toBe(formatTime(timeUs).slice(0, -1));
    }),
    { numRuns: 1500 },
  );
});

test('constant and other text', () => {
  expect(written((out, at) => writeBytes(out, at, asciiBytes('abc')))).toBe('abc');
  expect(written((out, at) => writeWord(out, at, 'ShA\u0007ü"\\^'))).toBe('ShA????^');
  const long = new Uint8Array(3000);
  expect(writeWord(long, 0, 'a'.repeat(2000))).toBe(1024);
  expect(() => asciiBytes('a\n')).toThrow('not printable ASCII');
});
