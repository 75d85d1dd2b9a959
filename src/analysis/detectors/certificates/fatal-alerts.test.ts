// Proves that many failed handshakes within a minute are told, and few, or ordinary ends, are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { fatalAlerts } from './fatal-alerts.ts';

const failed = { lastAlert: 'handshake_failure', established: false };

describe('tls.alerts', () => {
  it('hit: thirty in thirty seconds', () => {
    const stage = new Stage(fatalAlerts);
    for (let i = 0; i < 30; i++) stage.event('tls', failed, { sPort: 443 }).wait(1);
    expect(stage.alerts.map(({ packet, observed }) => [packet, observed])).toEqual([[20, 20]]);
  });

  it('miss: one a minute, and connections that were closed', () => {
    const stage = new Stage(fatalAlerts);
    for (let i = 0; i < 30; i++) stage.event('tls', failed).wait(60);
    for (let i = 0; i < 30; i++) stage.event('tls', { lastAlert: 'close_notify' });
    for (let i = 0; i < 30; i++) stage.event('tls', { lastAlert: 'unknown_ca', established: true });
    expect(stage.alerts).toEqual([]);
  });
});
