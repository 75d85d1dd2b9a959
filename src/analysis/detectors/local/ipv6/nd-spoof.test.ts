// Proves that taking addresses of others and denying new ones is told, and that owners may speak.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { advertises, local6, macOf, solicits } from '../golden/frames.ts';
import { ndSpoof } from './nd-spoof.ts';

describe('l2.nd-spoof', () => {
  it('hit: one takes the addresses of two others', () => {
    const stage = new Stage(ndSpoof);
    for (const n of [5, 6]) stage.frame(advertises(macOf(n), local6(n))).wait(1);
    stage.frame(advertises(macOf(66), local6(5))).wait(1);
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([[macOf(66), 'medium']]);
    stage.frame(advertises(macOf(66), local6(6)));
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['high']);
  });

  it('hit: every new address is denied', () => {
    const stage = new Stage(ndSpoof);
    for (let i = 0; i < 4; i++)
      stage
        .frame(solicits(macOf(5), local6(0), local6(200 + i)))
        .wait(0.01)
        .frame(advertises(macOf(66), local6(200 + i)))
        .wait(1);
    expect(stage.alerts.map(({ key, severity, packet }) => [key, severity, packet])).toEqual([[macOf(66), 'high', 6]]);
  });

  it('miss: a host that checks its address and then says that it has it', () => {
    const stage = new Stage(ndSpoof);
    for (let i = 0; i < 10; i++)
      stage
        .frame(solicits(macOf(5), local6(0), local6(200 + i)))
        .wait(1)
        .frame(advertises(macOf(5), local6(200 + i)))
        .wait(1);
    expect(stage.alerts).toEqual([]);
  });
});
