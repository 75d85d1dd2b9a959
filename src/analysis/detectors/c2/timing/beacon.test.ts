// Proves that an even beat to a server outside is told, jittered or exact, and that people, mail, name servers and updates are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { beacon } from './beacon.ts';

const to = '93.184.216.9';
/** Jitter that is the same each time, between -1 and 1. */
const jitter = (i: number): number => Math.sin(i * 12.9898);

function connect(stage: Stage, i: number, sec: number, more: object = {}, sent = 800): void {
  const flow = { to, rPort: 443, id: i + 1, oPort: 40_000 + i, ...more };
  stage.flow('established', flow).wait(0.2);
  stage.flow('closed', { ...flow, oPayload: sent, rPayload: 5000 }).wait(sec - 0.2);
}

describe('c2.beacon', () => {
  it('hit: ten connections a minute apart with some jitter', () => {
    const stage = new Stage(beacon);
    for (let i = 0; i < 10; i++) connect(stage, i, 60 + 5 * jitter(i));
    expect(stage.alerts).toMatchObject([{ detector: 'c2.beacon', severity: 'medium', observed: 10, targets: [to] }]);
    expect(stage.alerts[0].explain).toMatch(/connected 10 times to 93\.184\.216\.9 port 443, every 6\d s/);
  });

  it('hit: five at an exact beat are a hint, ten an alarm of the same', () => {
    const stage = new Stage(beacon);
    for (let i = 0; i < 5; i++) connect(stage, i, 60);
    expect(stage.alerts).toMatchObject([{ severity: 'low', observed: 5 }]);
    for (let i = 5; i < 12; i++) connect(stage, i, 60);
    expect(stage.alerts).toMatchObject([{ severity: 'medium' }]);
  });

  it('hit: inside the network it is information', () => {
    const stage = new Stage(beacon);
    for (let i = 0; i < 10; i++) connect(stage, i, 60, { to: '10.0.0.9' });
    expect(stage.alerts).toMatchObject([{ severity: 'info' }]);
  });

  it('miss: a person who reads pages', () => {
    const stage = new Stage(beacon);
    for (let i = 0; i < 200; i++) connect(stage, i, 1 + (i % 11) ** 2, {}, 300 + ((i * 7919) % 3000));
    expect(stage.alerts).toEqual([]);
  });

  it('miss: even, but each time another amount; mail; time; who comes from outside; updates', () => {
    const stage = new Stage(beacon);
    stage.event('tls', { sni: 'v10.events.data.microsoft.com' }, { to: '93.184.216.20', sPort: 443 });
    for (let i = 0; i < 20; i++) {
      connect(stage, i, 30 + 3 * jitter(i), {}, 500 * (1 + (i % 5)));
      connect(stage, i, 0.3, { to: '93.184.216.10', rPort: 25 });
      connect(stage, i, 0.3, { to: '93.184.216.11', rPort: 123, proto: 17 });
      connect(stage, i, 0.3, { from: '93.184.216.12', to: '10.0.0.2' });
      connect(stage, i, 0.3, { to: '93.184.216.20' });
    }
    expect(stage.end().alerts).toEqual([]);
  });

  it('miss: all at the same instant', () => {
    const stage = new Stage(beacon);
    for (let i = 0; i < 100; i++) stage.flow('established', { to, rPort: 443, id: i + 1 });
    expect(stage.alerts).toEqual([]);
  });
});
