// Proves that failing servers are told, three SYNs without an answer too, and scanners and single refusals are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { connectFail } from './connect-fail.ts';

describe('perf.connect-fail', () => {
  it('hit: three SYNs of one client', () => {
    const stage = new Stage(connectFail).flow('retried', { oPackets: 2, oFlags: 2 }).wait(1);
    stage.flow('retried', { oPackets: 3, oFlags: 2 });
    expect([stage.alerts[0].packet, stage.alerts[0].severity]).toEqual([2, 'info']);
    expect(stage.alerts[0].explain).toContain('10.0.0.1 sent 3 SYNs and got no answer');
  });

  it('hit: half of the attempts are refused', () => {
    const stage = new Stage(connectFail);
    for (let i = 0; i < 6; i++) stage.flow('established', { oFlags: 18 }).flow('rejected', { oFlags: 2 });
    expect(stage.alerts[0].explain).toContain('5 of 10 attempts failed (50 %): 5 refused, 0 unanswered');
  });

  it('miss: a scanner, which fails everywhere, and four refusals', () => {
    const stage = new Stage(connectFail);
    for (let port = 1; port < 400; port++) stage.flow('rejected', { from: '10.9.9.9', rPort: port, oFlags: 2 });
    for (let i = 0; i < 9; i++) stage.flow('silent', { from: '10.9.9.9', rPort: 7, oFlags: 2 });
    for (let i = 0; i < 4; i++) stage.flow('rejected', { rPort: 8080, oFlags: 2 });
    expect(stage.alerts).toEqual([]);
  });
});
