// Proves that sizes are read as users type them and that nothing else passes.
import { expect, test } from 'vitest';
import { parseSize } from './sizes.ts';

test.each([
  ['100', 100],
  ['64k', 64_000],
  ['64KB', 64_000],
  ['64 MiB', 64 * 1024 * 1024],
  ['1GiB', 1024 ** 3],
  ['1.5g', 1_500_000_000],
  [' 2T ', 2e12],
  ['7b', 7],
  ['0', 0],
])('%s', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(['', 'k', '-1', '1x', '1kk', '1e6', 'constructor', '1,5k'])('%j is no size', (text) => {
  expect(parseSize(text)).toBeNull();
});
