// Proves that traffic over time adds up to what was counted whatever the packets' times are: late, far ahead, begun anew;
// that columns join without a loss, and that the columns of several workers are those of one.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { families, latencyBins, type TrafficSeries } from '../../core/index.ts';
import {
  joinTraffic,
  latencyBin,
  RecentTraffic,
  seriesOf,
  TrafficMeter,
  trafficField,
  trafficWidth,
  WholeTraffic,
  way,
} from './index.ts';

const startUs = 1_700_000_000e6;

interface Seen {
  readonly timeUs: number;
  readonly bytes: number;
  readonly family: number;
  readonly direction: number;
  /** Which of two workers counts it. */
  readonly worker: number;
}

const packet = (sec: number, bytes = 100, more: Partial<Seen> = {}): Seen => ({
  timeUs: startUs + sec * 1e6,
  bytes,
  family: 1,
  direction: way.out,
  worker: 0,
  ...more,
});

/** @param worker counts only its packets; all move the clock */
function meterOf(packets: readonly Seen[], worker: number | null = null): TrafficMeter {
  const meter = new TrafficMeter();
  for (const each of packets) {
    meter.moveClock(each);
    if (worker === null || each.worker === worker) meter.add(each.bytes, each.family, each.direction);
  }
  return meter;
}

const whole = (meter: TrafficMeter): TrafficSeries => seriesOf(meter.whole()!);
const recent = (meter: TrafficMeter): TrafficSeries => seriesOf(meter.recent()!);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

describe('TrafficMeter', () => {
  it('counts seconds without gaps, in both spans', () => {
    const meter = meterOf([packet(0.5), packet(0.9, 50, { direction: way.in, family: 6 }), packet(3.2)]);
    for (const series of [recent(meter), whole(meter)]) {
      expect([series.startSec, series.stepSec]).toEqual([1_700_000_000, 1]);
      expect(series.packets).toEqual([2, 0, 0, 1]);
      expect(series.bytes).toEqual([150, 0, 0, 100]);
      expect([series.inBytes[0], series.outBytes[0]]).toEqual([50, 100]);
      expect(series.families.map((list) => list[0])).toEqual([0, 100, 0, 0, 0, 0, 50, 0]);
      expect([series.rtt, series.responses]).toEqual([[], []]);
    }
    expect(new TrafficMeter().whole()).toBeNull();
  });

  it('counts flows, segments and times in the second under way', () => {
    const meter = meterOf([packet(0), packet(1)]);
    meter.flowBegan();
    meter.segment(true);
    meter.segment(false);
    meter.roundTrip(100);
    meter.roundTrip(101);
    meter.response(99e6);
    const series = whole(meter);
    expect([series.newFlows, series.segments, series.repeated]).toEqual([
      [0, 1],
      [0, 2],
      [0, 1],
    ]);
    expect(series.rtt.map((bin) => bin[1])).toEqual([1, 1, ...new Array(latencyBins - 2).fill(0)]);
    expect(series.responses[latencyBins - 1]).toEqual([0, 1]);
    expect([latencyBin(0), latencyBin(1e7), latencyBin(1e7 + 1)]).toEqual([0, 15, 16]);
  });

  it('counts packets that come late where the clock is', () => {
    expect(whole(meterOf([packet(0), packet(5), packet(1), packet(5.5)])).packets).toEqual([1, 0, 0, 0, 0, 3]);
  });

  it('keeps the latest 600 seconds', () => {
    const packets = Array.from({ length: 700 }, (_, sec) => packet(sec, sec));
    const series = recent(meterOf(packets));
    expect([series.startSec, series.packets.length, series.bytes[0], series.bytes[599]]).toEqual([
      1_700_000_100, 600, 100, 699,
    ]);
    expect(meterOf(packets).recent(3)?.startSec).toBe(1_700_000_697);
    const after = recent(meterOf([...packets, packet(10_000)]));
    expect([after.startSec, sum(after.packets)]).toEqual([1_700_009_401, 1]);
  });

  it('begins anew where many packets lie far back, and keeps what came before', () => {
    const back = Array.from({ length: 1100 }, () => packet(-3600));
    const meter = meterOf([packet(0), ...back, packet(-3599)]);
    const series = whole(meter);
    // The first thousand count where the clock was.
    expect([series.startSec, series.packets[0], sum(series.packets)]).toEqual([1_699_996_400, 101, 1102]);
    expect(recent(meter)).toMatchObject({ startSec: 1_699_996_400, packets: [100, 1] });
  });

  it('puts what came before into one column when the clock is off by years', () => {
    const packets = [packet(0), packet(1), packet(40 * 366 * 86_400, 7), packet(40 * 366 * 86_400 + 2, 9)];
    expect(whole(meterOf(packets))).toMatchObject({ stepSec: 1, packets: [3, 0, 1], bytes: [207, 0, 9] });
  });

  it('loses nothing, whatever the times, and several workers count what one does', () => {
    const seconds = fc.oneof(
      fc.double({ min: 0, max: 30, noNaN: true }),
      fc.double({ min: -1e5, max: 1e5, noNaN: true }),
      fc.constantFrom(-2e9, 4e9, 1e12),
    );
    const one = fc.record({
      timeUs: seconds.map((sec) => startUs + sec * 1e6),
      bytes: fc.nat(70_000),
      family: fc.nat(families.length - 1),
      direction: fc.constantFrom(way.neither, way.in, way.out),
      worker: fc.nat(1),
    });
    const runs = fc.array(fc.tuple(one, fc.oneof(fc.constant(1), fc.constant(1200))), { maxLength: 40 });
    fc.assert(
      fc.property(runs, (list) => {
        const packets = list.flatMap(([each, times]) => new Array<Seen>(times).fill(each));
        fc.pre(packets.length > 0);
        const all = meterOf(packets);
        const series = whole(all);
        expect(sum(series.packets)).toBe(packets.length);
        expect(sum(series.bytes)).toBe(sum(packets.map(({ bytes }) => bytes)));
        expect(sum(series.families.map(sum))).toBe(sum(series.bytes));
        expect(series.packets.length).toBeLessThanOrEqual(512);
        expect(Math.abs(series.startSec % series.stepSec)).toBe(0);
        const workers = [meterOf(packets, 0), meterOf(packets, 1)];
        const joined = joinTraffic(
          workers.map((meter) => meter.whole()),
          'whole',
        );
        expect(sum(seriesOf(joined!).packets)).toBe(packets.length);
        expect(
          seriesOf(
            joinTraffic(
              workers.map((meter) => meter.recent()),
              'recent',
            )!,
          ),
        ).toEqual(recent(all));
      }),
      { numRuns: 150 },
    );
  });
});

