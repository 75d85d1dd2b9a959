// Proves that a station that announces itself without end is told once, and that a failover is not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { announces, macOf } from '../golden/frames.ts';
import { announceStorm } from './announce-storm.ts';

describe('l2.garp-storm', () => {
  it('hit: fifty announcements in five seconds', () => {
    const stage = new Stage(announceStorm);
    for (let i = 0; i < 50; i++) stage.frame(announces(5)).wait(0.1);
    expect(stage.alerts.map(({ key, packet }) => [key, packet])).toEqual([[macOf(5), 20]]);
  });

  it('miss: three announcements each of five addresses, and one every second', () => {
    const stage = new Stage(announceStorm);
    for (let i = 0; i < 15; i++) stage.frame(announces(5, `10.0.0.${100 + (i % 5)}`)).wait(0.1);
    stage.wait(60);
    for (let i = 0; i < 60; i++) stage.frame(announces(6)).wait(1);
    expect(stage.alerts).toEqual([]);
  });
});
