// Proves that the histogram keeps its promise of 1 %, knows its extremes exactly, and merges without loss.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram } from './histogram.ts';

function filled(values: readonly number[]): Histogram {
  const h = new Histogram();
  for (const v of values) h.record(v);
  return h;
}

/** The same definition of a quantile, over the values themselves. */
function exactQuantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = q * (sorted.length - 1);
  const low = sorted[Math.floor(rank)];
  return low + (sorted[Math.ceil(rank)] - low) * (rank - Math.floor(rank));
}

describe('histogram', () => {
  test('is empty at first', () => {
    const h = new Histogram();
    expect([h.count, h.min, h.max, h.quantile(0.5)]).toEqual([0, 0, 0, 0]);
  });

  test('gives a single value back from every quantile', () => {
    for (const v of [0, 1, 127, 128, 12_527, 2 ** 31, 2 ** 32 + 5, 2 ** 40 - 1]) {
      const h = filled([v]);
      for (const q of [0, 0.5, 0.95, 1]) expect(h.quantile(q)).toBe(v);
    }
  });

  test('interpolates between two values', () => {
    expect(filled([100_003, 300_007]).quantile(0.5)).toBe(200_005);
  });

  test('takes what is out of range as the nearest value', () => {
    const h = filled([-5, Number.NaN, 2 ** 45, 3.9]);
    expect([h.count, h.min, h.max]).toEqual([4, 0, 2 ** 40 - 1]);
    expect(filled([3.9]).quantile(0.5)).toBe(3);
  });

  test('is within 1 % of the exact quantile', () => {
    const value = fc.oneof(
      fc.integer({ min: 0, max: 300 }),
      fc.double({ min: 0, max: 39.99, noNaN: true }).map((x) => Math.floor(2 ** x)),
    );
    const values = fc.array(value, { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (vs, q) => {
        const want = exactQuantile(vs, q);
        expect(Math.abs(filled(vs).quantile(q) - want)).toBeLessThanOrEqual(want * 0.01 + 1e-9);
      }),
      { numRuns: 500 },
    );
  });

  test('counts after a merge what both have counted', () => {
    const values = fc.array(fc.integer({ min: 0, max: 2 ** 40 - 1 }), { maxLength: 50 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const h = filled(a);
        h.merge(filled(b));
        const both = filled([...a, ...b]);
        expect([h.count, h.min, h.max]).toEqual([both.count, both.min, both.max]);
        for (const q of [0, 0.1, 0.5, 0.95, 1]) expect(h.quantile(q)).toBe(both.quantile(q));
      }),
    );
  });

  test('forgets on clear', () => {
    const h = filled([5, 6]);
    h.clear();
    h.record(9);
    expect([h.count, h.min, h.max, h.quantile(0.5)]).toEqual([1, 9, 9, 9]);
  });
});
