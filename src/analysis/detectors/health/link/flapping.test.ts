// Proves that a busy link that falls silent again and again is told, and one pause is not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { flapping } from './flapping.ts';

describe('perf.flapping', () => {
  const busy = (stage: Stage, seconds: number): Stage => {
    for (let i = 0; i < seconds; i++) stage.volume({ packets: 5000, bytes: 1e6 }).wait(1);
    return stage;
  };

  it('hit: three gaps of four seconds', () => {
    const stage = new Stage(flapping);
    for (let i = 0; i < 4; i++) busy(stage, 15).wait(4);
    expect(stage.end().alerts[0].explain).toContain('fell silent 3 times, last for 4 s');
  });

  it('miss: one gap, and hours of silence', () => {
    const stage = busy(new Stage(flapping), 15).wait(4);
    for (let i = 0; i < 4; i++) busy(stage, 15).wait(7200);
    expect(stage.end().alerts).toEqual([]);
  });
});
