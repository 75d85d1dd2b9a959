// Proves that a transfer held back by a window is told with what the window allows, and one held back by loss is not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { receiveWindow } from './receive-window.ts';

describe('perf.receive-window', () => {
  const waitedUs = [0, 0, 4e6, 0, 0, 0, 0, 1e6, 0];

  it('hit: the window is full for most of the time', () => {
    const stage = new Stage(receiveWindow);
    stage.health('ended', { rSegments: 500, oWindow: 65_536, serverRttUs: 100_000, clientRttUs: 1000, waitedUs });
    expect(stage.alerts[0].explain).toContain('for 80 % of the transfer (4 s) the window of 10.0.0.1 was full');
    expect(stage.alerts[0].explain).toContain('65,536 bytes in 101 ms');
  });

  it('miss: shut windows and losses are others’ matter', () => {
    const stage = new Stage(receiveWindow);
    stage.health('ended', { rSegments: 500, oShutUs: 3e6, waitedUs });
    stage.health('ended', { to: '10.0.0.3', rSegments: 500, rRepeated: 40, waitedUs });
    expect(stage.alerts).toEqual([]);
  });
});
