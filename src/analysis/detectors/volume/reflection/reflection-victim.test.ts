// Proves that answers nobody asked for make one alert per service, over UDP and TCP, and that a resolver's own traffic
// and a few stray answers make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { reflectionVictim } from './reflection-victim.ts';

const server = (n: number): string => `198.51.${(n >>> 8) & 255}.${n & 255}`;
/** The ports tell that the victim is the originator, but the first packet came from the server. */
const answer = { proto: 17, rPort: 53, oPackets: 0, rPackets: 1, isFromOriginator: false };

describe('drdos.victim', () => {
  it('hit: DNS answers of many servers', () => {
    const stage = new Stage(reflectionVictim);
    for (let n = 0; n < 500; n++) stage.flow('answered', { from: '10.0.0.9', to: server(n), ...answer }).wait(0.01);
    expect(stage.alerts.map(({ key, targets }) => [key, targets])).toEqual([['10.0.0.9 DNS', ['10.0.0.9']]]);
    expect(stage.alerts[0].explain).toContain('DNS answers that it had not asked for');
  });

  it('hit: memcached answers whose direction the first packet told, in a short capture', () => {
    const stage = new Stage(reflectionVictim);
    for (let n = 0; n < 60; n++)
      stage.flow('opened', { proto: 17, from: server(n), oPort: 11211, to: '10.0.0.9', rPort: 40_000 }).wait(0.001);
    expect(stage.alerts.map(({ key }) => key)).toEqual(['10.0.0.9 memcached']);
  });

  it('hit: SYN-ACKs and resets, all at one instant', () => {
    const stage = new Stage(reflectionVictim);
    for (let n = 0; n < 200; n++) {
      const flags = { tcpFlags: n % 4 === 0 ? 4 : 18, oPackets: 0, rPackets: 1, isFromOriginator: false };
      stage.flow(n % 4 === 0 ? 'rejected' : 'answered', { from: '10.0.0.9', to: server(n), ...flags });
    }
    expect(stage.alerts.map(({ key }) => key)).toEqual(['10.0.0.9 TCP']);
  });

  it('miss: a resolver that asks many servers', () => {
    const stage = new Stage(reflectionVictim);
    for (let n = 0; n < 1000; n++) {
      stage.flow('opened', { from: '10.0.0.9', to: server(n), proto: 17, rPort: 53 });
      stage.flow('answered', { from: '10.0.0.9', to: server(n), proto: 17, rPort: 53, rPackets: 1 }).wait(0.005);
      // Some answers come in another order than their questions.
      if (n % 10 === 0) stage.flow('answered', { from: '10.0.0.9', to: server(n), ...answer });
    }
    expect(stage.alerts).toEqual([]);
  });

  it('miss: late answers of one server, and a few strays', () => {
    const stage = new Stage(reflectionVictim);
    for (let n = 0; n < 1000; n++) stage.flow('answered', { from: '10.0.0.9', to: server(1), ...answer }).wait(0.005);
    for (let n = 0; n < 50; n++) stage.flow('answered', { from: '10.0.0.8', to: server(n), ...answer }).wait(5);
    expect(stage.alerts).toEqual([]);
  });
});
