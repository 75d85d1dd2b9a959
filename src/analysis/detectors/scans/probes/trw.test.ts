// Proves that first contacts that fail in a row are told once others had their say, and that a few failures are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { horizontalScan } from './horizontal.ts';
import { randomWalk } from './trw.ts';

const failed = { oFlags: 2, rPort: 7000 };

describe('scan.trw', () => {
  it('hit: eight in a row, told a minute later', () => {
    const stage = new Stage(randomWalk);
    for (let i = 1; i <= 8; i++) stage.flow('silent', { ...failed, to: `10.5.0.${i}` }).wait(1);
    expect(stage.alerts).toEqual([]);
    stage.wait(75).flow('opened', { from: '10.9.9.9' });
    expect(stage.alerts.map(({ observed, severity }) => [observed, severity])).toEqual([[8, 'low']]);
  });

  it('hit: at the end of the input', () => {
    const stage = new Stage(randomWalk);
    for (let i = 1; i <= 9; i++) stage.flow('rejected', { ...failed, to: `10.5.0.${i}` });
    expect(stage.end().alerts).toHaveLength(1);
  });

  it('miss: peers that are gone, each with a port of its own', () => {
    const stage = new Stage(randomWalk);
    for (let i = 1; i <= 200; i++)
      stage.flow('silent', { oFlags: 2, to: `10.5.0.${i}`, rPort: 10_000 + 7 * i }).wait(1);
    expect(stage.end().alerts).toEqual([]);
  });

  it('miss: one host again and again, failures among successes, a source that was named', () => {
    const stage = new Stage([horizontalScan, randomWalk]);
    for (let i = 1; i <= 50; i++) stage.flow('silent', failed);
    for (let i = 1; i <= 30; i++)
      stage.flow(i % 2 === 0 ? 'silent' : 'answered', { ...failed, from: '10.0.0.6', to: `10.5.0.${i}` });
    for (let i = 1; i <= 30; i++) {
      stage.flow('opened', { ...failed, from: '10.0.0.7', to: `10.5.0.${i}` });
      stage.flow('rejected', { ...failed, from: '10.0.0.7', to: `10.5.0.${i}` });
    }
    expect(stage.end().alerts.map(({ detector }) => detector)).toEqual(['scan.horizontal']);
  });
});
