// Proves that answers of a flooded host to many make one alert that calls it a victim, and that servers, one-way
// captures and single strays make none.

import { describe, expect, it } from 'vitest';
import { flowEnd, tcpFlag } from '../../../../core/index.ts';
import { Stage } from '../../golden/stage.ts';
import { backscatter } from './backscatter.ts';

const { syn, ack, rst, fin } = tcpFlag;
const answer = { to: '203.0.113.5', oPackets: 0, rPackets: 2, rFlags: syn | ack, end: flowEnd.timeout };

describe('dos.backscatter', () => {
  it('hit: SYN-ACKs to twelve hosts that never asked', () => {
    const stage = new Stage(backscatter);
    for (let n = 1; n <= 12; n++) stage.flow('ended', { from: `10.0.0.${n}`, oPort: 3000 + n, ...answer }).wait(60);
    expect(stage.alerts.map(({ key, severity, targets }) => [key, severity, targets])).toEqual([
      ['203.0.113.5', 'low', ['203.0.113.5']],
    ]);
  });

  it('hit: those that get one reset it', () => {
    const stage = new Stage(backscatter);
    for (let n = 1; n <= 12; n++)
      stage.flow('ended', { from: `10.0.0.${n}`, oPort: 3000 + n, ...answer, oPackets: 1, oFlags: rst });
    expect(stage.alerts).toHaveLength(1);
  });

  it('miss: refused connections, connections of a one-way capture, and what gave way in a flood', () => {
    const stage = new Stage(backscatter);
    for (let n = 1; n <= 40; n++) {
      const from = `10.0.0.${n}`;
      stage.flow('ended', { from, oPort: 3000 + n, ...answer, oPackets: 1, oFlags: syn, rFlags: rst | ack });
      stage.flow('ended', { from, oPort: 4000 + n, ...answer, rFlags: syn | ack | fin, rPayload: 500 });
      stage.flow('ended', { from, oPort: 5000 + n, ...answer, end: flowEnd.eviction });
    }
    expect(stage.alerts).toEqual([]);
  });

  it('miss: one port only, as of a service between two', () => {
    const stage = new Stage(backscatter);
    for (let n = 1; n <= 40; n++) stage.flow('ended', { from: `10.0.0.${n}`, oPort: 3000, ...answer });
    expect(stage.alerts).toEqual([]);
  });
});
