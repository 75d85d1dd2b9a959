// Proves that one client's flood is one alert, even when all of it comes at one instant, and that patience is none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { macOf } from '../golden/frames.ts';
import { dhcpFlood } from './dhcp-flood.ts';

const place = { from: '0.0.0.0', to: '255.255.255.255', cPort: 68, sPort: 67, proto: 17 };
const discover = (n: number) => ({ type: 'request', dhcpType: 'discover', clientMac: macOf(n), id: n });

describe('l2.dhcp-flood', () => {
  it('hit: a thousand messages at one instant', () => {
    const stage = new Stage(dhcpFlood);
    for (let i = 0; i < 1000; i++) stage.event('dhcp', discover(5), place);
    expect(stage.alerts.map(({ key, packet, observed }) => [key, packet, observed])).toEqual([[macOf(5), 100, 800]]);
    expect(stage.alerts[0].explain).toContain('800 DHCP messages in 0 s');
  });

  it('miss: a client that asks every four seconds, fifty that ask once, and transactions told a second time', () => {
    const stage = new Stage(dhcpFlood);
    for (let i = 0; i < 200; i++) stage.event('dhcp', discover(5), place).wait(4);
    for (let n = 0; n < 50; n++) stage.event('dhcp', discover(n), place);
    for (let i = 0; i < 200; i++) stage.event('dhcp', discover(7), { ...place, only: 'log' });
    stage.event('dhcp', { type: 'request' }, place);
    expect(stage.alerts).toEqual([]);
  });
});
