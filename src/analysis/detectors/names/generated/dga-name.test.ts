// Proves that odd names asked for in vain, or one that is used, make an alert of low severity, and that words make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { answer } from '../golden/asked.ts';
import { dgaName } from './dga-name.ts';

describe('dga.name', () => {
  it('hit: three odd names that do not exist', () => {
    const stage = new Stage(dgaName);
    for (const name of ['fxvkjlqbwzrtpd.com', 'kq9zx2vb7trw.info', 'wqxjzkvbtp.net'])
      answer(stage, name, 'NXDOMAIN').wait(60);
    expect(stage.alerts.map(({ packet, severity }) => [packet, severity])).toEqual([[3, 'low']]);
  });

  it('hit: a very odd host that is talked to', () => {
    const stage = new Stage(dgaName);
    stage
      .event('http', { hostname: 'db54a845.top:80' })
      .event('tls', { sni: 'x.3439ur09dhiolh32ljha.net' }, { from: '10.0.0.7' });
    expect(stage.alerts.map(({ key }) => key)).toEqual(['10.0.0.1', '10.0.0.7']);
  });

  it('miss: words, addresses, delivery networks, one odd name again and again, odd hosts below a plain domain', () => {
    const stage = new Stage(dgaName);
    for (let i = 0; i < 10; i++) {
      answer(stage, `missing-page-${i}.com`, 'NXDOMAIN');
      answer(stage, 'fxvkjlqbwzrtpd.com', 'NXDOMAIN');
      stage.event('http', { hostname: '192.0.2.7' }).event('tls', { sni: 'd3hb14vkzrxvla.cloudfront.net' });
      stage.event('http', { hostname: 'kq9zx2vb7trwq8x1.example.com' }).event('http', {}).event('tls', { sni: 5 });
    }
    expect(stage.alerts).toEqual([]);
  });
});
