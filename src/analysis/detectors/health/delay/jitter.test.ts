// Proves that streams with jitter or loss are told, and even ones and odd fields are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { jitter } from './jitter.ts';

describe('perf.jitter', () => {
  it('hit: jitter, and loss', () => {
    const stage = new Stage(jitter).event('rtp', { ssrc: 7, packets: 500, lost: 0, jitterUs: 45_000 });
    stage.event('rtp', { ssrc: 8, packets: 500, lost: 50, jitterUs: 1000 });
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['info', 'low']);
    expect(stage.alerts[1].explain).toContain('lost 50 packets of 550 (9.1 %)');
  });

  it('miss: an even stream, a short one, fields of another kind', () => {
    const stage = new Stage(jitter).event('rtp', { ssrc: 7, packets: 5000, lost: 3, jitterUs: 4000 });
    stage.event('rtp', { ssrc: 8, packets: 20, lost: 10, jitterUs: 90_000 });
    stage.event('rtp', { packets: 'many', jitterUs: null });
    expect(stage.alerts).toEqual([]);
  });
});
