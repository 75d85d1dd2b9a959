// Proves that calls to unused local addresses make an alert once the network is known, and not before.

import { describe, expect, it } from 'vitest';
import { ethernet } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { darkScan } from './dark.ts';

/** A host of 192.168.7.0/24 asks for another. */
const arp = (host: number): number[] =>
  ethernet(0x0806, [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, host, 192, 168, 7, host, 0, 0, 0, 0, 0, 0, 192, 168, 7, 1]);

function network(stage: Stage, hosts: number): Stage {
  for (let host = 1; host <= hosts; host++) {
    if (host % 2 === 0) stage.frame(arp(host));
    else stage.flow('answered', { from: '192.168.7.1', to: `192.168.7.${host}` });
  }
  return stage;
}

const call = (stage: Stage, from: string, hosts: readonly number[]): Stage => {
  for (const host of hosts) stage.flow('silent', { from, to: `192.168.7.${host}`, rPort: 8000, oFlags: 2 }).wait(1);
  return stage;
};

describe('scan.dark', () => {
  it('hit: a stranger calls three unused addresses, a local host six', () => {
    const stage = call(network(new Stage(darkScan), 6), '8.8.8.8', [100, 101, 102]);
    expect(stage.alerts.map(({ key, observed }) => [key, observed])).toEqual([['8.8.8.8', 3]]);
    expect(call(stage, '192.168.7.2', [100, 101, 102, 103, 104]).alerts).toHaveLength(1);
    expect(call(stage, '192.168.7.2', [105]).alerts).toHaveLength(2);
  });

  it('miss: hosts that live, a network of which little is known, the broadcast address', () => {
    const stage = call(network(new Stage(darkScan), 6), '8.8.8.8', [1, 2, 3, 4, 5, 6, 100, 101, 0, 255]);
    expect(stage.alerts).toEqual([]);
    expect(call(network(new Stage(darkScan), 3), '8.8.8.8', [100, 101, 102, 103]).alerts).toEqual([]);
  });
});
