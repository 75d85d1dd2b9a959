// Proves that addresses are read as they are written, that what is none is refused, and that networks hold what they should.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInNetwork, parseAddress, parseNetwork } from './address-words.ts';
import { formatAddress } from './addresses.ts';

describe('addresses from text', () => {
  it('reads back what is written', () => {
    const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(fc.constantFrom(4, 6), word, word, word, word, (ipVersion, a, b, c, d) => {
        const words = ipVersion === 4 ? [a, 0, 0, 0] : [a, b, c, d];
        const text = formatAddress(ipVersion, words[0], words[1], words[2], words[3]);
        expect(parseAddress(text)).toEqual({ ipVersion, words });
      }),
    );
  });

  it.each(['', '1.2.3', '1.2.3.256', '01.2.3.4', '::1::', '1:2:3:4:5:6:7', 'fe80::1%eth0', 'x', '1:2:3:4:5:6:7:8::'])(
    'refuses %j',
    (text) => expect(parseAddress(text)).toBeNull(),
  );

  it('tells what lies in a network', () => {
    const net = parseNetwork('10.1.0.0/16');
    const six = parseNetwork('2001:db8::/33');
    const inside = (text: string, of = net): boolean => {
      const address = parseAddress(text);
      return address !== null && of !== null && isInNetwork(of, address.ipVersion, ...address.words);
    };
    expect([inside('10.1.255.255'), inside('10.2.0.0'), inside('::')]).toEqual([true, false, false]);
    expect([inside('2001:db8:7fff::1', six), inside('2001:db8:8000::', six)]).toEqual([true, false]);
    expect([parseNetwork('1.2.3.4/33'), parseNetwork('1.2.3.4/8/8'), parseNetwork('::/0')?.bits]).toEqual([
      null,
      null,
      0,
    ]);
  });
});
