// Proves that many made-up clients are starvation, and that a classroom that starts is none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { dhcpStarvation } from './dhcp-starvation.ts';

const made = (n: number): string => {
  const text = (Math.imul(n, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return `02:${text.slice(0, 2)}:${text.slice(2, 4)}:${text.slice(4, 6)}:${text.slice(6, 8)}:01`;
};
const ask = (clientMac: string) => ({ type: 'request', dhcpType: 'discover', clientMac });
const ack = (clientMac: string) => ({ type: 'reply', dhcpType: 'ack', clientMac });

describe('l2.dhcp-starve', () => {
  it('hit: sixty clients that get nothing', () => {
    const stage = new Stage(dhcpStarvation);
    for (let i = 0; i < 60; i++) stage.event('dhcp', ask(made(i))).wait(0.2);
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([['DHCP', 'high']]);
  });

  it('hit: hundreds of made-up makers that get leases', () => {
    const stage = new Stage(dhcpStarvation);
    for (let i = 0; i < 300; i++)
      stage
        .event('dhcp', ask(made(i)))
        .event('dhcp', ack(made(i)))
        .wait(0.1);
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0].against).toContain('got a lease');
  });

  it('miss: a classroom of one maker that gets leases, and a slow stream of clients', () => {
    const stage = new Stage(dhcpStarvation);
    const pupil = (i: number): string =>
      `00:1b:21:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`;
    for (let i = 0; i < 300; i++)
      stage
        .event('dhcp', ask(pupil(i)))
        .event('dhcp', ack(pupil(i)))
        .wait(0.1);
    stage.wait(120);
    for (let i = 0; i < 300; i++) stage.event('dhcp', ask(made(i))).wait(3);
    stage.event('dhcp', { type: 'request', dhcpType: 'discover', clientMac: 7 });
    expect(stage.alerts).toEqual([]);
  });
});
