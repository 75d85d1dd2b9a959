// Proves that Heartbleed is one alert that grows with what was seen, and that other contradictions are none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { heartbleed } from './heartbleed.ts';

const weird = (name: string) => ({ name, protocol: 'tls', detail: '16365 bytes asked for, 1 sent' });

describe('tls.heartbleed', () => {
  it('hit: high when asked, critical when answered, in one alert', () => {
    const stage = new Stage(heartbleed).event('weird', weird('tls_heartbeat_overread'), { sPort: 443 });
    expect(stage.alerts.map(({ severity, packet }) => [severity, packet])).toEqual([['high', 1]]);
    stage.event('weird', weird('tls_heartbeat_leak'), { sPort: 443 });
    stage.event('weird', weird('tls_heartbeat_overread'), { sPort: 443 });
    expect(stage.alerts.map(({ severity, packet }) => [severity, packet])).toEqual([['critical', 1]]);
  });

  it('hit: an early one is less sure', () => {
    const [alert] = new Stage(heartbleed).event('weird', weird('tls_heartbeat_early')).alerts;
    expect([alert.severity, alert.confidence]).toEqual(['medium', 0.6]);
  });

  it('miss', () => {
    expect(new Stage(heartbleed).event('weird', weird('tls_invalid_record')).event('weird', {}).alerts).toEqual([]);
  });
});
