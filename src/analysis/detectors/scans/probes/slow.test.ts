// Proves that one try in five minutes shows after hours, and that a laptop with a dead printer does not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { slowScan } from './slow.ts';
import { verticalScan } from './vertical.ts';

describe('scan.slow', () => {
  it('hit: a port in five minutes for eight hours', () => {
    const stage = new Stage([verticalScan, slowScan]);
    for (let i = 0; i < 96; i++) stage.flow('silent', { rPort: 20 + i, oFlags: 2 }).wait(300);
    expect(stage.alerts.map(({ detector, observed, severity }) => [detector, observed, severity])).toEqual([
      ['scan.slow', 94, 'medium'],
    ]);
    expect(stage.alerts[0].packet).toBe(20);
    expect(stage.alerts[0].explain).toContain('one in 5 min');
  });

  it('miss: five dead servers for a day, and failures among many answers', () => {
    const stage = new Stage(slowScan);
    for (let i = 0; i < 300; i++) stage.flow('silent', { to: `10.0.1.${i % 5}`, rPort: 9100, oFlags: 2 }).wait(300);
    for (let i = 0; i < 60; i++) {
      for (let k = 0; k < 3; k++) stage.flow('answered', { from: '10.0.0.8', rPort: 443 });
      stage.flow('silent', { from: '10.0.0.8', to: `10.4.0.${i}`, rPort: 443, oFlags: 2 }).wait(300);
    }
    expect(stage.alerts).toEqual([]);
  });
});
