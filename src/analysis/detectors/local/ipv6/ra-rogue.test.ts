// Proves that another router with wares of its own is told, and the known ones are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { advertisement, local6, macOf } from '../golden/frames.ts';
import { raRogue } from './ra-rogue.ts';

/** The known router for ten minutes. */
function learned(): Stage {
  const stage = new Stage(raRogue);
  for (let i = 0; i < 20; i++) stage.frame(advertisement(macOf(1), local6(1))).wait(30);
  return stage;
}

describe('l2.ra-rogue', () => {
  it('hit: a new router with a prefix of its own', () => {
    const stage = learned().frame(advertisement(macOf(66), local6(0x66), { prefixes: [9] }));
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([['fe80::66', 'high']]);
    expect(stage.alerts[0].explain).toContain('prefix 2001:db8:9::');
  });

  it('hit: the name of the known router with another MAC, and a high preference from the start', () => {
    expect(
      learned()
        .frame(advertisement(macOf(66), local6(1)))
        .alerts.map(({ severity }) => severity),
    ).toEqual(['high']);
    const stage = new Stage(raRogue).frame(advertisement(macOf(1), local6(1))).wait(1);
    stage.frame(advertisement(macOf(66), local6(0x66), { preference: 1 }));
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['medium']);
  });

  it('a flood tells of few routers only', () => {
    const stage = learned();
    for (let i = 0; i < 300; i++) stage.frame(advertisement(macOf(66), local6(1000 + i), { prefixes: [i] })).wait(0.01);
    expect(stage.alerts).toHaveLength(8);
  });

  it('miss: one router, and two that were there from the start', () => {
    const stage = learned();
    const pair = new Stage(raRogue);
    for (let i = 0; i < 100; i++) pair.frame(advertisement(macOf(1 + (i % 2)), local6(1 + (i % 2)))).wait(30);
    expect([...stage.alerts, ...pair.alerts]).toEqual([]);
  });

  it('a redundant router that comes later is low', () => {
    expect(
      learned()
        .frame(advertisement(macOf(2), local6(2)))
        .alerts.map(({ severity }) => severity),
    ).toEqual(['low']);
  });
});
