// Proves that a capture with one direction is told, and scans, which nobody answers, are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { asymmetric } from './asymmetric.ts';

describe('perf.asymmetric', () => {
  it('hit: conversations of which only one side is seen', () => {
    const stage = new Stage(asymmetric);
    for (let i = 0; i < 12; i++) stage.flow('ended', { oPort: 1000 + i, oPackets: 9, oFlags: 24 });
    expect(stage.alerts[0].explain).toContain('seen in one direction only');
  });

  it('miss: both directions, and SYNs without an answer', () => {
    const stage = new Stage(asymmetric);
    for (let i = 0; i < 12; i++) {
      stage.flow('ended', { oPackets: 9, rPackets: 8, oFlags: 24, rFlags: 24 });
      stage.flow('ended', { oPackets: 3, oFlags: 2 });
    }
    expect(stage.alerts).toEqual([]);
  });
});
