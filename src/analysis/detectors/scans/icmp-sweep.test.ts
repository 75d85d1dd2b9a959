// Proves that many pinged hosts make one alert that names its numbers, and that pinging few hosts often makes none.

import { describe, expect, it } from 'vitest';
import { ethernet, ipv4 } from '../../../capture/wire/golden/build.ts';
import { Stage } from '../golden/stage.ts';
import { icmpSweep } from './icmp-sweep.ts';

/** An echo request of 192.168.0.1 to a host of 10.0.0.0/24. */
function ping(host: number): number[] {
  const packet = ipv4(1, [8, 0, 0, 0, 0, 1, 0, 1]);
  packet.splice(16, 4, 10, 0, 0, host);
  return ethernet(0x0800, packet);
}

describe('scan.icmp', () => {
  it('hit: twelve hosts in a second', () => {
    const stage = new Stage(icmpSweep);
    for (let host = 1; host <= 12; host++) stage.frame(ping(host)).wait(0.1);
    expect(stage.alerts).toHaveLength(1);
    const [alert] = stage.alerts;
    expect([alert.detector, alert.packet, alert.observed, alert.firstPacket]).toEqual(['scan.icmp', 10, 10, 1]);
    expect(alert.explain).toContain('pinged 10 hosts in 0.9 s');
  });

  it('miss: three hosts a hundred times, and twelve within ten minutes', () => {
    const stage = new Stage(icmpSweep);
    for (let i = 0; i < 100; i++) stage.frame(ping(1 + (i % 3))).wait(0.1);
    for (let host = 1; host <= 12; host++) stage.frame(ping(host)).wait(50);
    expect(stage.alerts).toEqual([]);
  });
});
