// Proves that refused credentials and a form sent again and again are told, and that challenges, polling and different answers are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { bruteHttp } from './web.ts';

const basic = {
  method: 'GET',
  url: '/',
  status: 401,
  authorization: 'Basic',
  username: 'bob',
  hostname: 'shop.example',
};
const form = { method: 'POST', url: '/wp-login.php', status: 200, length: 5120, hostname: 'shop.example' };

describe('brute.http', () => {
  it('hit: twenty refused credentials', () => {
    const stage = new Stage(bruteHttp);
    for (let i = 0; i < 20; i++) stage.event('http', basic).wait(1);
    expect(stage.alerts).toMatchObject([{ detector: 'brute.http', observed: 20, packet: 20, severity: 'medium' }]);
    expect(stage.alerts[0].explain).toContain('(shop.example) by HTTP');
    expect(stage.alerts[0].explain).toContain('as bob');
  });

  it('hit: a form with the same answer each time, and passwords in the address', () => {
    const stage = new Stage(bruteHttp);
    for (let i = 0; i < 25; i++) stage.event('http', { ...form, length: 5120 + (i % 3) }).wait(1);
    expect(stage.alerts).toHaveLength(1);
    const other = new Stage(bruteHttp);
    for (let i = 0; i < 25; i++) {
      const url = `/brute/?username=admin&password=${'x'.repeat(i % 5)}&Login=Login`;
      other.event('http', { ...form, method: 'GET', url });
    }
    expect(other.alerts).toHaveLength(1);
    expect(JSON.stringify(other.alerts)).not.toContain('password=');
  });

  it('miss: challenges, NTLM, an interface that is polled, forms answered differently, twenty in an hour', () => {
    const stage = new Stage(bruteHttp);
    const { authorization: _none, ...challenge } = basic;
    for (let i = 0; i < 50; i++) {
      stage.event('http', challenge).event('http', { ...basic, authorization: 'NTLM' });
      stage.event('http', { ...form, url: '/api/telemetry', length: 2 });
      stage.event('http', { ...form, length: 4000 + 500 * (i % 7) }).wait(2);
    }
    for (let i = 0; i < 30; i++) stage.event('http', basic).wait(120);
    expect(stage.end().alerts).toEqual([]);
  });
});
