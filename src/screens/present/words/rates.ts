// How fast it goes now: the same few seconds on every screen.

import type { TrafficSeries } from '../../../core/index.ts';

/** The mean of the latest columns but the one that is still filling, by second; null: there is none. */
export function ratePerSec(
  series: TrafficSeries | null,
  values: (series: TrafficSeries) => readonly number[],
  seconds = 3,
): number | null {
  if (series === null || series.packets.length < 2) return null;
  const columns = Math.max(1, Math.round(seconds / series.stepSec));
  const taken = values(series).slice(-1 - columns, -1);
  return taken.reduce((sum, each) => sum + each, 0) / (taken.length * series.stepSec);
}
