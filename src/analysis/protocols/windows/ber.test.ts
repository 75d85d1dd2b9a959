// Proves that BER elements are read within what was given, and that numbers, times and text come out as they went in.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../golden/converse.ts';
import { berBits, berInteger, berText, berTimeUs, element, findElement, findInside, isWhole } from './ber.ts';
import { der } from './mutations.ts';
import { utf16Text } from './utf16.ts';

describe('element', () => {
  it('reads short and long lengths', () => {
    expect(element(bytesOf('04 02 61 62'), 0, 4)).toEqual({ tag: 4, at: 2, end: 4, next: 4 });
    expect(element(der(4, 'x'.repeat(300)), 0, 304)).toMatchObject({ at: 4, end: 304, next: 304 });
  });

  it('tells what is cut short', () => {
    const one = element(bytesOf('04 05 61 62'), 0, 4);
    expect(one).toEqual({ tag: 4, at: 2, end: 4, next: 7 });
    expect(one === null || isWhole(one)).toBe(false);
  });

  it('refuses long tags and lengths without an end', () => {
    expect(element(bytesOf('1f 81 01 00'), 0, 4)).toBeNull();
    expect(element(bytesOf('30 80 00 00'), 0, 4)).toBeNull();
    expect(element(bytesOf('30 85 01 01 01 01 01'), 0, 7)).toBeNull();
  });

  it('stays inside of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(64), (bytes, at) => {
        const one = element(bytes, Math.min(at, bytes.length), bytes.length);
        if (one === null) return;
        expect(one.at).toBeLessThanOrEqual(bytes.length);
        expect(one.end).toBeLessThanOrEqual(bytes.length);
        expect(one.next).toBeGreaterThan(at - 1);
        findElement(bytes, 0, bytes.length, 0x30);
        findInside(bytes, 0, bytes.length, 0xa0, 0x30);
      }),
    );
  });
});

describe('values', () => {
  const whole = (bytes: Uint8Array) => element(bytes, 0, bytes.length) ?? { tag: 0, at: 0, end: 0, next: 0 };

  it('reads signed numbers', () => {
    expect(berInteger(bytesOf('02 01 ff'), whole(bytesOf('02 01 ff')))).toBe(-1);
    expect(berInteger(bytesOf('02 03 01 00 01'), whole(bytesOf('02 03 01 00 01')))).toBe(65537);
    expect(berInteger(bytesOf('02 02 01'), whole(bytesOf('02 02 01')))).toBeNaN();
  });

  it('reads bits, the first the highest', () => {
    expect(berBits(bytesOf('03 05 00 40 80 00 10'), whole(bytesOf('03 05 00 40 80 00 10')))).toBe(0x4080_0010);
    expect(berBits(bytesOf('03 02 00 80'), whole(bytesOf('03 02 00 80')))).toBe(0x8000_0000);
  });

  it('reads times', () => {
    const time = der(0x18, '20150119230820Z');
    expect(berTimeUs(time, whole(time))).toBe(Date.UTC(2015, 0, 19, 23, 8, 20) * 1000);
    const none = der(0x18, 'next week, maybe');
    expect(berTimeUs(none, whole(none))).toBeNaN();
  });

  it('makes text safe', () => {
    const text = der(4, 'a\u001bb');
    expect(berText(text, whole(text))).toBe('a\\x1bb');
    expect(utf16Text(bytesOf('61 00 1b 00 00 d8 62 00 3d d8 00 de'), 0, 12)).toBe('a\\x1b\ufffdb\u{1f600}');
  });
});