const columnOf = (n: number): Float64Array => {
  const column = new Float64Array(trafficWidth);
  column[trafficField.packets] = n;
  column[trafficWidth - 1] = n;
  return column;
};

describe('WholeTraffic', () => {
  it('joins neighbours at multiples of the width', () => {
    const traffic = new WholeTraffic(4);
    for (let sec = 101; sec <= 105; sec++) traffic.add(sec, columnOf(sec));
    const { startSec, stepSec, values } = traffic.columns();
    expect([startSec, stepSec, values.length / trafficWidth]).toEqual([100, 2, 3]);
    for (const field of [trafficField.packets, trafficWidth - 1])
      expect([0, 1, 2].map((i) => values[i * trafficWidth + field])).toEqual([101, 205, 209]);
  });

  it('makes room before the first column', () => {
    const traffic = new WholeTraffic(4);
    traffic.add(103, columnOf(1));
    traffic.add(101, columnOf(2));
    expect(Array.from(traffic.columns().values).filter((_, i) => i % trafficWidth === 0)).toEqual([2, 0, 1]);
    traffic.add(90, columnOf(4));
    expect(traffic.columns()).toMatchObject({ startSec: 88, stepSec: 4 });
    expect(Array.from(traffic.columns().values).filter((_, i) => i % trafficWidth === 0)).toEqual([4, 0, 0, 3]);
  });

  it('is the same joined from shares as counted at once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5000), fc.nat(2)), { minLength: 1, maxLength: 60 }), (list) => {
        const shares = [0, 1, 2].map(() => new WholeTraffic());
        const all = new WholeTraffic();
        for (const [sec, worker] of list) {
          shares[worker].add(sec, columnOf(sec));
          all.add(sec, columnOf(sec));
        }
        const joined = joinTraffic(
          shares.map((share) => share.columns()),
          'whole',
        );
        expect(joined).toEqual(all.columns());
      }),
      { numRuns: 30 },
    );
  });
});

describe('RecentTraffic', () => {
  it('forgets only what no longer fits', () => {
    const traffic = new RecentTraffic(3);
    traffic.begin(-2);
    traffic.add(columnOf(1));
    traffic.moveTo(0);
    traffic.add(columnOf(2));
    expect(seriesOf(traffic.columns())).toMatchObject({ startSec: -2, packets: [1, 0, 2] });
    traffic.moveTo(2);
    expect(seriesOf(traffic.columns())).toMatchObject({ startSec: 0, packets: [2, 0, 0] });
    traffic.moveTo(5);
    expect(seriesOf(traffic.columns())).toMatchObject({ startSec: 3, packets: [0, 0, 0] });
  });
});
