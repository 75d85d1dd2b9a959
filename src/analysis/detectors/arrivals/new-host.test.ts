// Proves that a local address that takes part after an hour is told, and hosts elsewhere and unanswered ones are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { newHost } from './new-host.ts';

/** An hour in which two hosts speak. */
function learned(): Stage {
  const stage = new Stage(newHost);
  for (let i = 0; i < 130; i++) stage.flow('answered', { from: '10.0.0.5', to: '10.0.0.6' }).wait(30);
  return stage;
}

describe('new.host', () => {
  it('hit: once, by name', () => {
    const stage = learned();
    for (let i = 0; i < 3; i++) stage.flow('answered', { from: '10.0.0.66', to: '8.8.8.8' }).wait(5);
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([['10.0.0.66', 'info']]);
  });

  it('miss: known hosts, hosts elsewhere, forged sources, IPv6 addresses made up for a day', () => {
    const stage = learned();
    stage.flow('answered', { from: '10.0.0.5', to: '9.9.9.9' });
    for (let i = 0; i < 50; i++) stage.flow('opened', { from: `10.9.9.${i}`, to: '10.0.0.5' });
    stage.flow('answered', { from: 'fd00::1234:5678:9abc:def0', to: 'fd00::1234:5678:9abc:1' });
    expect(stage.alerts).toEqual([]);
  });
});
