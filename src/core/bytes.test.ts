// Proves that text from the wire comes out as it came where it is UTF-8, escaped where it is not, never with control
// characters; and that base64 and hexadecimal are read and written as they should.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  base64Text,
  findByte,
  hasAscii,
  hasAsciiAnyCase,
  hexText,
  nextLine,
  u32,
  u64,
  u64le,
  wireText,
} from './bytes.ts';

const all = (bytes: Uint8Array): string => wireText(bytes, 0, bytes.length);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('text from the wire', () => {
  it('is itself where it is plain or well-formed UTF-8', () => {
    for (const text of ['', 'GET /index.html\t', 'Grüße aus Köln', '日本語', '🦊 \u{10ffff}'])
      expect(all(bytesOf(text))).toBe(text);
  });

  it.each([
    ['a control character', [0x61, 0x1b, 0x5b], 'a\\x1b['],
    ['DEL', [0x7f], '\\x7f'],
    ['C1 in UTF-8', [0xc2, 0x9b], '\\x9b'],
    ['ISO 8859-1', [0x67, 0xfc, 0x6e], 'g\\xfcn'],
    ['an overlong form', [0xc0, 0xaf], '\\xc0\\xaf'],
    ['an overlong form of three', [0xe0, 0x80, 0x80], '\\xe0\\x80\\x80'],
    ['a surrogate', [0xed, 0xa0, 0x80], '\\xed\\xa0\\x80'],
    ['beyond the last character', [0xf4, 0x90, 0x80, 0x80], '\\xf4\\x90\\x80\\x80'],
    ['a cut character', [0x61, 0xe2, 0x82], 'a\\xe2\\x82'],
  ])('escapes %s', (_what, bytes, expected) => {
    expect(all(Uint8Array.from(bytes))).toBe(expected);
  });

  it('agrees with the platform on what is UTF-8, and never shows a control character', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.string({ unit: 'binary' }).map(bytesOf)), (bytes) => {
        const text = all(bytes);
        expect(text).not.toMatch(/[\x00-\x08\x0a-\x1f\x7f-\x9f]/);
        let isValid = true;
        try {
          strict.decode(bytes);
        } catch {
          isValid = false;
        }
        if (!isValid) expect(text).toMatch(/\\x[89a-f][0-9a-f]/);
      }),
    );
  });
});

describe('base64', () => {
  it.each([
    ['dXNlcg==', 'user'],
    ['dXNlcg', 'user'],
    ['', ''],
    ['a', null],
    ['ab$d', null],
    ['=====', ''],
  ])('%j is %j', (text, expected) => {
    expect(base64Text(text)).toBe(expected);
  });
});

it('reads numbers, finds bytes and text', () => {
  const b = bytesOf('Host: a\r\nnext');
  expect([
    hasAscii(b, 0, b.length, 'Host'),
    hasAscii(b, 0, 3, 'Host'),
    hasAsciiAnyCase(b, 0, b.length, 'host'),
  ]).toEqual([true, false, true]);
  expect([nextLine(b, 0, b.length), nextLine(b, 9, b.length), findByte(b, 0, b.length, 0x3a)]).toEqual([9, -1, 4]);
  const n = Uint8Array.of(0xff, 0, 0, 1, 0, 0, 0, 2);
  expect([u32(n, 0), u64(n, 0), u64le(n, 0), hexText(n, 0, 4, ':')]).toEqual([
    0xff000001,
    0xff000001 * 4294967296 + 2,
    0x02000000 * 4294967296 + 0x010000ff,
    'ff:00:00:01',
  ]);
});
