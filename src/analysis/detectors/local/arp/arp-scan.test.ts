// Proves that asking for many addresses is a scan, fewer when they are in order, and that routers and repetitions
// are none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { ask, asks, macOf, sentBy, sentTo } from '../golden/frames.ts';
import { arpScan } from './arp-scan.ts';

/** Addresses that do not follow one another. */
const scattered = (i: number): string => `10.0.${(i * 7) % 16}.${(i * 89) % 251}`;

describe('l2.arp-scan', () => {
  it('hit: ten addresses in order, and twenty-five in any order', () => {
    const stage = new Stage(arpScan);
    for (let i = 1; i <= 12; i++) stage.frame(asks(200, `10.0.0.${i}`)).wait(0.01);
    for (let i = 1; i <= 30; i++) stage.frame(asks(201, scattered(i))).wait(0.01);
    expect(stage.alerts.map(({ key, observed, packet }) => [key, observed, packet])).toEqual([
      [macOf(200), 10, 10],
      [macOf(201), 25, 37],
    ]);
    expect(stage.alerts[0].explain).toBe(
      '10.0.0.200 (00:1b:21:00:00:c8) asked by ARP for 10 addresses in 0.09 s, limit 10.',
    );
  });

  it('miss: a router, who asks for whomever others want to reach', () => {
    const stage = new Stage(arpScan);
    for (const from of ['8.8.8.8', '9.9.9.9'])
      stage.flow('answered', { from, to: '10.0.0.9', ...sentBy(macOf(9)), ...sentTo(macOf(1)) });
    for (let i = 1; i <= 100; i++) stage.frame(asks(1, scattered(i))).wait(0.01);
    expect(stage.alerts).toEqual([]);
  });

  it('miss: a router with several addresses, as providers have', () => {
    const stage = new Stage(arpScan);
    for (let i = 1; i <= 100; i++)
      stage.frame(ask({ from: macOf(1), ip: `24.166.${172 + (i % 3)}.1`, target: scattered(i) })).wait(0.05);
    expect(stage.alerts).toEqual([]);
  });

  it('miss: few hosts again and again, and each question seen twice', () => {
    const stage = new Stage(arpScan);
    for (let i = 0; i < 100; i++) {
      stage.frame(asks(7, scattered(i % 9)));
      stage
        .wait(0.001)
        .frame(asks(7, scattered(i % 9)))
        .wait(0.2);
    }
    expect(stage.alerts).toEqual([]);
  });
});
