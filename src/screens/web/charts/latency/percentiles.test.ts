// Proves that percentiles of bins lie where the values did, as exactly as bins can tell.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { latencyBins, latencyBoundsUs } from '../../../../core/index.ts';
import { allBins, columnsOfBins, joinedColumns, percentileLine, percentileUs } from './percentiles.ts';

function binned(values: readonly number[]): number[] {
  const bins = new Array<number>(latencyBins).fill(0);
  for (const us of values) {
    const bin = latencyBoundsUs.findIndex((bound) => us < bound);
    bins[bin === -1 ? latencyBins - 1 : bin]++;
  }
  return bins;
}

test('the percentile lies in the bin of the value of that rank', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 50, max: 9_999_999 }), { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.5, 0.95, 0.99),
      (values, part) => {
        const exact = [...values].sort((a, b) => a - b)[Math.ceil(part * values.length) - 1];
        const bound = latencyBoundsUs.findIndex((each) => exact < each);
        const us = percentileUs(binned(values), part) as number;
        expect(us).toBeGreaterThanOrEqual(bound === 0 ? 50 : latencyBoundsUs[bound - 1]);
        expect(us).toBeLessThanOrEqual(latencyBoundsUs[bound] * 1.000001);
      },
    ),
  );
});

test('nothing counted is nothing known, and what is beyond all bounds is the last bound', () => {
  expect(percentileUs(new Array(latencyBins).fill(0), 0.5)).toBeNull();
  expect(percentileUs(binned([2e7]), 0.5)).toBe(1e7);
  expect(percentileLine([[], binned([150])], 1)).toEqual([null, 0.0002]);
});

test('series count by bin, charts look by column', () => {
  const byBin = binned([]).map((_, bin) => (bin === 1 ? [3, 0] : bin === 4 ? [0, 2] : [0, 0]));
  expect(columnsOfBins(byBin, 2)).toEqual([binned([150, 150, 150]), binned([1500, 1500])]);
  expect(columnsOfBins([], 2)).toEqual([[], []]);
});

test('columns that are joined keep what was counted', () => {
  const bins = [binned([120, 5000]), binned([120]), binned([3e6])];
  const joined = joinedColumns({ startSec: 10, stepSec: 1, bins }, 2);
  expect(joined.stepSec).toBe(2);
  expect(joined.bins).toEqual([binned([120, 5000, 120]), binned([3e6])]);
  expect(allBins(bins)).toEqual(binned([120, 5000, 120, 3e6]));
  expect(allBins([])).toEqual(binned([]));
});
