// Proves that listed names are told when asked for, more severely when used, once for each client, and others never.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { intelDomain } from './domain.ts';
import { listed } from './golden/listed.ts';

const bad = listed('evil.example');
const ask = (name: string) => ({ type: 'request', queries: [{ rrname: name, rrtype: 'A' }] });

describe('intel.domain', () => {
  it('hit: asked for, then talked to', () => {
    const stage = new Stage(intelDomain, {}, bad);
    stage.event('dns', ask('C2.Evil.Example'), { only: 'eve' });
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([['10.0.0.1 → evil.example', 'medium']]);
    stage.event('tls', { sni: 'c2.evil.example' });
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([['10.0.0.1 → evil.example', 'high']]);
    stage.event('http', { hostname: 'evil.example:8080' }, { from: '10.0.0.7' });
    expect(stage.alerts).toHaveLength(2);
  });

  it('miss: answers, names that end alike, transactions told again, odd events', () => {
    const stage = new Stage(intelDomain, {}, bad);
    stage.event('dns', { ...ask('evil.example'), type: 'response' }).event('dns', ask('notevil.example'));
    stage
      .event('dns', { query: 'evil.example' }, { only: 'log' })
      .event('tls', { sni: 7 })
      .event('dns', { type: 'request' });
    stage.event('http', { hostname: 'example' }).event('quic', {}).event('http2', {});
    expect(stage.alerts).toEqual([]);
  });
});
