// Proves that names are read as RFC 1035 has them, and that no pointer, length or damage makes reading long or unsafe.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../golden/converse.ts';
import { nameLimit, nameRead, readName, skipName } from './wire-name.ts';

/** Reads the name at `at` of a message that begins at 0. */
function read(b: Uint8Array, at = 0): string | null {
  return readName(b, at, b.length, 0) < 0 ? null : nameRead.text;
}

describe('a name', () => {
  it('is its labels with dots between them, the root nothing', () => {
    const b = bytesOf('03', "'www", '04', "'test", '00 ff');
    expect(read(b)).toBe('www.test');
    expect(readName(b, 0, b.length, 0)).toBe(10);
    expect(read(bytesOf('00'))).toBe('');
  });

  it('goes on where its pointer says, and ends behind the pointer', () => {
    const b = bytesOf('ff 04', "'test", '00 03', "'www", 'c0 01 aa');
    expect(read(b, 7)).toBe('www.test');
    expect(readName(b, 7, b.length, 0)).toBe(13);
    expect(skipName(b, 7, b.length)).toBe(13);
  });

  it('counts pointers from the beginning of the message', () => {
    const b = bytesOf('ee ee 04', "'test", '00 c0 00');
    expect(readName(b, 8, b.length, 2)).toBe(10);
    expect(nameRead.text).toBe('test');
  });

  it('shows bytes that are no text as numbers, and UTF-8 as it is', () => {
    expect(read(bytesOf('03', "'a", '07 0a 00'))).toBe('a\\x07\\x0a');
    expect(read(bytesOf('03 61 ff 62 00'))).toBe('a\\xffb');
    expect(read(bytesOf('02 c3 a4 00'))).toBe('ä');
  });

  it('is not there when pointers lead in a circle, forward out of the message, or a length is reserved', () => {
    expect(read(bytesOf('c0 00'))).toBeNull();
    expect(read(bytesOf('c0 02 c0 00'))).toBeNull();
    expect(read(bytesOf('c0 40 00'))).toBeNull();
    expect(read(bytesOf('41 61 00'))).toBeNull();
    expect(read(bytesOf('03 61 62'))).toBeNull();
  });

  it('is cut at its limit and says so; its end is still found', () => {
    const labels = new Uint8Array(64 * 20 + 2);
    for (let i = 0; i < 20; i++) labels.fill(0x61, i * 64 + 1, i * 64 + 64)[i * 64] = 63;
    labels[labels.length - 1] = 0xee;
    expect(readName(labels, 0, labels.length, 0)).toBe(64 * 20 + 1);
    expect(nameRead.isTruncated).toBe(true);
    expect(nameRead.text.length).toBe(nameLimit);
    expect(read(bytesOf('01 61 00'))).toBe('a');
    expect(nameRead.isTruncated).toBe(false);
  });

  it('is cut when a pointer repeats labels again and again', () => {
    const loop = new Uint8Array(70);
    loop[0] = 63;
    loop.fill(0x62, 1, 64);
    loop.set([0xc0, 0x00], 64);
    expect(readName(loop, 0, loop.length, 0)).toBe(66);
    expect(nameRead.isTruncated).toBe(true);
  });

  it('stands for itself though others are remembered', () => {
    for (let i = 0; i < 6000; i++) {
      const digits = String(i);
      const b = bytesOf(digits.length.toString(16).padStart(2, '0'), `'${digits}`, '00');
      expect(read(b)).toBe(digits);
    }
  });

  it('never ends outside of the bytes, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(79), (b, at) => {
        const end = readName(b, at, b.length, 0);
        expect(end === -1 || (end > at && end <= b.length)).toBe(true);
        expect(nameRead.text).not.toMatch(/[\x00-\x08\x0a-\x1f\x7f]/);
      }),
    );
  });
});
