// Proves that a fragment beyond the end of any datagram makes an alert, and that the last one of the longest makes none.

import { describe, expect, it } from 'vitest';
import { ethernet, ipv4 } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { pingOfDeath } from './ping-of-death.ts';

/** A last fragment of an echo at an offset, with so many bytes. */
const last = (offset: number, length: number): number[] =>
  ethernet(0x0800, ipv4(1, new Array(length).fill(65), { fragment: offset >> 3 }));

describe('proto.ping-of-death', () => {
  it('hit: ends beyond 65,535 bytes', () => {
    const stage = new Stage(pingOfDeath).frame(last(65_120, 400)).frame(last(65_120, 400));
    expect(stage.alerts).toMatchObject([{ severity: 'high', packet: 1, observed: 2, key: '10.0.0.1' }]);
  });

  it('miss: the longest datagram there may be', () => {
    expect(new Stage(pingOfDeath).frame(last(65_120, 395)).frame(last(1480, 400)).alerts).toEqual([]);
  });
});
