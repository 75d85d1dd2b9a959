// Proves that many sources with one port, or with many ports, of a host make an alert, and that a served port makes none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { distributedScan } from './distributed.ts';

describe('scan.distributed', () => {
  it('hit: twenty sources that try one port in vain, low; that go through the ports, medium', () => {
    const one = new Stage(distributedScan);
    for (let i = 1; i <= 30; i++) one.flow('silent', { from: `10.6.0.${i}`, rPort: 5555, oFlags: 2 }).wait(1);
    expect(one.alerts.map(({ packet, severity, key }) => [packet, severity, key])).toEqual([
      [20, 'low', '10.0.0.2 port 5555'],
    ]);
    const many = new Stage(distributedScan);
    for (let i = 1; i <= 30; i++) many.flow('silent', { from: `10.6.0.${i}`, rPort: 5000 + i, oFlags: 2 }).wait(1);
    expect(many.alerts.map(({ severity, key }) => [severity, key])).toEqual([['medium', '10.0.0.2']]);
  });

  it('miss: a busy service that answers most, nineteen sources, one source', () => {
    const stage = new Stage(distributedScan);
    for (let i = 1; i <= 60; i++) {
      stage.flow(i === 1 || i % 2 === 0 ? 'silent' : 'answered', { from: `10.6.0.${i}`, rPort: 80, oFlags: 2 });
      stage.flow('silent', { from: '10.0.0.1', rPort: 81, oFlags: 2, oPort: 40_000 + i });
      stage.flow('silent', { from: `10.6.1.${i % 19}`, rPort: 82, oFlags: 2 }).wait(1);
    }
    expect(stage.alerts).toEqual([]);
  });
});
