// Proves that much to a rare host with little back is told, and that common hosts and balanced traffic are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { exfilRatio } from './ratio.ts';

const out = { to: '203.0.114.9', oBytesSince: 30e6, rBytesSince: 1e6 };

describe('exfil.ratio', () => {
  it('hit: 30 MB out for 1 MB back', () => {
    const stage = new Stage(exfilRatio);
    stage.flow('ended', out);
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0]).toMatchObject({ severity: 'medium', key: '10.0.0.1 → 203.0.114.9', observed: 30e6 });
    expect(stage.alerts[0].explain).toContain('sent 30 MB to 203.0.114.9 and got 1 MB (30 to 1)');
  });

  it('miss: what comes back as well, what several hosts use, what is little', () => {
    const stage = new Stage(exfilRatio);
    stage.flow('ended', { ...out, rBytesSince: 10e6 });
    for (let i = 2; i < 6; i++)
      stage.flow('ended', { ...out, from: `10.0.0.${i}`, to: '203.0.114.50', oBytesSince: 1e5 });
    stage.flow('ended', { ...out, to: '203.0.114.50' });
    stage.flow('ended', { ...out, to: '203.0.114.60', oBytesSince: 10e6, rBytesSince: 0 });
    expect(stage.alerts).toEqual([]);
  });
});
