// Proves that a station that sends in the name of many others is told, and that a router and a VPN end are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { announces, macOf, sentBy, sentTo } from '../golden/frames.ts';
import { forgedSource } from './forged-source.ts';

describe('l3.spoof', () => {
  it('hit: thirty sources elsewhere, none answered', () => {
    const stage = new Stage(forgedSource).frame(announces(66));
    for (let i = 0; i < 30; i++)
      stage.flow('opened', { from: `93.0.${i}.7`, to: '8.8.8.8', ...sentBy(macOf(66)), ...sentTo(macOf(1)) }).wait(0.1);
    expect(stage.alerts.map(({ sources, observed }) => [sources, observed])).toEqual([[['10.0.0.66'], 20]]);
  });

  it('hit: sources that cannot be', () => {
    const stage = new Stage(forgedSource);
    for (let i = 0; i < 12; i++) stage.flow('opened', { from: `240.0.0.${i}`, to: '10.0.0.9', ...sentBy(macOf(66)) });
    expect(stage.alerts.map(({ key, packet }) => [key, packet])).toEqual([[`${macOf(66)}: impossible sources`, 10]]);
  });

  it('miss: a router, whose hosts are answered, and DHCP clients', () => {
    const stage = new Stage(forgedSource).frame(announces(1));
    for (let i = 0; i < 50; i++) {
      const flow = { from: `93.0.${i}.7`, to: '10.0.0.9' };
      stage.flow('opened', { ...flow, ...sentBy(macOf(1)), ...sentTo(macOf(9)) });
      if (i < 3) stage.flow('answered', { ...flow, ...sentBy(macOf(9)), ...sentTo(macOf(1)) });
      stage.flow('opened', { from: '0.0.0.0', to: '255.255.255.255', rPort: 67, ...sentBy(macOf(50)) });
    }
    expect(stage.alerts).toEqual([]);
  });
});
