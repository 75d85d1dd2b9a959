// Proves that traffic over time stays right while pulses bring its latest columns: none lost, none doubled, never longer
// than it may be, and asked for again when some were missed.
import { describe, expect, test } from 'vitest';
import { families, type TrafficSeries } from '../../../core/index.ts';
import { ratePerSec } from '../../present/index.ts';
import { extendedSeries, seriesWithin } from './series.ts';

/** Every list says the same numbers, so that a list that is forgotten is seen. */
function series(startSec: number, values: readonly number[], stepSec = 1): TrafficSeries {
  return {
    startSec,
    stepSec,
    packets: values,
    bytes: values,
    inBytes: values,
    outBytes: values,
    families: families.map(() => values),
    newFlows: values,
    segments: values,
    repeated: values,
    // By bin, as families are by family.
    rtt: [values, values],
    responses: [values],
  };
}

describe('a series', () => {
  test('takes columns over its end and beyond', () => {
    expect(extendedSeries(series(100, [1, 2, 3]), series(102, [30, 4]))).toEqual(series(100, [1, 2, 30, 4]));
    expect(extendedSeries(series(100, [1, 2, 3]), series(103, [4]))).toEqual(series(100, [1, 2, 3, 4]));
  });

  test('does not guess what it missed', () => {
    expect(extendedSeries(series(100, [1, 2, 3]), series(104, [5]))).toBeNull();
    expect(extendedSeries(series(100, [1, 2, 3]), series(99, [5]))).toBeNull();
    expect(extendedSeries(series(100, [1, 2, 3]), series(103, [5], 2))).toBeNull();
  });

  test('lets its oldest columns go', () => {
    expect(extendedSeries(series(100, [1, 2, 3]), series(102, [3, 4, 5]), 3)).toEqual(series(102, [3, 4, 5]));
    expect(extendedSeries(series(100, [1, 2, 3]), series(103, [4]), 3)).toEqual(series(101, [2, 3, 4]));
  });

  test('is cut to a range by whole columns', () => {
    const whole = series(100, [1, 2, 3, 4], 10);
    expect(seriesWithin(whole, { fromUs: 115e6, toUs: 121e6 })).toEqual(series(110, [2, 3], 10));
    expect(seriesWithin(whole, { fromUs: 0, toUs: 1e12 })).toEqual(whole);
    expect(seriesWithin(whole, { fromUs: 200e6, toUs: 300e6 })).toBeNull();
  });

  test('tells a rate of whole seconds only', () => {
    expect(ratePerSec(series(0, [9, 1, 2, 3, 100]), ({ bytes }) => bytes)).toBe(2);
    expect(ratePerSec(series(0, [5]), ({ bytes }) => bytes)).toBeNull();
    expect(ratePerSec(null, ({ bytes }) => bytes)).toBeNull();
  });
});
