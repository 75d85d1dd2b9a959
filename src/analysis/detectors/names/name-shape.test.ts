// Proves that names made by people and names drawn by lot are told apart, whatever they consist of.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chosenLabel, entropy, oddness, strangeness, turns } from './name-shape.ts';

describe('shape of names', () => {
  it.each([
    'wikipedia',
    'googleusercontent',
    'stackoverflow',
    'deutschebahn',
    'bestbuy',
    'office365',
    'msftconnecttest',
  ])('people chose %s', (label) => expect(oddness(label)).toBe(0));

  it.each(['db54a845', '3439ur09dhiolh32ljha', 'fxvkjlqbwzrtpd', 'kq9zx2vb7trw'])('nobody chose %s', (label) =>
    expect(oddness(label)).toBeGreaterThan(0),
  );

  it('other scripts and short ones are not judged', () => {
    expect([oddness('xn--qxvzkjwq'), oddness('xqzj'), oddness('')]).toEqual([0, 0, 0]);
  });

  it('counts', () => {
    expect([turns('a1b22c'), turns('abc'), turns('1-a')]).toEqual([4, 0, 0]);
    expect([entropy(''), entropy('aaaa'), entropy('abcd')]).toEqual([0, 0, 2]);
    expect(strangeness('the')).toBeLessThan(strangeness('xqj'));
    expect([chosenLabel('example.co.uk'), chosenLabel('lan')]).toEqual(['example', 'lan']);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        expect(strangeness(text)).toBeGreaterThanOrEqual(0);
        expect(entropy(text)).toBeLessThanOrEqual(10);
        expect([0, 1, 2]).toContain(oddness(text));
      }),
    );
  });
});
