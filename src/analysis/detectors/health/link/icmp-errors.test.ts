// Proves that errors again and again are told, a loop as such, and a few are not.

import { describe, expect, it } from 'vitest';
import { ethernet, ipv4, plainTcp } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { icmpErrors } from './icmp-errors.ts';

describe('perf.icmp-errors', () => {
  const error = (type: number) => ethernet(0x0800, ipv4(1, [type, 0, 0, 0, 0, 0, 0, 0, ...plainTcp.slice(0, 28)]));

  it('hit: time exceeded for one flow', () => {
    const stage = new Stage(icmpErrors);
    for (let i = 0; i < 6; i++) stage.frame(error(11)).wait(0.5);
    expect(stage.alerts[0].explain).toContain('said “time exceeded” 5 times');
    expect(stage.alerts[0].explain).toContain('a routing loop');
  });

  it('miss: four in a minute', () => {
    const stage = new Stage(icmpErrors);
    for (let i = 0; i < 4; i++) stage.frame(error(3)).wait(10);
    expect(stage.alerts).toEqual([]);
  });
});
