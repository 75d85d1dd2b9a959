// Proves that a flood of connection requests makes one alert whether its sources are many or one, answered or not, and
// in no time; and that a crowd, a port scan and a slow failing server make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { synFlood } from './syn-flood.ts';

const source = (n: number): string => `198.51.${(n >>> 8) & 255}.${n & 255}`;

describe('flood.syn', () => {
  it('hit: many forged sources; told once, with newer numbers', () => {
    const stage = new Stage(synFlood);
    for (let n = 0; n < 2000; n++) stage.flow('opened', { from: source(n) }).wait(0.001);
    expect(stage.alerts).toHaveLength(1);
    const [alert] = stage.alerts;
    expect([alert.key, alert.severity, alert.packet, alert.targets]).toEqual(['10.0.0.2', 'high', 100, ['10.0.0.2']]);
    expect(alert.observed).toBeGreaterThanOrEqual(1000);
    expect(alert.explain).toContain('0 were completed');
  });

  it('hit: one source, answered with SYN-ACK, never completed', () => {
    const stage = new Stage(synFlood);
    for (let n = 0; n < 120; n++)
      stage
        .flow('opened', { oPort: 1024 + n })
        .flow('answered', { rPackets: 1 })
        .wait(0.001);
    expect(stage.alerts.map(({ key, sources }) => [key, sources])).toEqual([['10.0.0.2', ['10.0.0.1']]]);
  });

  it('hit: all at one instant, told at the end at the latest', () => {
    const stage = new Stage(synFlood);
    for (let n = 0; n < 300; n++) stage.flow('opened', { from: source(n), rPort: 443 });
    stage.end();
    expect(stage.alerts).toHaveLength(1);
  });

  it('hit: a burst of forty from forged sources, at medium', () => {
    const stage = new Stage(synFlood);
    for (let n = 0; n < 40; n++) stage.flow('opened', { from: source(n) }).wait(0.000_02);
    stage.end();
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['medium']);
  });

  it('hit: all ports of a host from many sources', () => {
    const stage = new Stage(synFlood);
    for (let n = 0; n < 400; n++) stage.flow('opened', { from: source(n), rPort: 1000 + n }).wait(0.001);
    expect(stage.alerts.map(({ key }) => key)).toEqual(['10.0.0.2']);
    expect(stage.alerts[0].explain).toContain('many ports');
  });

  it('miss: a crowd that completes its handshakes', () => {
    const stage = new Stage(synFlood);
    for (let n = 0; n < 2000; n++) {
      stage.flow('opened', { from: source(n) }).wait(0.0005);
      stage.flow('established', { from: source(n), oPackets: 2, rPackets: 1 }).wait(0.0005);
    }
    stage.end();
    expect(stage.alerts).toEqual([]);
  });

  it('miss: only the client’s direction is captured', () => {
    const stage = new Stage(synFlood);
    for (let n = 0; n < 2000; n++) {
      stage.flow('opened', { from: source(n) }).wait(0.0005);
      stage.flow('retried', { from: source(n), oPackets: 2, tcpFlags: 16 }).wait(0.0005);
    }
    stage.end();
    expect(stage.alerts).toEqual([]);
  });

  it('miss: a scan of a thousand ports, and a failed server that few ask', () => {
    const stage = new Stage(synFlood);
    for (let n = 0; n < 1000; n++) stage.flow('opened', { rPort: 1 + n }).wait(0.001);
    for (let n = 0; n < 600; n++) stage.flow('opened', { to: '10.0.0.9', from: source(n % 8) }).wait(0.1);
    stage.end();
    expect(stage.alerts).toEqual([]);
  });
});
