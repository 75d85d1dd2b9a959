// Proves that two tags with the native VLAN outside and a host that wants a trunk are told, and that provider tags
// are not.

import { describe, expect, it } from 'vitest';
import { be16, hex, icmpEcho, ipv4, vlan } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { announces, everyone, frame, macOf, sentBy } from '../golden/frames.ts';
import { vlanHop } from './vlan-hop.ts';

const ping = ipv4(1, icmpEcho([]));
const tagged = (outerType: number, outer: number, inner: number): number[] =>
  frame(macOf(66), everyone, outerType, vlan(outer, 0x8100, vlan(inner, 0x0800, ping)));
const dtp = (n: number): number[] => {
  const body = [...hex('aaaa0300000c2004 01 0001 0008 00000000')];
  return [...hex('01000ccccccc'), ...hex(macOf(n).replaceAll(':', '')), ...be16(body.length), ...body];
};

describe('l2.vlan-hop', () => {
  it('hit: pings and a conversation with two tags', () => {
    const stage = new Stage(vlanHop);
    for (let i = 0; i < 3; i++) stage.frame(tagged(0x8100, 1, 20)).wait(1);
    expect(stage.alerts.map(({ key, observed }) => [key, observed])).toEqual([[`${macOf(66)} → VLAN 20`, 3]]);
    const flows = new Stage(vlanHop);
    for (let i = 0; i < 3; i++) flows.flow('opened', { ...sentBy(macOf(66)), vlan: 1, vlanInner: 30 });
    expect(flows.alerts).toHaveLength(1);
  });

  it('hit: a host negotiates a trunk; a switch that offers one is told as info', () => {
    const stage = new Stage(vlanHop).frame(announces(66)).frame(dtp(66)).frame(dtp(3));
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([
      [macOf(66), 'medium'],
      [macOf(3), 'info'],
    ]);
  });

  it('miss: tags of a provider, another VLAN outside, one tag', () => {
    const stage = new Stage(vlanHop);
    for (let i = 0; i < 10; i++) {
      stage.frame(tagged(0x88a8, 1, 20)).frame(tagged(0x8100, 7, 20));
      stage.frame(frame(macOf(66), everyone, 0x8100, vlan(1, 0x0800, ping)));
    }
    expect(stage.alerts).toEqual([]);
  });
});
