// Proves that a link that is full for long is told, and a full second or an unknown speed is not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { saturation } from './saturation.ts';

describe('perf.saturation', () => {
  const run = (stage: Stage, seconds: number, share: number, speedBps = 1e8): Stage => {
    for (let i = 0; i < seconds; i++) stage.volume({ bytes: (share * 1e8) / 8, packets: 1000, speedBps }).wait(1);
    return stage.end();
  };

  it('hit: 95 % for a minute and a half', () => {
    const [alert] = run(new Stage(saturation), 90, 0.95).alerts;
    expect([alert.severity, alert.key]).toEqual(['medium', 'link']);
    expect(alert.explain).toContain('The link of 100 Mbit/s has been 90 % full or more');
  });

  it('miss: half a minute, half the link, no speed', () => {
    expect(run(new Stage(saturation), 30, 0.95).alerts).toEqual([]);
    expect(run(new Stage(saturation), 400, 0.5).alerts).toEqual([]);
    expect(run(new Stage(saturation), 400, 0.95, 0).alerts).toEqual([]);
  });
});
