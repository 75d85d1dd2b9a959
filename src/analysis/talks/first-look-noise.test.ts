// Proves that noise is told from text and zeros, and that short payloads say nothing.

import { expect, it } from 'vitest';
import { noiseOf } from './first-look.ts';

/** Bytes of a small generator (Numerical Recipes), the same each time. */
function bytesOf(length: number): Uint8Array {
  let state = 12345;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

it('tells noise, text and zeros apart', () => {
  for (const length of [64, 128, 300, 1400]) expect(noiseOf(bytesOf(length), 0, length)).toBeGreaterThan(0.97);
  const text = new TextEncoder().encode(
    'The quick brown fox jumps over the lazy dog, and on it goes for some while. '.repeat(4),
  );
  expect(noiseOf(text, 0, text.length)).toBeLessThan(0.8);
  expect(noiseOf(new Uint8Array(500), 0, 500)).toBe(0);
  expect(noiseOf(bytesOf(63), 0, 63)).toBe(0);
});
