// Proves that nothing that steers a terminal or turns the reading direction passes through `printable`.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable } from './text.ts';

test('ordinary text is left alone', () => {
  for (const text of ['', 'example.com', 'Zürich 東京 🙂', 'a b\u00a0c', '\\x1b']) expect(printable(text)).toBe(text);
});

test('control characters and direction marks become visible', () => {
  expect(printable('\u001b[31mred\u0007')).toBe('\\x1b[31mred\\x07');
  expect(printable('a\r\nb\tc')).toBe('a\\x0d\\x0ab\\x09c');
  expect(printable('\u009b2J')).toBe('\\x9b2J');
  expect(printable('exe.\u202egnp')).toBe('exe.\\u{202e}gnp');
  expect(printable('\u2066x\u2069\ufeff\u200b')).toBe('\\u{2066}x\\u{2069}\\u{feff}\\u{200b}');
  expect(printable('\u{e0041}')).toBe('\\u{e0041}');
});

test('lone surrogates become the replacement character', () => {
  expect(printable('a\ud800b')).toBe('a\ufffdb');
});

test('no input gives a character that could steer', () => {
  const hostile = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
      const shown = printable(text);
      expect(hostile.test(shown)).toBe(false);
      expect(printable(shown)).toBe(shown);
    }),
    { numRuns: 500 },
  );
});
