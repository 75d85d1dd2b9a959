// Proves that files are identified alike each time and apart from each other, and which addresses are local.

import { expect, it } from 'vitest';
import type { Conversation } from '../protocol.ts';
import { fuidOf, isLocalSide } from './files.ts';

const between = (ipVersion: number, words: readonly number[]): Conversation =>
  ({ ipVersion, oPort: 1, rPort: 2, addressWords: () => words }) as unknown as Conversation;

it('identifies files', () => {
  const conversation = between(4, [0x0a000001, 0, 0, 0]);
  const seen = new Set<string>();
  for (let i = 0; i < 1000; i++) {
    seen.add(fuidOf(conversation, 0, 1e15 + i, 1));
    seen.add(fuidOf(conversation, 1, 1e15, i));
  }
  expect(seen.size).toBe(2000);
  expect(fuidOf(conversation, 0, 5, 1)).toBe(fuidOf(conversation, 0, 5, 1));
  expect(fuidOf(conversation, 0, 5, 1)).toMatch(/^F[0-9A-Za-z]{16}$/);
});

it.each([
  [4, [0x0a010203, 0, 0, 0], true],
  [4, [0xac100001 | 0, 0, 0, 0], true],
  [4, [0xac200001 | 0, 0, 0, 0], false],
  [4, [0xc0a80001 | 0, 0, 0, 0], true],
  [4, [0x64400001, 0, 0, 0], true],
  [4, [0x64800001, 0, 0, 0], false],
  [4, [0x08080808, 0, 0, 0], false],
  [6, [0, 0, 0, 1], true],
  [6, [0xfd000000 | 0, 0, 0, 1], true],
  [6, [0xfe800000 | 0, 0, 0, 1], true],
  [6, [0x20010db8, 0, 0, 1], false],
] as const)('IPv%s %j is local: %s', (version, words, isLocal) => {
  expect(isLocalSide(between(version, words), 0)).toBe(isLocal);
});
