// Proves medians, spreads and scores of small series, and that empty and equal ones divide by nothing.

import { expect, it } from 'vitest';
import { evenness, flatness, medianOf, spreadOf } from './statistics.ts';

const of = (...values: number[]): Float64Array => Float64Array.from(values);

it('a hit of each: an even series scores high, an uneven one low', () => {
  expect(medianOf(of(3, 1, 2), 3)).toBe(2);
  expect(medianOf(of(4, 1, 2, 3), 4)).toBe(2.5);
  expect(spreadOf(of(9, 10, 11), 3, 10)).toBeCloseTo(0.1);
  expect(evenness(of(10, 10, 10, 10), 4)).toBe(1);
  expect(evenness(of(1, 1, 2, 90), 4)).toBeLessThan(0.5);
  expect(flatness([5, 5, 5])).toBe(1);
  expect(flatness([15, 0, 0])).toBe(0);
});

it('a miss of each: nothing and zeros', () => {
  expect(medianOf(of(), 0)).toBe(0);
  expect(spreadOf(of(0, 0), 2, 0)).toBe(1);
  expect(evenness(of(), 0)).toBe(0);
  expect(flatness([])).toBe(0);
});
