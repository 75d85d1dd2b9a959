// Proves that equal parts by the clock are told, and that parts of any size or at any time are not.

import { describe, expect, it } from 'vitest';
import { flowEnd } from '../../../core/index.ts';
import { Stage } from '../golden/stage.ts';
import { exfilSlow } from './slow.ts';

const part = (bytes: number) => ({
  to: '203.0.114.9',
  rPort: 443,
  oBytes: bytes,
  oBytesSince: bytes,
  rBytes: 5e3,
  rBytesSince: 5e3,
});

describe('exfil.slow', () => {
  it('hit: a megabyte every ten minutes', () => {
    const stage = new Stage(exfilSlow);
    for (let i = 0; i < 20; i++) stage.flow('ended', part(1e6 + (i % 3) * 1e4)).wait(600 + (i % 2));
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0]).toMatchObject({ severity: 'medium', packet: 12, observed: 12 });
    expect(stage.alerts[0].explain).toContain('one every 10 min, 12 MB in all');
  });

  it('miss: sizes that differ, times that differ, small parts, pieces of one long flow', () => {
    const stage = new Stage(exfilSlow);
    for (let i = 0; i < 30; i++) stage.flow('ended', part(1e6 * (1 + (i % 5)))).wait(600);
    for (let i = 0; i < 30; i++) stage.flow('ended', { ...part(1e6), to: '203.0.114.10' }).wait(i % 3 === 0 ? 5 : 1200);
    for (let i = 0; i < 30; i++) stage.flow('ended', { ...part(1e4), to: '203.0.114.11' }).wait(600);
    for (let i = 0; i < 30; i++)
      stage.flow('ended', { ...part(1e6), to: '203.0.114.12', end: flowEnd.activeTimeout }).wait(600);
    expect(stage.alerts).toEqual([]);
  });
});
