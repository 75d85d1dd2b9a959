// Proves that a flood of routers and prefixes is one alert, and that the usual ones are none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { advertisement, local6, macOf } from '../golden/frames.ts';
import { raFlood } from './ra-flood.ts';

describe('l2.ra-flood', () => {
  it('hit: a thousand routers in a second', () => {
    const stage = new Stage(raFlood);
    for (let i = 0; i < 1000; i++)
      stage.frame(advertisement(macOf(66), local6(1000 + i), { prefixes: [i] })).wait(0.001);
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['high']);
    // Estimated beyond 48.
    expect(stage.alerts[0].packet).toBeLessThan(30);
  });

  it('miss: three routers with five prefixes each', () => {
    const stage = new Stage(raFlood);
    for (let i = 0; i < 300; i++)
      stage.frame(advertisement(macOf(i % 3), local6(1 + (i % 3)), { prefixes: [1, 2, 3, 4, 5] })).wait(0.1);
    expect(stage.alerts).toEqual([]);
  });
});
