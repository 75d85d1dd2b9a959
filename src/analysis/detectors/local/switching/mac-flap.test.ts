// Proves that a station that is in two places is told, and that moving on, roaming once and routers are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { macOf, sentBy } from '../golden/frames.ts';
import { macFlap } from './mac-flap.ts';

describe('l2.mac-flap', () => {
  it('hit: to and fro between two VLANs', () => {
    const stage = new Stage(macFlap);
    for (let i = 0; i < 12; i++)
      stage.flow('opened', { from: '10.0.0.5', ...sentBy(macOf(5)), vlan: 10 + (i % 2) }).wait(1);
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([[macOf(5), 'low']]);
    expect(stage.alerts[0].explain).toContain('between interface 0, VLAN 10 and interface 0, VLAN 11');
  });

  it('miss: from one interface to the next and never back, and a router with an address in each VLAN', () => {
    const stage = new Stage(macFlap);
    for (let i = 0; i < 12; i++) {
      stage.flow('opened', { from: '10.0.0.5', ...sentBy(macOf(5)), iface: i });
      stage.flow('opened', { from: `10.0.${i % 2}.1`, ...sentBy(macOf(1)), vlan: i % 2 }).wait(1);
    }
    expect(stage.alerts).toEqual([]);
  });
});
