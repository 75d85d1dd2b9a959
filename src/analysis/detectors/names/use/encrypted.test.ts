// Proves that DNS over HTTPS, TLS and QUIC is told once for each client and resolver, and that other traffic is not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { doh, doq, dot } from './encrypted.ts';

describe('dns.doh, dns.dot, dns.doq', () => {
  it('hit: each of its own', () => {
    const stage = new Stage([doh, dot, doq]);
    stage
      .flow('ended', { to: '192.0.2.1', app: 'doh', rPort: 443 })
      .flow('ended', { to: '192.0.2.1', app: 'doh', rPort: 443 });
    stage.flow('ended', { to: '9.9.9.9', app: 'tls', rPort: 443 });
    stage.flow('alive', { to: '192.0.2.1', app: 'dot', rPort: 853 });
    stage.flow('ended', { to: '192.0.2.1', app: 'doq', rPort: 853, proto: 17 });
    expect(
      stage.alerts.map(({ detector, severity, confidence, count }) => [detector, severity, confidence, count]),
    ).toEqual([
      ['dns.doh', 'info', 1, 2],
      ['dns.doh', 'info', 0.6, 1],
      ['dns.dot', 'info', 1, 1],
      ['dns.doq', 'info', 1, 1],
    ]);
  });

  it('miss: pages and plain DNS', () => {
    const stage = new Stage([doh, dot, doq]);
    stage
      .flow('ended', { to: '192.0.2.1', app: 'tls', rPort: 443 })
      .flow('ended', { to: '9.9.9.9', app: 'dns', rPort: 53 });
    stage.flow('ended', { to: '192.0.2.1', rPort: 853 });
    expect(stage.alerts).toEqual([]);
  });
});
