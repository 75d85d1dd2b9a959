// Proves that soliciting many addresses is a scan, and that asking for neighbours and for one's own address is none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { local6, macOf, solicits } from '../golden/frames.ts';
import { ndScan } from './nd-scan.ts';

describe('l2.nd-scan', () => {
  it('hit: forty addresses in four seconds', () => {
    const stage = new Stage(ndScan);
    for (let i = 0; i < 40; i++) stage.frame(solicits(macOf(66), local6(0x66), local6(100 + i))).wait(0.1);
    expect(stage.alerts.map(({ key, packet, observed }) => [key, packet, observed])).toEqual([[macOf(66), 25, 25]]);
  });

  it('miss: five neighbours again and again, and forty hosts that check their own address', () => {
    const stage = new Stage(ndScan);
    for (let i = 0; i < 200; i++) stage.frame(solicits(macOf(5), local6(5), local6(10 + (i % 5)))).wait(0.1);
    for (let i = 0; i < 40; i++) stage.frame(solicits(macOf(70), local6(0), local6(100 + i))).wait(0.1);
    expect(stage.alerts).toEqual([]);
  });
});
