// Proves that one inner host that reaches five others by the doors of administrators is told, and everyday use is not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { fanOut } from './fan-out.ts';

describe('lateral.fan-out', () => {
  it('hit: six hosts by SMB within minutes', () => {
    const stage = new Stage(fanOut);
    for (let i = 2; i < 8; i++) stage.flow('established', { to: `10.0.0.${i}`, rPort: 445 }).wait(60);
    expect(stage.alerts.map(({ severity, packet, observed }) => [severity, packet, observed])).toEqual([
      ['medium', 5, 5],
    ]);
    expect(stage.alerts[0].explain).toContain('connected to 5 hosts');
  });

  it('miss: one host often, many by HTTP, many outside, many over a day', () => {
    const stage = new Stage(fanOut);
    for (let i = 0; i < 20; i++) stage.flow('established', { to: '10.0.0.2', rPort: 22 });
    for (let i = 2; i < 9; i++) stage.flow('established', { to: `10.0.0.${i}`, rPort: 80 });
    for (let i = 2; i < 9; i++) stage.flow('established', { to: `93.184.216.${i}`, rPort: 22 });
    for (let i = 2; i < 9; i++) stage.wait(3000).flow('established', { to: `10.0.1.${i}`, rPort: 3389 });
    expect(stage.alerts).toEqual([]);
  });
});
