// Proves that runs of duplicate ACKs are told, and scattered ones are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { duplicateAcks } from './duplicate-acks.ts';

describe('perf.duplicate-acks', () => {
  it('hit: runs of them', () => {
    const stage = new Stage(duplicateAcks).health('ended', { rSegments: 200, oDuplicateAcks: 30, oDuplicateRuns: 4 });
    expect(stage.alerts[0].explain).toContain('30 of 200 segments');
  });

  it('miss: no run of three', () => {
    expect(new Stage(duplicateAcks).health('ended', { rSegments: 200, oDuplicateAcks: 30 }).alerts).toEqual([]);
  });
});
