// Proves that pools and nodes are told, one alert a host, and that web pages and ports alone are not.

import { expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { mining } from './mining.ts';

const pool = { to: '93.184.216.9', rPort: 3333, app: 'stratum', appHow: 'pattern' };

it('hit: Stratum, told once for all its moments and pools', () => {
  const stage = new Stage(mining);
  stage.event('dns', { query: 'pool.supportxmr.com' }, { only: 'log' });
  expect(stage.alerts).toMatchObject([{ severity: 'info' }]);
  for (let i = 0; i < 3; i++)
    stage
      .flow('closed', { ...pool, id: i + 1 })
      .flow('ended', { ...pool, id: i + 1 })
      .wait(1);
  expect(stage.alerts).toMatchObject([{ detector: 'c2.mining', severity: 'medium', key: '10.0.0.1 miner' }]);
});

it('hit: a pool by its name, and a node', () => {
  expect(new Stage(mining).event('tls', { sni: 'xmr.nanopool.org' }).alerts).toMatchObject([{ severity: 'medium' }]);
  expect(new Stage(mining).flow('closed', { ...pool, app: 'monero' }).alerts).toMatchObject([{ severity: 'low' }]);
});

it('miss: pages about it, a port alone', () => {
  const stage = new Stage(mining);
  stage.event('tls', { sni: 'www.bitcoin.org' }).event('http', { hostname: 'news.example' });
  stage.flow('closed', { ...pool, appHow: 'port' }).flow('closed', { ...pool, app: 'http' });
  expect(stage.end().alerts).toEqual([]);
});
