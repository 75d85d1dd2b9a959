// Proves that listed web addresses are told with and without their query, at any port, and others never.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { listed } from './golden/listed.ts';
import { intelUrl } from './url.ts';

const bad = listed('http://evil.example/load.php', 'http://evil.example:8080/x?id=1');

describe('intel.url', () => {
  it('hit: with another query, with a port, through a proxy', () => {
    const stage = new Stage(intelUrl, {}, bad);
    stage.event('http', { hostname: 'Evil.Example', url: '/load.php?v=2' });
    stage.event('http', { hostname: 'evil.example', port: 8080, url: '/x?id=1' });
    stage.event('http', { hostname: 'proxy.local', url: 'http://evil.example/load.php' }, { from: '10.0.0.7' });
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([
      ['10.0.0.1 → evil.example/load.php', 'high'],
      ['10.0.0.1 → evil.example:8080/x?id=1', 'high'],
      ['10.0.0.7 → evil.example/load.php', 'high'],
    ]);
  });

  it('miss: another path, another host, another query where one is listed', () => {
    const stage = new Stage(intelUrl, {}, bad);
    stage
      .event('http', { hostname: 'evil.example', url: '/' })
      .event('http', { hostname: 'other.example', url: '/load.php' });
    stage.event('http', { hostname: 'evil.example', port: 8080, url: '/x?id=2' }).event('http', {});
    expect(stage.alerts).toEqual([]);
  });
});
