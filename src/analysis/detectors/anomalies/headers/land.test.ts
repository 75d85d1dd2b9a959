// Proves that a packet from a host to itself makes an alert, and that loopback, other ports and other hosts make none.

import { describe, expect, it } from 'vitest';
import { ethernet, ipv4, tcp } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { land } from './land.ts';

/** A SYN from an address to itself. */
function toItself(address: number[], port: number, macs: number[] | null = null): number[] {
  const segment = tcp([]);
  segment[0] = port >> 8;
  segment[1] = port & 255;
  segment[13] = 2;
  const packet = ipv4(6, segment);
  packet.splice(12, 8, ...address, ...address);
  const frame = ethernet(0x0800, packet);
  if (macs !== null) frame.splice(0, 12, ...macs);
  return frame;
}

describe('proto.land', () => {
  it('hit: a SYN from a host to itself, port and all', () => {
    const stage = new Stage(land).frame(toItself([192, 168, 1, 9], 443)).frame(toItself([192, 168, 1, 9], 443));
    expect(stage.alerts).toMatchObject([{ severity: 'high', key: '192.168.1.9', observed: 2, packet: 1 }]);
  });

  it('miss: another port, the loopback network, an empty MAC address', () => {
    const stage = new Stage(land);
    stage.frame(toItself([192, 168, 1, 9], 444)).frame(toItself([127, 0, 0, 1], 443));
    stage.frame(toItself([192, 168, 1, 9], 443, new Array(12).fill(0)));
    stage.frame(ethernet(0x0800, ipv4(6, tcp([]))));
    expect(stage.alerts).toEqual([]);
  });
});
