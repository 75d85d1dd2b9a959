// Proves that slow answers are told by server, more of them weigh more, and long polls of chats do not count.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { slowServer } from './slow-server.ts';

describe('perf.slow-server', () => {
  it('hit: one answer after a second, low after five of them', () => {
    const stage = new Stage(slowServer).health('response', { waitUs: 1_012_000, responses: 1, flow: { app: 'http' } });
    expect([stage.alerts[0].severity, stage.alerts[0].key]).toEqual(['info', '10.0.0.2 80']);
    expect(stage.alerts[0].explain).toContain('took 1.01 s to begin an answer');
    for (let i = 0; i < 5; i++) stage.health('response', { waitUs: 2e6, responses: 2, flow: { app: 'http' } });
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['low']);
  });

  it('miss: half a second, and a server that speaks when something happens', () => {
    const stage = new Stage(slowServer).health('response', { waitUs: 600_000, responses: 1 });
    for (let i = 3; i < 30; i++)
      stage.health('response', { waitUs: 20e6, responses: i, flow: { app: 'mqtt', rPort: 1883 } });
    expect(stage.alerts).toEqual([]);
  });
});
