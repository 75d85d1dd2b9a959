// Proves that failures over a grid of hosts and ports make an alert, and that many peers with ports of their own make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { blockScan } from './block.ts';
import { verticalScan } from './vertical.ts';

describe('scan.block', () => {
  it('hit: six hosts with six ports each', () => {
    const stage = new Stage([verticalScan, blockScan]);
    for (let i = 0; i < 36; i++) {
      const flow = { to: `10.2.0.${1 + (i % 6)}`, rPort: 2000 + Math.floor(i / 6), oFlags: 2 };
      stage.flow('opened', flow).flow('rejected', flow).wait(1);
    }
    expect(stage.alerts.map(({ detector, observed }) => [detector, observed])).toEqual([['scan.block', 25]]);
    expect(stage.alerts[0].explain).toContain('failed to reach 25 pairs');
  });

  it('miss: 800 peers, each with a port of its own; a host that was named already', () => {
    const peers = new Stage(blockScan);
    for (let i = 1; i <= 800; i++)
      peers.flow('silent', { to: `10.2.${i >> 8}.${i & 255}`, rPort: 3000 + 7 * i, oFlags: 2 }).wait(0.5);
    expect(peers.alerts).toEqual([]);
    const named = new Stage([verticalScan, blockScan]);
    for (let i = 0; i < 100; i++) {
      const flow = { to: `10.2.0.${1 + (i % 5)}`, rPort: 20 + Math.floor(i / 5), oFlags: 2 };
      named.flow('opened', flow).flow('rejected', flow).wait(0.1);
    }
    expect(named.alerts.map(({ detector }) => detector)).toEqual(['scan.vertical']);
  });
});
