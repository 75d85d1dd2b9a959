// Percentiles over time from counted bins (`latencyBoundsUs`): where in a bin they lie is taken to be even on the scale of
// the bounds, which grow by factors.

import { latencyBins, latencyBoundsUs } from '../../../../core/index.ts';
import type { TimeAxis } from '../columns.ts';

/** The first bin begins somewhere; half of its bound keeps the scale of factors. */
const lowestUs = latencyBoundsUs[0] / 2;
const highestUs = latencyBoundsUs[latencyBoundsUs.length - 1];

export function binFromUs(bin: number): number {
  return bin === 0 ? 0 : latencyBoundsUs[bin - 1];
}

/** Microseconds below which the share `part` (0 to 1) lies; null where nothing was counted. The open last bin gives its lower bound. */
export function percentileUs(bins: readonly number[], part: number): number | null {
  const total = bins.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const wanted = part * total;
  let below = 0;
  for (let bin = 0; bin < bins.length; bin++) {
    const count = bins[bin];
    if (count > 0 && below + count >= wanted) {
      if (bin >= latencyBoundsUs.length) return highestUs;
      const from = bin === 0 ? lowestUs : latencyBoundsUs[bin - 1];
      return from * (latencyBoundsUs[bin] / from) ** ((wanted - below) / count);
    }
    below += count;
  }
  return highestUs;
}

export interface BinColumns extends TimeAxis {
  /** By column, then by bin. */
  readonly bins: readonly (readonly number[])[];
}

/** Counts by bin, then by column, as series have them; turned to columns of bins. An empty list: nothing was counted. */
export function columnsOfBins(byBin: readonly (readonly number[])[], count: number): number[][] {
  return Array.from({ length: count }, (_, column) => byBin.map((bin) => bin[column] ?? 0));
}

/** Bins of neighbouring columns added up so that at most `most` columns remain. */
export function joinedColumns({ startSec, stepSec, bins }: BinColumns, most: number): BinColumns {
  const by = Math.max(1, Math.ceil(bins.length / most));
  const joined: number[][] = [];
  for (let from = 0; from < bins.length; from += by) {
    const sum = new Array<number>(latencyBins).fill(0);
    for (const column of bins.slice(from, from + by))
      column.forEach((count, bin) => {
        sum[bin] += count;
      });
    joined.push(sum);
  }
  return { startSec, stepSec: stepSec * by, bins: joined };
}

/** Percentiles of each column, seconds; a gap where nothing was counted. */
export function percentileLine(bins: readonly (readonly number[])[], part: number): (number | null)[] {
  return bins.map((column) => {
    const us = percentileUs(column, part);
    return us === null ? null : us / 1e6;
  });
}

/** The bins of all columns together. */
export function allBins(bins: readonly (readonly number[])[]): number[] {
  return joinedColumns({ startSec: 0, stepSec: 1, bins }, 1).bins[0]?.slice() ?? new Array<number>(latencyBins).fill(0);
}
