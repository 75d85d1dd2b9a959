// Proves that a window that stays shut is told with who shut it, and one that opens after 10 ms is not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { zeroWindow } from './zero-window.ts';

describe('perf.zero-window', () => {
  it('hit: shut for three seconds', () => {
    const [alert] = new Stage(zeroWindow).health('stall', { waitUs: 3e6, isOriginStalled: true }).alerts;
    expect(alert.explain).toContain('10.0.0.1 kept its receive window shut for 3 s');
    expect(alert.sources).toEqual(['10.0.0.1']);
  });

  it('miss: 10 ms, and 0.3 s of an hour', () => {
    const stage = new Stage(zeroWindow).health('ended', { oShutUs: 10_000 });
    stage.health('ended', { oShutUs: 300_000, flow: { firstUs: stage.timeUs - 3600e6 } });
    expect(stage.alerts).toEqual([]);
  });
});
