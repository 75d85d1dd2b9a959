// Proves that lost segments are told with the side they were lost on, and single ones are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { loss } from './loss.ts';

describe('perf.loss', () => {
  it('hit: holes before the capture', () => {
    const [alert] = new Stage(loss).health('ended', { rSegments: 400, rLost: 12, rRepeated: 9 }).alerts;
    expect(alert.explain).toContain('12 of 400 segments were lost on the way (3 %)');
    expect(alert.against).toContain('12 holes (before the capture)');
  });

  it('miss: two of four hundred', () => {
    expect(new Stage(loss).health('ended', { rSegments: 400, rLost: 2, rRepeated: 2 }).alerts).toEqual([]);
  });
});
