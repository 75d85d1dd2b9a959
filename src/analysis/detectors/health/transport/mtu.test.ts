// Proves that black holes, routers that say “too big” and fragmenting hosts are told, and a single message is not.

import { describe, expect, it } from 'vitest';
import { ethernet, ipv4, plainTcp } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { mtu } from './mtu.ts';

describe('perf.mtu', () => {
  /** ICMP “fragmentation needed” of 10.0.0.1. */
  const tooBig = ethernet(0x0800, ipv4(1, [3, 4, 0, 0, 0, 0, 5, 0, ...plainTcp.slice(0, 28)]));

  it('hit: large segments vanish', () => {
    const [alert] = new Stage(mtu).health('ended', { rBlackHole: true, rMaxPayload: 1460, rRepeated: 5 }).alerts;
    expect(alert.explain).toContain('segments of 1460 bytes from 10.0.0.2 were sent again 5 times and never arrived');
    expect(alert.severity).toBe('low');
  });

  it('hit: a router says so three times', () => {
    const [alert] = new Stage(mtu).frame(tooBig).frame(tooBig).frame(tooBig).alerts;
    expect([alert.key, alert.observed]).toEqual(['too big 10.0.0.1', 3]);
  });

  it('hit: a host whose packets are fragments', () => {
    const stage = new Stage(mtu).rate('10.0.0.7', { isTo: false, packets: 500, fragments: 250 });
    expect(stage.alerts[0].explain).toContain('10.0.0.7 sent 250 fragments');
  });

  it('miss: one message, one repeated segment', () => {
    const stage = new Stage(mtu).frame(tooBig).health('ended', { rSegments: 50, rRepeated: 1, rMaxPayload: 1460 });
    expect(stage.alerts).toEqual([]);
  });
});
