// Proves that pings from addresses that stand for many, and many to everybody, make an alert; a few to everybody make none.

import { describe, expect, it } from 'vitest';
import { ethernet, hex, icmpEcho, ipv4, ipv6 } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { smurf } from './smurf.ts';

const everybody = [255, 255, 255, 255, 255, 255];

function pingAll(source: number[]): number[] {
  const packet = ipv4(1, icmpEcho([1, 2, 3, 4]));
  packet.splice(12, 8, ...source, 10, 0, 0, 255);
  const frame = ethernet(0x0800, packet);
  frame.splice(0, 6, ...everybody);
  return frame;
}

describe('proto.smurf', () => {
  it('hit: one ping from a multicast address', () => {
    const packet = ipv6(58, [128, 0, 0, 0, 0, 0, 0, 0]);
    packet.splice(8, 16, ...hex('ff02 0000 0000 0000 0000 0000 0000 0001'));
    const stage = new Stage(smurf);
    for (let i = 0; i < 1000; i++) stage.frame(ethernet(0x86dd, packet));
    expect(stage.alerts).toMatchObject([{ severity: 'high', packet: 1, key: 'fe80::200:0:ffff:fffe' }]);
    expect(stage.told.length).toBeLessThanOrEqual(4);
  });

  it('hit: many pings to everybody', () => {
    const stage = new Stage(smurf);
    for (let i = 0; i < 25; i++) stage.frame(pingAll([10, 0, 0, 7])).wait(0.01);
    expect(stage.alerts).toMatchObject([{ severity: 'medium', packet: 20, key: '10.0.0.7', targets: ['10.0.0.7'] }]);
  });

  it('miss: three pings to everybody, and many to one', () => {
    const stage = new Stage(smurf);
    for (let i = 0; i < 3; i++) stage.frame(pingAll([10, 0, 0, 7])).wait(1);
    for (let i = 0; i < 100; i++) stage.frame(ethernet(0x0800, ipv4(1, icmpEcho([1, 2, 3, 4]))));
    expect(stage.alerts).toEqual([]);
  });
});
