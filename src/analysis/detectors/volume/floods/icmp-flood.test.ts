// Proves that ICMP messages in great number make one alert, also at one instant, and that pings now and then, answers to
// own pings and neighbour discovery make none.

import { describe, expect, it } from 'vitest';
import { ethernet, ipv4 } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { icmpFlood } from './icmp-flood.ts';

function message(type: number, code: number, from: number, to: number): number[] {
  const packet = ipv4(1, [type, code, 0, 0, 0, 1, 0, 1]);
  packet.splice(12, 8, 10, 0, 0, from, 10, 0, 0, to);
  return ethernet(0x0800, packet);
}

describe('flood.icmp', () => {
  it('hit: a thousand errors at one instant', () => {
    const stage = new Stage(icmpFlood);
    for (let n = 0; n < 1500; n++) stage.frame(message(3, 3, 1, 2));
    expect(stage.alerts.map(({ key, packet, sources }) => [key, packet, sources])).toEqual([
      ['10.0.0.2', 1000, ['10.0.0.1']],
    ]);
    expect(stage.alerts[0].explain).toContain('type 3, code 3');
  });

  it('hit: 250 pings a second for three seconds', () => {
    const stage = new Stage(icmpFlood);
    for (let n = 0; n < 850; n++) stage.frame(message(8, 0, n % 100, 200)).wait(0.004);
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0].packet).toBeLessThan(800);
  });

  it('miss: one who pings fast gets as many answers; fifty pings a second', () => {
    const stage = new Stage(icmpFlood);
    for (let n = 0; n < 600; n++)
      stage
        .frame(message(8, 0, 1, 2))
        .frame(message(0, 0, 2, 1))
        .wait(0.02);
    expect(stage.alerts).toEqual([]);
  });

  it('miss: the answers to a flood are not a second one', () => {
    const stage = new Stage(icmpFlood);
    for (let n = 0; n < 3000; n++)
      stage
        .frame(message(8, 0, 1, 2))
        .frame(message(0, 0, 2, 1))
        .wait(0.001);
    expect(stage.alerts.map(({ key }) => key)).toEqual(['10.0.0.2']);
  });
});
