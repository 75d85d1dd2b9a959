// Proves that many repeated segments are told, with their share, and that captures with every packet twice are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { retransmissions } from './retransmissions.ts';

describe('perf.retransmissions', () => {
  it('hit: a tenth of 300 segments over three flows', () => {
    const stage = new Stage(retransmissions);
    for (let i = 0; i < 3; i++) stage.health('ended', { rSegments: 100, rRepeated: 10 }).wait(1);
    const [alert] = stage.alerts;
    expect([alert.severity, alert.key, alert.count]).toEqual(['low', '10.0.0.1 → 10.0.0.2:80', 20]);
    expect(alert.explain).toContain('20 of 200 segments were sent again (10 %)');
  });

  it('hit: one segment again and again', () => {
    const stage = new Stage(retransmissions).health('ended', { oSegments: 6, oRepeated: 5, oUnanswered: 5 });
    expect(stage.alerts[0].explain).toContain('sent again 5 times in a row, and 10.0.0.2 acknowledged none');
  });

  it('miss: one of a hundred, few segments, and a capture with all packets twice', () => {
    const stage = new Stage(retransmissions);
    stage.health('ended', { rSegments: 500, rRepeated: 5 });
    stage.health('ended', { to: '10.0.0.3', rSegments: 20, rRepeated: 2 });
    stage.health('ended', { to: '10.0.0.4', rSegments: 500, rRepeated: 250, isDoubled: true });
    expect(stage.alerts).toEqual([]);
  });
});
