// Proves that reordering is told by its share, and a little of it is not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { outOfOrder } from './out-of-order.ts';

describe('perf.out-of-order', () => {
  it('hit: every tenth segment', () => {
    const [alert] = new Stage(outOfOrder).health('ended', { rSegments: 200, rOutOfOrder: 20 }).alerts;
    expect([alert.severity, alert.observed]).toEqual(['info', 0.1]);
  });

  it('miss: four of two hundred', () => {
    expect(new Stage(outOfOrder).health('ended', { rSegments: 200, rOutOfOrder: 4 }).alerts).toEqual([]);
  });
});
