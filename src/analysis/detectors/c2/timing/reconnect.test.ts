// Proves that a server that never lets one in is told, louder at an even beat, and that one that does in between is not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { reconnect } from './reconnect.ts';

const dead = { to: '93.184.216.9', rPort: 443 };

describe('c2.reconnect', () => {
  it('hit: five refused within minutes', () => {
    const stage = new Stage(reconnect);
    for (let i = 0; i < 5; i++) stage.flow('rejected', { ...dead, id: i + 1 }).wait(10 + 7 * i);
    expect(stage.alerts).toMatchObject([{ detector: 'c2.reconnect', severity: 'low', observed: 5 }]);
  });

  it('hit: at an even beat it is medium; answered and left alone counts as well', () => {
    const stage = new Stage(reconnect);
    for (let i = 0; i < 10; i++) {
      const half = { oPackets: 1, rPackets: 1, oFlags: 2, rFlags: 18, end: 3 };
      stage.flow('ended', { ...dead, ...half, id: i + 1 }).wait(60);
    }
    expect(stage.alerts).toMatchObject([{ severity: 'medium', observed: 10 }]);
    expect(stage.alerts[0].explain).toContain('every 60 s (0 % off)');
  });

  it('miss: four; five of one attempt; one that is let in; five in a day; half seen', () => {
    const stage = new Stage(reconnect);
    for (let i = 0; i < 4; i++) stage.flow('rejected', { ...dead, id: i + 1 }).wait(10);
    for (let i = 0; i < 20; i++) stage.flow('rejected', { ...dead, to: '93.184.216.10', id: i + 50 }).wait(0.1);
    for (let i = 0; i < 20; i++) {
      const other = { ...dead, to: '93.184.216.11', id: i + 100 };
      stage.flow(i % 4 === 3 ? 'established' : 'rejected', other).wait(10);
    }
    for (let i = 0; i < 5; i++) stage.flow('silent', { ...dead, to: '93.184.216.12', id: i + 200 }).wait(7200);
    for (let i = 0; i < 9; i++) {
      const half = { oPackets: 1, rPackets: 9, oFlags: 2, rFlags: 18, rPayload: 9000, to: '93.184.216.13' };
      stage.flow('ended', { ...dead, ...half, id: i + 300 }).wait(30);
    }
    for (let i = 0; i < 9; i++) {
      const answers = { oPackets: 0, rPackets: 3, oFlags: 0, rFlags: 24, rPayload: 900, to: '93.184.216.14' };
      stage.flow('silent', { ...dead, ...answers, id: i + 400 }).wait(30);
    }
    expect(stage.end().alerts).toEqual([]);
  });
});
