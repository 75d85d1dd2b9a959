// Proves that a router put out of service in its name is told, and that one that says so itself is not.

import { describe, expect, it } from 'vitest';
import { hex } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { advertisement, local6, macOf } from '../golden/frames.ts';
import { raKill } from './ra-kill.ts';

const router = local6(1);
const dead = { lifetimeSec: 0, prefixes: [] };

describe('l2.ra-kill', () => {
  it('hit: another station speaks in the name of the router; one alert', () => {
    const stage = new Stage(raKill).frame(advertisement(macOf(1), router)).wait(10);
    for (let i = 0; i < 50; i++) stage.frame(advertisement(macOf(66), router, dead)).wait(3);
    expect(stage.alerts.map(({ key, packet, severity }) => [key, packet, severity])).toEqual([['fe80::1', 2, 'high']]);
    expect(stage.alerts[0].explain).toContain(`the router itself is ${macOf(1)}`);
  });

  it('hit: the address belongs to another MAC, before the router was ever heard', () => {
    const made = hex('fe80000000000000 66006afffe5b8eb3');
    const stage = new Stage(raKill).frame(advertisement('00:50:b6:19:e6:50', made, dead));
    expect(stage.alerts[0].explain).toContain('its address belongs to 64:00:6a:5b:8e:b3');
  });

  it('hit: forged with its MAC as well, and the router comes back each time', () => {
    const stage = new Stage(raKill);
    for (let i = 0; i < 5; i++)
      stage
        .frame(advertisement(macOf(1), router))
        .wait(5)
        .frame(advertisement(macOf(1), router, dead))
        .wait(5);
    expect(stage.alerts).toHaveLength(1);
  });

  it('miss: a router that is shut down, and one that is none for others', () => {
    const stage = new Stage(raKill).frame(advertisement(macOf(1), router)).wait(100);
    for (let i = 0; i < 3; i++) stage.frame(advertisement(macOf(1), router, dead)).wait(1);
    for (let i = 0; i < 30; i++) stage.frame(advertisement(macOf(2), local6(2), dead)).wait(30);
    expect(stage.alerts).toEqual([]);
  });
});
