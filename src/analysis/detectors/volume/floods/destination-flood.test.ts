// Proves that packets of any kind without an answer make one alert after two seconds, and that downloads, answered
// traffic and what another detector has named make none.

import { describe, expect, it } from 'vitest';
import type { RateSignal } from '../../../../core/index.ts';
import { Stage } from '../../golden/stage.ts';
import { destinationFlood } from './destination-flood.ts';
import { udpFlood } from './udp-flood.ts';

const mixed: Partial<RateSignal> = { packets: 7000, tcp: 4000, bare: 4000, udp: 3000, bytes: 420_000 };

describe('flood.dst', () => {
  it('hit: two seconds, or one at twice the rate', () => {
    const stage = new Stage(destinationFlood);
    stage.wait(1).rate('10.0.0.2', mixed).wait(1).rate('10.0.0.2', mixed);
    stage.wait(1).rate('10.0.0.3', { packets: 12_000, icmp: 12_000 }).end();
    expect(stage.alerts.map(({ key, observed }) => [key, observed])).toEqual([
      ['10.0.0.2', 7000],
      ['10.0.0.3', 12_000],
    ]);
    expect(stage.alerts[0].explain).toContain('mostly TCP segments without data');
  });

  it('miss: one second, a download, and a busy server', () => {
    const stage = new Stage(destinationFlood);
    stage.wait(1).rate('10.0.0.2', mixed).wait(2).rate('10.0.0.2', mixed);
    for (let n = 0; n < 5; n++) {
      stage.wait(1).rate('10.0.0.3', { packets: 50_000, tcp: 50_000, bare: 100 });
      stage.rate('10.0.0.4', mixed).rate('10.0.0.4', { isTo: false, packets: 6000, tcp: 6000 });
    }
    expect(stage.end().alerts).toEqual([]);
  });

  it('miss: a UDP flood is told by its own detector', () => {
    const stage = new Stage([udpFlood, destinationFlood]);
    for (let n = 0; n < 6; n++) stage.wait(1).rate('10.0.0.2', { packets: 30_000, udp: 30_000 });
    expect(stage.end().alerts.map(({ detector }) => detector)).toEqual(['flood.udp']);
  });
});
