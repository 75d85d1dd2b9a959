// Proves that what was listed is found and nothing else is: by address, network, suffix and text, for hundred thousands.

import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../core/index.ts';
import { listed } from './golden/listed.ts';
import { guessIndicator, type Indicator } from './indicators.ts';
import { IntelLists } from './lists.ts';

const { lists } = listed(
  '192.0.2.7',
  '10.1.0.0/16',
  '10.1.2.0/24',
  '2001:db8:1::/48',
  '2001:db8:2::5',
  'evil.example',
  'a.b.evil.example',
  'https://bad.example/x?y=1',
  'd41d8cd98f00b204e9800998ecf8427e',
);

const addressIn = (text: string): string | null => {
  const parsed = parseAddress(text);
  if (parsed === null) throw new Error(text);
  const { ipVersion, words } = parsed;
  const bits = lists.addressBits(ipVersion, ...words);
  return bits < 0 ? null : lists.address(ipVersion, bits, ...words).indicator;
};

describe('threat lists', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.8', null],
    ['10.1.9.9', '10.1.0.0/16'],
    ['10.1.2.9', '10.1.2.0/24'],
    ['10.2.0.0', null],
    ['2001:db8:1:5::7', '2001:db8:1::/48'],
    ['2001:db8:2::5', '2001:db8:2::5'],
    ['2001:db8:3::', null],
  ])('address %s: %s', (text, entry) => expect(addressIn(text)).toBe(entry));

  it.each([
    ['evil.example', 'evil.example'],
    ['www.evil.example', 'evil.example'],
    ['x.a.b.evil.example', 'a.b.evil.example'],
    ['notevil.example', null],
    ['example', null],
    ['evil.example.org', null],
    ['', null],
  ])('name %s: %s', (name, entry) => expect(lists.domain(name)?.indicator ?? null).toBe(entry));

  it('finds texts of their kind only', () => {
    expect(lists.text('url', 'bad.example/x?y=1')?.list).toEqual({ name: 'bad.txt', confidence: 0.8 });
    expect(lists.text('hash', 'bad.example/x?y=1')).toBeNull();
    expect(lists.text('hash', 'd41d8cd98f00b204e9800998ecf8427e')).not.toBeNull();
    expect(lists.text('fingerprint', 'x')).toBeNull();
  });

  it('holds 300,000 addresses in 15 bytes each, and finds each', () => {
    const many = new IntelLists();
    const list = many.open({ name: 'many', confidence: 1 });
    const at = (i: number): number => Math.imul(i + 1, 0x9e3779b1);
    const text = (w: number): string => [w >>> 24, (w >>> 16) & 255, (w >>> 8) & 255, w & 255].join('.');
    for (let i = 0; i < 300_000; i++) many.add(guessIndicator(text(at(i))) as Indicator, list);
    many.close();
    expect(many.size).toBe(300_000);
    expect(many.bytes / many.size).toBeLessThan(15);
    for (let i = 0; i < 300_000; i += 97) expect(many.addressBits(4, at(i), 0, 0, 0)).toBe(32);
    for (let i = 400_000; i < 410_000; i++) expect(many.addressBits(4, at(i), 0, 0, 0)).toBe(-1);
  });
});
