// Proves that Node's way to text gives what the portable one gives, for any bytes and place.

import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { latin1, lendLatin1 } from '../../core/index.ts';
import { useFastText } from './fast-text.ts';

const slow = (b: Uint8Array, o: number, end: number): string => {
  let out = '';
  for (let i = o; i < end; i++) out += String.fromCharCode(b[i]);
  return out;
};
afterAll(() => lendLatin1(slow));

it.each([
  ['portable', () => {}],
  ['of Node', useFastText],
])('%s text is one character a byte', (_name, use) => {
  use();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(60), fc.nat(60), (bytes, a, b) => {
      const from = Math.min(a, b, bytes.length);
      const to = Math.min(Math.max(a, b), bytes.length);
      expect(latin1(bytes, from, to)).toBe(slow(bytes, from, to));
    }),
  );
});
