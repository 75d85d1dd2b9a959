// Proves that a flood of made-up source addresses is one alert, and that a room of machines of one maker is none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { camFlood } from './cam-flood.ts';

describe('l2.cam-flood', () => {
  it('hit: two thousand addresses of any maker', () => {
    const stage = new Stage(camFlood);
    for (let i = 1; i <= 2000; i++) {
      stage.flow('opened', { srcMac0: Math.imul(i, 0x9e3779b1), srcMac1: Math.imul(i, 31) & 0xffff }).wait(0.001);
    }
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0].packet).toBeLessThan(250);
  });

  it('miss: two thousand machines of one maker, and the same hundred for an hour', () => {
    const stage = new Stage(camFlood);
    for (let i = 1; i <= 2000; i++) stage.flow('opened', { srcMac0: 0x001b2100, srcMac1: i }).wait(0.001);
    for (let i = 1; i <= 5000; i++)
      stage.flow('opened', { srcMac0: Math.imul(1 + (i % 100), 0x9e3779b1), srcMac1: 1 }).wait(0.7);
    expect(stage.alerts).toEqual([]);
  });
});
