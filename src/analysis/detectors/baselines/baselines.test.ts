// Proves for each baseline a hit, a change after a stated warm-up, and a miss: the same change before it, or noise.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { entropyShift } from './entropy-shift.ts';
import { hostBaseline } from './host-baseline.ts';
import { hourOfWeek } from './hour-of-week.ts';
import { networkBaseline } from './network-baseline.ts';

/** `count` flows in each of `bins` bins of `sec` seconds, with some noise. */
function quiet(stage: Stage, bins: number, sec: number, count: number, play: (i: number) => void): void {
  for (let bin = 0; bin < bins; bin++) {
    const flows = count + ((bin * 7) % 5);
    for (let i = 0; i < flows; i++) {
      play(bin * 31 + i);
      stage.wait(sec / flows);
    }
  }
}

describe('base.network', () => {
  const flow = (stage: Stage) => (i: number) => stage.flow('opened', { from: `10.0.0.${i % 200}`, oPort: i & 0xffff });

  it('hit: ten times the flows for half a minute, after eleven minutes', () => {
    const stage = new Stage(networkBaseline);
    quiet(stage, 70, 10, 60, flow(stage));
    quiet(stage, 6, 10, 1200, flow(stage));
    expect(stage.alerts.map(({ key }) => key)).toEqual(['flows high']);
    expect(stage.alerts[0].expected).toBeGreaterThan(4);
    expect(stage.alerts[0].explain).toMatch(/new flows a second, usually 6/);
  });

  it('miss: the same in the first minutes, and a single bin later', () => {
    const early = new Stage(networkBaseline);
    quiet(early, 20, 10, 60, flow(early));
    quiet(early, 6, 10, 1200, flow(early));
    expect(early.alerts).toEqual([]);
    const single = new Stage(networkBaseline);
    quiet(single, 70, 10, 60, flow(single));
    quiet(single, 1, 10, 1200, flow(single));
    quiet(single, 20, 10, 60, flow(single));
    expect(single.alerts).toEqual([]);
  });
});

describe('base.host', () => {
  const minute = (stage: Stage, bytesSent: number): void => {
    stage.flow('opened', { from: '192.168.0.5', to: '1.1.1.1' }).wait(20);
    stage.flow('alive', { from: '192.168.0.5', to: '1.1.1.1', oBytesSince: bytesSent }).wait(40);
  };

  it('hit: fifty megabytes in a minute after an hour of kilobytes', () => {
    const stage = new Stage(hostBaseline);
    for (let i = 0; i < 70; i++) minute(stage, 50_000 + 1000 * (i % 7));
    minute(stage, 50_000_000);
    minute(stage, 50_000);
    expect(stage.alerts.map(({ key }) => key)).toEqual(['192.168.0.5 bytes sent']);
  });

  it('miss: the same of a host that always does, in its first hour, and of one that is not local', () => {
    const usual = new Stage(hostBaseline);
    for (let i = 0; i < 90; i++) minute(usual, 50_000_000 + 1e6 * (i % 7));
    expect(usual.alerts).toEqual([]);
    const young = new Stage(hostBaseline);
    for (let i = 0; i < 30; i++) minute(young, 50_000);
    minute(young, 50_000_000);
    minute(young, 50_000);
    expect(young.alerts).toEqual([]);
  });
});

describe('base.entropy', () => {
  const usual = (stage: Stage) => (i: number) =>
    stage.flow('opened', { from: `10.0.0.${i % 50}`, to: `10.1.0.${(i * 7) % 20}`, rPort: [80, 443, 53, 22][i % 4] });

  it('hit: one source sweeps ten thousand hosts on one port', () => {
    const stage = new Stage(entropyShift);
    quiet(stage, 70, 10, 200, usual(stage));
    quiet(stage, 3, 10, 2000, (i) =>
      stage.flow('opened', { from: '10.0.0.9', to: `10.2.${i % 40}.${i % 250}`, rPort: 445 }),
    );
    stage.wait(10).flow('opened');
    expect(stage.alerts.map(({ key }) => key)).toEqual(['few sources reach many hosts on few ports, as in a sweep']);
  });

  it('miss: more of the same mix', () => {
    const stage = new Stage(entropyShift);
    quiet(stage, 70, 10, 200, usual(stage));
    quiet(stage, 5, 10, 2000, usual(stage));
    expect(stage.alerts).toEqual([]);
  });
});

describe('base.hour-of-week', () => {
  const hour = (stage: Stage, flows: number): void => {
    stage.flow('opened').flow('alive', { oBytesSince: flows });
    stage.wait(3600);
  };

  it('hit: a gigabyte in an hour that had a megabyte in three weeks', () => {
    const stage = new Stage(hourOfWeek);
    for (let i = 0; i < 3 * 168; i++) hour(stage, 1e6);
    hour(stage, 1e9);
    hour(stage, 1e6);
    expect(stage.alerts.map(({ key }) => key)).toEqual(['bytes']);
  });

  it('miss: the same in the first two weeks, and where it is that much every week', () => {
    const young = new Stage(hourOfWeek);
    for (let i = 0; i < 100; i++) hour(young, 1e6);
    hour(young, 1e9);
    hour(young, 1e6);
    expect(young.alerts).toEqual([]);
    const usual = new Stage(hourOfWeek);
    for (let i = 0; i < 4 * 168; i++) hour(usual, i % 168 === 20 ? 1e9 : 1e6);
    expect(usual.alerts).toEqual([]);
  });
});
