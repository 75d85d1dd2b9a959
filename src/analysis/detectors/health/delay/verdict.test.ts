// Proves that a slow flow is told with what it waited for, and one that waits for its client is not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { verdict } from './verdict.ts';

describe('perf.verdict', () => {
  it('hit: eight seconds for the server', () => {
    const waitedUs = [8e6, 1e6, 0, 0, 0, 0, 0, 1e6, 0];
    const stage = new Stage(verdict).health('ended', { rSegments: 40, waitedUs, verdict: 0, sentence: 'Of 10 s …' });
    expect([stage.alerts[0].observed, stage.alerts[0].explain]).toEqual([
      9,
      '10.0.0.1 → 10.0.0.2:80 (server): Of 10 s …',
    ]);
  });

  it('miss: a user who thinks', () => {
    const waitedUs = [4e6, 90e6, 0, 0, 0, 0, 0, 1e6, 0];
    expect(new Stage(verdict).health('ended', { rSegments: 40, waitedUs, verdict: 1 }).alerts).toEqual([]);
  });
});
