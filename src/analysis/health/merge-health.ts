// Health of one network out of that of several workers: each saw its share of the flows.

import type { HealthRow, HistogramData, NetworkHealth, Wait } from '../../core/index.ts';
import { waits } from '../../core/index.ts';
import { Histogram } from '../flows/histogram.ts';
import { rowsTold, slowFirst } from './health-book.ts';
import { slowestFirst, timesOf } from './way-table.ts';

function merged(parts: readonly (HistogramData | undefined)[]): Histogram {
  const sum = new Histogram();
  for (const part of parts) if (part !== undefined) sum.merge(Histogram.fromData(part));
  return sum;
}

function mergeRows(all: readonly HealthRow[]): HealthRow[] {
  const byName = new Map<string, HealthRow[]>();
  for (const row of all) byName.set(row.name, [...(byName.get(row.name) ?? []), row]);
  const rows = [...byName].map(([name, parts]) => ({
    name,
    flows: parts.reduce((sum, part) => sum + part.flows, 0),
    rttMs: timesOf(merged(parts.map((part) => part.rtt))),
    responseMs: timesOf(merged(parts.map((part) => part.response))),
    segments: parts.reduce((sum, part) => sum + part.segments, 0),
    repeated: parts.reduce((sum, part) => sum + part.repeated, 0),
  }));
  return slowestFirst(rows).slice(0, rowsTold);
}

/** Adds what workers measured; their reports hold histograms. */
export function mergeHealth(parts: readonly NetworkHealth[]): NetworkHealth | undefined {
  if (parts.length === 0) return undefined;
  const sum = (of: (part: NetworkHealth) => number): number => parts.reduce((total, part) => total + of(part), 0);
  return {
    flows: sum((part) => part.flows),
    rttMs: timesOf(merged(parts.map((part) => part.rtt))),
    responseMs: timesOf(merged(parts.map((part) => part.response))),
    segments: sum((part) => part.segments),
    repeated: sum((part) => part.repeated),
    waitedSec: Object.fromEntries(waits.map((name) => [name, sum((part) => part.waitedSec[name])])) as Record<
      Wait,
      number
    >,
    paths: mergeRows(parts.flatMap((part) => part.paths)),
    hosts: mergeRows(parts.flatMap((part) => part.hosts)),
    slowest: slowFirst(parts.flatMap((part) => part.slowest)),
  };
}
