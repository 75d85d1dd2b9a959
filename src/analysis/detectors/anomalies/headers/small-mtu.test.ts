// Proves that impossible packet sizes in ICMP errors make an alert, and that possible ones make none.

import { describe, expect, it } from 'vitest';
import { be16, be32, ethernet, ipv4, ipv6 } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { smallMtu } from './small-mtu.ts';

const tooBig6 = (size: number): number[] => ethernet(0x86dd, ipv6(58, [2, 0, 0, 0, ...be32(size), 1, 2, 3, 4]));
const tooBig4 = (size: number): number[] => ethernet(0x0800, ipv4(1, [3, 4, 0, 0, 0, 0, ...be16(size), 1, 2, 3, 4]));

describe('proto.small-mtu', () => {
  it('hit: 1,200 bytes of IPv6, 68 bytes of IPv4', () => {
    expect(new Stage(smallMtu).frame(tooBig6(1200)).alerts).toMatchObject([{ observed: 1200, threshold: 1280 }]);
    expect(new Stage(smallMtu).frame(tooBig4(68)).alerts).toMatchObject([{ observed: 68, severity: 'medium' }]);
  });

  it('miss: 1,280 and 1,400 bytes, a field left empty, another error', () => {
    const stage = new Stage(smallMtu).frame(tooBig6(1280)).frame(tooBig4(1400)).frame(tooBig4(0));
    stage.frame(ethernet(0x0800, ipv4(1, [3, 1, 0, 0, 0, 0, 0, 68, 1, 2, 3, 4])));
    expect(stage.alerts).toEqual([]);
  });
});
