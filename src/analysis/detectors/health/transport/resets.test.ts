// Proves that a server whose conversations end with resets is told, and a single one is not.

import { describe, expect, it } from 'vitest';
import { flowEnd } from '../../../../core/index.ts';
import { Stage } from '../../golden/stage.ts';
import { resets } from './resets.ts';

describe('perf.resets', () => {
  const talked = { oPackets: 9, rPackets: 9, oPayload: 100, rPayload: 900 };

  it('hit: half of forty', () => {
    const stage = new Stage(resets);
    for (let i = 0; i < 40; i++) stage.flow('ended', { ...talked, end: i % 2 === 0 ? flowEnd.rst : flowEnd.fin });
    expect([stage.alerts[0].key, stage.alerts[0].severity]).toEqual(['10.0.0.2 80', 'info']);
  });

  it('miss: one of forty, and refusals', () => {
    const stage = new Stage(resets);
    for (let i = 0; i < 40; i++) stage.flow('ended', { ...talked, end: i === 7 ? flowEnd.rst : flowEnd.fin });
    for (let i = 0; i < 40; i++) stage.flow('ended', { rPort: 81, end: flowEnd.rst });
    expect(stage.alerts).toEqual([]);
  });
});
