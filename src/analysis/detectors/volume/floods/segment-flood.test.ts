// Proves that segments of no connection make one alert, and that connections joined in the middle make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { segmentFlood } from './segment-flood.ts';

const source = (n: number): string => `198.51.${(n >>> 8) & 255}.${n & 255}`;

describe('flood.tcp', () => {
  it('hit: bare acknowledgements from everywhere', () => {
    const stage = new Stage(segmentFlood);
    for (let n = 0; n < 4000; n++) stage.flow('opened', { from: source(n), tcpFlags: 16 }).wait(0.001);
    stage.end();
    expect(stage.alerts.map(({ key, detector }) => [key, detector])).toEqual([['10.0.0.2', 'flood.tcp']]);
  });

  it('hit: all at one instant', () => {
    const stage = new Stage(segmentFlood);
    for (let n = 0; n < 2000; n++) stage.flow('opened', { from: source(n), tcpFlags: 4 });
    expect(stage.end().alerts).toHaveLength(1);
  });

  it('miss: a capture that begins among many connections; connection requests', () => {
    const stage = new Stage(segmentFlood);
    for (let n = 0; n < 3000; n++) {
      stage.flow('opened', { from: source(n), tcpFlags: 16 }).wait(0.001);
      stage.flow('established', { from: source(n), oFlags: 16, rFlags: 16 });
    }
    for (let n = 0; n < 4000; n++) stage.flow('opened', { to: '10.0.0.9', from: source(n), tcpFlags: 2 });
    expect(stage.end().alerts).toEqual([]);
  });
});
