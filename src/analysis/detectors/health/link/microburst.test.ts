// Proves that full milliseconds in quiet seconds are told, and busy seconds are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { microburst } from './microburst.ts';

describe('perf.microburst', () => {
  const burst = { speedBps: 1e9, packets: 1000, peak10Bytes: 1.2e6, peak1Bytes: 125_000 };

  it('hit: bursts in seconds that are nearly empty', () => {
    const stage = new Stage(microburst);
    for (let i = 0; i < 8; i++) stage.volume({ ...burst, bytes: 2e6 }).wait(1);
    expect(stage.end().alerts[0].explain).toContain('10 ms that filled the link of 1 Gbit/s: 96 % in the last one');
  });

  it('miss: seconds that are full as a whole, and three bursts', () => {
    const stage = new Stage(microburst);
    for (let i = 0; i < 30; i++) stage.volume({ ...burst, bytes: 1e8 }).wait(1);
    for (let i = 0; i < 3; i++) stage.volume({ ...burst, bytes: 2e6 }).wait(1);
    expect(stage.end().alerts).toEqual([]);
  });
});
