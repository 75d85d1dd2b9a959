// Proves that a named host stays named for a minute, and that no more than a thousand are kept.

import { expect, it } from 'vitest';
import { NamedHosts } from './named-hosts.ts';

it('remembers who was named lately', () => {
  const named = new NamedHosts();
  named.add('a', 100);
  expect([named.has('a', 160), named.has('a', 161), named.has('b', 100)]).toEqual([true, false, false]);
  for (let n = 0; n < 1024; n++) named.add(String(n), 100);
  expect([named.has('a', 100), named.has('0', 100), named.has('1023', 100)]).toEqual([false, true, true]);
});
