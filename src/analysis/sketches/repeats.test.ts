// Proves that a hash is counted within the time and forgotten behind it.

import { describe, expect, it } from 'vitest';
import { Repeats } from './repeats.ts';

describe('Repeats', () => {
  it('counts what comes again within the time since the first', () => {
    const repeats = new Repeats(8, 5000);
    expect([0, 1000, 5000].map((us) => repeats.see(42, { timeUs: us }))).toEqual([1, 2, 3]);
    expect(repeats.see(42, { timeUs: 5001 })).toBe(1);
    for (let i = 0; i < 300; i++) repeats.see(42, { timeUs: 5002 });
    expect(repeats.see(42, { timeUs: 5003 })).toBe(255);
  });

  it('tells hashes on one place apart, and takes a clock that goes back for a new beginning', () => {
    const repeats = new Repeats(8, 5000);
    expect([
      repeats.see(1, { timeUs: 0 }),
      repeats.see(9, { timeUs: 1 }),
      repeats.see(1, { timeUs: 2 }),
      repeats.see(1, { timeUs: 1 }),
    ]).toEqual([1, 1, 1, 1]);
    expect(() => new Repeats(9, 1)).toThrow(RangeError);
  });
});
