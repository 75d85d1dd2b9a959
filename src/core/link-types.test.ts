// Proves that link types carry the names under which capture files and other tools know them.
import { expect, test } from 'vitest';
import { linkType, linkTypeName } from './link-types.ts';

test('names', () => {
  expect(linkTypeName(1)).toBe('EN10MB');
  expect(linkTypeName(276)).toBe('LINUX_SLL2');
  expect(linkTypeName(127)).toBe('IEEE802_11_RADIOTAP');
  expect(linkTypeName(9999)).toBe('LINKTYPE_9999');
  expect(linkTypeName(-1)).toBe('LINKTYPE_-1');
});

test('every type that is decoded has a name', () => {
  for (const number of Object.values(linkType)) expect(linkTypeName(number)).not.toMatch(/^LINKTYPE_/);
});
