// Proves that the health that several workers measured adds up to what one would have measured, and that lists stay bounded.

import { describe, expect, it } from 'vitest';
import type { NetworkHealth, SlowFlow } from '../../core/index.ts';
import { Histogram } from '../flows/histogram.ts';
import { FlowTable } from '../flows/index.ts';
import { TcpAnalysis, tcpMemory } from '../flows/tcp-analysis.ts';
import { HealthBook } from './health-book.ts';
import { mergeHealth } from './merge-health.ts';
import { timesOf } from './way-table.ts';

const empty = new HealthBook(new FlowTable(16), new TcpAnalysis(tcpMemory(16))).report(true);

function worker(times: readonly number[], slow: readonly number[]): NetworkHealth {
  const rtt = new Histogram();
  for (const us of times) rtt.record(us);
  const path = {
    name: '10.0.0.0/24 → 192.0.2.1',
    flows: times.length,
    rttMs: timesOf(rtt),
    responseMs: timesOf(null),
    segments: 10,
    repeated: 1,
    rtt: rtt.toData(),
  };
  const slowest = slow.map((waitedSec, id) => ({ id, waitedSec, firstUs: 0 }) as SlowFlow); // what sorting needs
  return { ...empty, flows: times.length, segments: 10, repeated: 1, paths: [path], slowest, rtt: rtt.toData() };
}

describe('mergeHealth', () => {
  it('adds counts and histograms of the same path', () => {
    const merged = mergeHealth([worker([1000, 2000, 3000], []), worker([40_000], [])]);
    expect([merged?.flows, merged?.segments, merged?.repeated]).toEqual([4, 20, 2]);
    expect(merged?.paths).toHaveLength(1);
    expect(merged?.paths[0]).toMatchObject({ flows: 4, segments: 20, repeated: 2, rttMs: { count: 4, max: 40 } });
    expect(merged?.rttMs.p50).toBeCloseTo(2.5, 1);
  });

  it('keeps the ten slowest flows of all, slowest first', () => {
    const merged = mergeHealth([worker([], [9, 7, 5, 3, 1, 8]), worker([], [6, 4, 2, 10, 11, 12])]);
    expect(merged?.slowest.map(({ waitedSec }) => waitedSec)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
  });

  it('is nothing where nobody measured', () => expect(mergeHealth([])).toBeUndefined());
});
