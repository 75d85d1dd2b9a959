// Proves that TTL changes in several connections of a host make an alert, and that one, or small ones, make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { ttl } from './ttl.ts';

const flow = { isEstablished: true, oPackets: 9, rPackets: 9 };

describe('proto.ttl', () => {
  it('hit: three connections whose server’s TTL changes by nine', () => {
    const stage = new Stage(ttl);
    for (let i = 0; i < 4; i++) stage.flow('ended', { ...flow, oPort: 5000 + i, rTtlSpread: 9 });
    expect(stage.alerts).toMatchObject([{ severity: 'low', key: '10.0.0.2', packet: 3 }]);
  });

  it('miss: two connections, small changes, a few packets, three within an hour', () => {
    const stage = new Stage(ttl);
    stage.flow('ended', { ...flow, rTtlSpread: 9 }).flow('ended', { ...flow, rTtlSpread: 9 });
    for (let i = 0; i < 9; i++) {
      stage.flow('ended', { ...flow, from: '10.0.0.3', oTtlSpread: 1 });
      stage.flow('ended', { ...flow, from: '10.0.0.4', oTtlSpread: 64, oPackets: 2 });
      stage.wait(1300).flow('ended', { ...flow, from: '10.0.0.5', oTtlSpread: 64 });
    }
    expect(stage.alerts).toEqual([]);
  });
});
