// Traffic by the second, kept up to date by the few columns that each pulse brings.

import { type TrafficSeries, trafficColumns } from '../../../core/index.ts';
import type { TimeRange } from '../../api/index.ts';

type Lists = Pick<TrafficSeries, 'packets' | 'bytes' | 'inBytes' | 'outBytes' | 'newFlows' | 'segments' | 'repeated'>;
const flat: readonly (keyof Lists)[] = ['packets', 'bytes', 'inBytes', 'outBytes', 'newFlows', 'segments', 'repeated'];

/** Counts by bin, each by column; an empty list stands for nothing counted. */
function joinedBins(
  series: TrafficSeries,
  latest: TrafficSeries,
  name: 'rtt' | 'responses',
  join: <T>(a: readonly T[], b: readonly T[]) => T[],
): number[][] {
  const bins = Math.max(series[name].length, latest[name].length);
  const of = (each: TrafficSeries, bin: number): readonly number[] =>
    each[name][bin] ?? new Array<number>(each.packets.length).fill(0);
  return Array.from({ length: bins }, (_, bin) => join(of(series, bin), of(latest, bin)));
}

/** Each list of a series through the same hand. */
function mapped(series: TrafficSeries, latest: TrafficSeries, join: <T>(a: readonly T[], b: readonly T[]) => T[]) {
  const lists = Object.fromEntries(flat.map((name) => [name, join(series[name], latest[name])])) as unknown as Lists;
  return {
    ...lists,
    families: series.families.map((values, i) => join(values, latest.families[i] ?? [])),
    rtt: joinedBins(series, latest, 'rtt', join),
    responses: joinedBins(series, latest, 'responses', join),
  };
}

/**
 * The series with the columns of `latest` laid over its end. Null where they do not meet: some were missed, or the
 * columns are not as wide, and the series has to be fetched again.
 */
export function extendedSeries(
  series: TrafficSeries,
  latest: TrafficSeries,
  mostColumns: number = trafficColumns.recent,
): TrafficSeries | null {
  if (series.stepSec !== latest.stepSec) return null;
  const at = (latest.startSec - series.startSec) / series.stepSec;
  if (!Number.isInteger(at) || at < 0 || at > series.packets.length) return null;
  const surplus = Math.max(0, at + latest.packets.length - mostColumns);
  const startSec = series.startSec + surplus * series.stepSec;
  const join = <T>(a: readonly T[], b: readonly T[]): T[] => [...a.slice(surplus, at), ...b];
  return { ...mapped(series, latest, join), startSec, stepSec: series.stepSec };
}

/** The columns that lie in a range, wholly or in part; null: none does. */
export function seriesWithin(series: TrafficSeries, { fromUs, toUs }: TimeRange): TrafficSeries | null {
  const { startSec, stepSec } = series;
  const from = Math.max(0, Math.floor((fromUs / 1e6 - startSec) / stepSec));
  const to = Math.min(series.packets.length, Math.ceil((toUs / 1e6 - startSec) / stepSec));
  if (to <= from) return null;
  const join = <T>(values: readonly T[]): T[] => values.slice(from, to);
  return { ...mapped(series, series, join), startSec: startSec + from * stepSec, stepSec };
}
