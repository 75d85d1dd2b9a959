// Proves that long paths and paths that become longer are told, and short ones and lone samples are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { rtt } from './rtt.ts';

describe('perf.rtt', () => {
  it('hit: 878 ms to the server', () => {
    const stage = new Stage(rtt);
    stage.health('ended', { serverBaseUs: 878_000, clientBaseUs: 100, flow: { handshakeRttUs: 878_100 } });
    expect(stage.alerts[0].explain).toContain('a round trip takes 878 ms at the least');
  });

  it('hit: a longer way in the middle of a flow', () => {
    const stage = new Stage(rtt).health('ended', { serverBaseUs: 90_000, clientBaseUs: 1000, beforeStepUs: 21_000 });
    expect(stage.alerts[0].explain).toContain('rose from 21 ms to 91 ms');
  });

  it('miss: 50 ms, and a second without a handshake', () => {
    const stage = new Stage(rtt).health('ended', { serverBaseUs: 50_000, flow: { handshakeRttUs: 50_000 } });
    stage.health('ended', { serverBaseUs: 1_000_000, samples: 1 });
    expect(stage.alerts).toEqual([]);
  });
});
