// Proves that reaching a listed address is told, being reached less severely, and that lists without a match are silent.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { intelAddress } from './address.ts';
import { listed } from './golden/listed.ts';

const bad = listed('203.0.113.9', '198.51.100.0/24');
const summary = (stage: Stage): unknown[] =>
  stage.alerts.map(({ key, severity, observed, confidence }) => [key, severity, observed, confidence]);

describe('intel.address', () => {
  it('hit: tried, then reached', () => {
    const stage = new Stage(intelAddress, {}, bad);
    stage.flow('opened', { to: '203.0.113.9' });
    expect(summary(stage)).toEqual([['10.0.0.1 → 203.0.113.9', 'medium', 1, 0.8]]);
    stage.flow('answered', { to: '203.0.113.9' });
    expect(stage.alerts[0].severity).toBe('medium');
    stage.flow('established', { to: '203.0.113.9' });
    expect(summary(stage)).toEqual([['10.0.0.1 → 203.0.113.9', 'high', 2, 0.8]]);
    expect(stage.alerts[0].explain).toBe('10.0.0.1 talked to 203.0.113.9:80, which is on the list bad.txt (2 times).');
  });

  it('hit: a network, over UDP', () => {
    const stage = new Stage(intelAddress, {}, bad);
    stage.flow('answered', { to: '198.51.100.77', proto: 17 });
    expect(stage.alerts[0]).toMatchObject({ severity: 'high' });
    expect(stage.alerts[0].explain).toContain('bad.txt as 198.51.100.0/24');
  });

  it('hit: knocking from listed addresses is one alert a target, being let in one each', () => {
    const stage = new Stage(intelAddress, {}, bad);
    for (let i = 0; i < 100; i++) stage.flow('opened', { from: `198.51.100.${i}`, to: '10.0.0.2' });
    stage.flow('established', { from: '198.51.100.5', to: '10.0.0.2' });
    expect(summary(stage)).toEqual([
      ['listed → 10.0.0.2', 'low', 64, 0.8],
      ['198.51.100.5 → 10.0.0.2', 'medium', 1, 0.8],
    ]);
  });

  it('miss: others, and no lists', () => {
    const stage = new Stage(intelAddress, {}, bad);
    stage.flow('established', { to: '203.0.113.10' }).flow('established', { to: '2001:db8::1', from: '2001:db8::2' });
    const without = new Stage(intelAddress);
    without.flow('established', { to: '203.0.113.9' });
    expect([...stage.alerts, ...without.alerts]).toEqual([]);
  });

  it('finds lists that were exchanged', () => {
    const source = listed('192.0.2.1');
    const stage = new Stage(intelAddress, {}, source);
    stage.flow('established', { to: '203.0.113.9' });
    source.lists = bad.lists;
    stage.flow('established', { to: '203.0.113.9' });
    expect(stage.alerts).toHaveLength(1);
  });
});
