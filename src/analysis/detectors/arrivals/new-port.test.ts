// Proves that a port that opens after an hour is told, and that ports of clients and services elsewhere are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { newService } from './new-port.ts';

/** An hour in which a web server answers. */
function learned(): Stage {
  const stage = new Stage(newService);
  for (let i = 0; i < 130; i++) stage.flow('answered', { from: '10.0.0.5', to: '10.0.0.6', rPort: 443 }).wait(30);
  return stage;
}

describe('new.service', () => {
  it('hit: another port of a known host', () => {
    const stage = learned();
    for (let i = 0; i < 3; i++) stage.flow('answered', { from: '10.0.0.5', to: '10.0.0.6', rPort: 4444 }).wait(5);
    expect(stage.alerts.map(({ key, filter }) => [key, filter])).toEqual([
      ['10.0.0.6 4444/tcp', 'ip.dst == 10.0.0.6 && tcp.dstport == 4444'],
    ]);
  });

  it('miss: the same port, high ports, servers elsewhere, ports of UDP without a meaning', () => {
    const stage = learned();
    stage.flow('answered', { from: '10.0.0.7', to: '10.0.0.6', rPort: 443 });
    stage.flow('answered', { from: '10.0.0.7', to: '10.0.0.6', rPort: 50_123 });
    stage.flow('answered', { from: '10.0.0.7', to: '9.9.9.9', rPort: 22 });
    stage.flow('answered', { from: '10.0.0.7', to: '10.0.0.6', rPort: 9999, proto: 17 });
    expect(stage.alerts).toEqual([]);
  });
});
