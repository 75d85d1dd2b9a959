// Proves that asking for the same two hosts every few seconds is told, each time anew, and that dead peers are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { announces, asks, macOf } from '../golden/frames.ts';
import { arpReask } from './arp-reask.ts';

/** Station 66 refreshes what it forged for two hosts, `times` times, 3.5 s apart. */
function refresh(stage: Stage, times: number, a = '10.0.0.11', b = '10.0.0.15'): Stage {
  for (let i = 0; i < times; i++) stage.frame(asks(66, a)).wait(0.05).frame(asks(66, b)).wait(3.45);
  return stage;
}

describe('l2.arp-reask', () => {
  it('hit: at the fourth time, an alert for each attack', () => {
    const stage = new Stage(arpReask).frame(announces(15)).wait(10);
    refresh(stage, 8).wait(40);
    stage.frame(announces(15));
    refresh(stage, 8);
    expect(stage.alerts.map(({ key, packet, severity }) => [key, packet, severity])).toEqual([
      [`${macOf(66)}: 10.0.0.11 ↔ 10.0.0.15`, 9, 'high'],
      [`${macOf(66)}: 10.0.0.11 ↔ 10.0.0.15 (2)`, 26, 'high'],
    ]);
  });

  it('miss: two peers of which nobody ever heard', () => {
    expect(refresh(new Stage(arpReask), 20).alerts).toEqual([]);
  });

  it('miss: many hosts, one host, or two at their own times', () => {
    const stage = new Stage(arpReask);
    for (let n = 10; n < 20; n++) stage.frame(announces(n));
    for (let i = 0; i < 10; i++) for (let n = 10; n < 20; n++) stage.frame(asks(66, `10.0.0.${n}`)).wait(0.3);
    stage.wait(60);
    for (let i = 0; i < 30; i++) stage.frame(asks(66, '10.0.0.11')).wait(1);
    stage.wait(60);
    for (let i = 0; i < 10; i++) stage.frame(asks(67, `10.0.0.${i % 2 === 0 ? 11 : 15}`)).wait(2);
    expect(stage.alerts).toEqual([]);
  });
});
