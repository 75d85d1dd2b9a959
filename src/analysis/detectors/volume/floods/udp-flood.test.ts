// Proves that unanswered datagrams in great number make one alert, even in a part of a second, and that answered ones,
// multicast and a single stream for a moment make none.

import { describe, expect, it } from 'vitest';
import type { RateSignal } from '../../../../core/index.ts';
import { Stage } from '../../golden/stage.ts';
import { udpFlood } from './udp-flood.ts';

const flood: Partial<RateSignal> = { packets: 6000, udp: 6000, bytes: 360_000 };

/** New conversations of the second, so that it is no single stream. */
function flows(stage: Stage): Stage {
  for (let n = 0; n < 60; n++) stage.flow('opened', { proto: 17, oPort: 2000 + n, rPort: 9 });
  return stage;
}

describe('flood.udp', () => {
  it('hit: many conversations, in one second', () => {
    const stage = flows(new Stage(udpFlood)).rate('10.0.0.2', flood).end();
    expect(stage.alerts.map(({ key, severity, observed }) => [key, severity, observed])).toEqual([
      ['10.0.0.2', 'high', 6000],
    ]);
  });

  it('hit: a short part of a flood', () => {
    const stage = flows(new Stage(udpFlood));
    const sec = stage.timeUs / 1e6 - 1;
    stage.rate('10.0.0.2', { packets: 1500, udp: 1500, firstUs: sec * 1e6, lastUs: sec * 1e6 + 100_000 }).end();
    expect(stage.alerts).toHaveLength(1);
  });

  it('hit: one stream for three seconds, at medium', () => {
    const stage = new Stage(udpFlood);
    for (let n = 0; n < 4; n++) stage.wait(1).rate('10.0.0.2', flood);
    expect(stage.end().alerts.map(({ severity }) => severity)).toEqual(['medium']);
  });

  it('miss: answered, multicast, mostly something else, and a stream for a second', () => {
    const stage = flows(new Stage(udpFlood)).wait(1);
    stage.rate('10.0.0.2', flood).rate('10.0.0.2', { isTo: false, packets: 3000, udp: 3000 });
    stage.rate('239.1.2.3', flood).rate('10.0.0.3', { packets: 20_000, udp: 6000, tcp: 14_000 });
    stage.wait(1).rate('10.0.0.4', flood).end();
    expect(stage.alerts).toEqual([]);
  });
});
