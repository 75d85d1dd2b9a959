// Proves that pulses of several workers are added up second by second and told no oftener than asked for, and that no series
// is told before a packet came.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TrafficMeter } from '../../../analysis/stats/index.ts';
import type { Pulse, TrafficSeries } from '../../../core/index.ts';
import { mergePulses, ScreenReceiver } from './screen-receiver.ts';
import { type PulseData, pulseColumns } from './screen-sender.ts';

/** A worker that has counted a packet in each of these seconds. */
function meterOf(seconds: readonly number[]): TrafficMeter {
  const meter = new TrafficMeter();
  for (const sec of seconds) {
    meter.moveClock({ timeUs: sec * 1e6 });
    meter.add(100, 0, 0);
  }
  return meter;
}

const pulseOf = (seconds: readonly number[]): PulseData => ({
  lastUs: seconds.length === 0 ? null : Math.max(...seconds) * 1e6,
  packets: seconds.length,
  bytes: 100 * seconds.length,
  flows: 3,
  activeFlows: 2,
  hosts: 5,
  dropped: { kernel: 1, interface: 7, queue: 2 },
  recent: meterOf(seconds).recent(pulseColumns),
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('mergePulses', () => {
  it('adds what can be added, over the latest three seconds of all', () => {
    const merged = mergePulses([pulseOf([100, 101, 102, 103]), pulseOf([100, 101, 101]), pulseOf([])]);
    expect(merged).toMatchObject({ lastUs: 103e6, packets: 7, bytes: 700, flows: 9, activeFlows: 6, hosts: 15 });
    expect(merged.dropped).toEqual({ kernel: 3, interface: 7, queue: 6 });
    expect([merged.recent?.startSec, merged.recent?.packets]).toEqual([101, [3, 1, 1]]);
    expect(mergePulses([pulseOf([])])).toMatchObject({ lastUs: null, recent: null });
  });
});

describe('ScreenReceiver', () => {
  it('tells what several workers say in an interval once, at its end', () => {
    const pulses: Pulse[] = [];
    const receiver = new ScreenReceiver({ pulse: (pulse) => pulses.push(pulse) }, 100, 2);
    receiver.pulse(0, pulseOf([1]));
    receiver.pulse(1, pulseOf([1]));
    receiver.pulse(0, pulseOf([1, 2]));
    expect(pulses.map(({ packets }) => packets)).toEqual([1]);
    vi.advanceTimersByTime(101);
    expect(pulses.map(({ packets }) => packets)).toEqual([1, 3]);
    receiver.pulse(1, pulseOf([1, 2]));
    receiver.close();
    vi.advanceTimersByTime(1000);
    expect(pulses.length).toBe(2);
  });

  it('tells each pulse of a single worker at once', () => {
    const pulse = vi.fn();
    const receiver = new ScreenReceiver({ pulse }, 100, 1);
    for (let i = 1; i < 4; i++) receiver.pulse(0, pulseOf([i]));
    expect(pulse).toHaveBeenCalledTimes(3);
  });

  it('tells series as soon as a worker has counted something', () => {
    const told: TrafficSeries[][] = [];
    const receiver = new ScreenReceiver({ series: (...both) => told.push(both) }, 100, 2);
    receiver.traffic(0, null);
    receiver.tellSeries();
    expect(told).toEqual([]);
    const meter = meterOf([5, 6]);
    receiver.traffic(1, { recent: meter.recent()!, whole: meter.whole()! });
    receiver.tellSeries();
    expect(told[0].map(({ packets }) => packets)).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });
});
