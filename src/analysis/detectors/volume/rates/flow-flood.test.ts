// Proves that very many new conversations are told, absolutely or against what is usual, and that a busy proxy is not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { flowFlood } from './flow-flood.ts';

/** A minute with so many conversations to so many servers. */
function minute(stage: Stage, flows: number, servers: number): void {
  for (let n = 0; n < flows; n++) {
    stage.flow('opened', { to: `192.0.2.${n % servers}`, oPort: n & 0xffff }).wait(60 / flows);
  }
}

describe('flood.flows', () => {
  it('hit: whatever is usual', () => {
    const stage = new Stage(flowFlood);
    minute(stage, 20_000, 200);
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([['10.0.0.1 opens', 'low']]);
  });

  it('hit: far more than in all minutes before', () => {
    const stage = new Stage(flowFlood, { settings: { 'flood.flows': { minutes: 5 } } });
    for (let n = 0; n < 12; n++) minute(stage, 100 + (n % 3) * 10, 100);
    minute(stage, 3000, 200);
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0].expected).toBeGreaterThan(50);
    expect(stage.alerts[0].expected).toBeLessThan(200);
  });

  it('miss: a proxy that always opens many, and one that is at work after a pause', () => {
    const stage = new Stage(flowFlood);
    for (let n = 0; n < 15; n++) minute(stage, 500 + (n % 5) * 100, 100);
    stage.wait(3600);
    minute(stage, 900, 100);
    expect(stage.alerts).toEqual([]);
  });
});
