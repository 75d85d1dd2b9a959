// Proves that another root and a topology without rest are told, and that a settled tree is not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { announces, bpdu, macOf } from '../golden/frames.ts';
import { spanningTree } from './spanning-tree.ts';

/** A tree with the root of station 2 for a minute. */
function settled(): Stage {
  const stage = new Stage(spanningTree);
  for (let i = 0; i < 30; i++) stage.frame(bpdu(macOf(3), macOf(2))).wait(2);
  return stage;
}

describe('l2.stp', () => {
  it('hit: a bridge of lower priority becomes the root; more when it is a host', () => {
    const stage = settled().frame(bpdu(macOf(66), macOf(66), { priority: 0 }));
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([[macOf(66), 'medium']]);
    const host = settled()
      .frame(announces(66))
      .frame(bpdu(macOf(66), macOf(66), { priority: 0 }));
    expect(host.alerts.map(({ severity }) => severity)).toEqual(['high']);
  });

  it('hit: six changes in a minute', () => {
    const stage = settled();
    for (let i = 0; i < 12; i++) stage.frame(bpdu(macOf(3), macOf(2), { hasChange: i % 2 === 0 })).wait(4);
    expect(stage.alerts.map(({ key, observed }) => [key, observed])).toEqual([['topology changes', 5]]);
  });

  it('miss: a settled tree, one change told for half a minute, and the old root that is lost', () => {
    const stage = settled();
    for (let i = 0; i < 15; i++) stage.frame(bpdu(macOf(3), macOf(2), { hasChange: true })).wait(2);
    stage.frame(bpdu(macOf(3), macOf(3), { priority: 0xf000 }));
    expect(stage.alerts).toEqual([]);
  });
});
