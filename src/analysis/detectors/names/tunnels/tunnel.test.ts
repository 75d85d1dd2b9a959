// Proves that names that carry data below one domain make one alert, early for types that hold much, and that lookups of
// mail filters, search lists, shards and stress tests make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { answer, ask, drawn } from '../golden/asked.ts';
import { tunnel } from './tunnel.ts';

const hosts = ['web', 'mail', 'intranet', 'calendar', 'printer', 'storage', 'meeting', 'reports', 'gateway', 'support'];

describe('dns.tunnel', () => {
  it('hit: NULL questions as iodine asks them, with early suspicion and sure later', () => {
    const stage = new Stage(tunnel);
    for (let i = 0; i < 80; i++) ask(stage, `${drawn(60, i)}.t.example.org`, { type: 'NULL' }).wait(0.1);
    stage.end();
    expect(stage.alerts).toHaveLength(1);
    const [alert] = stage.alerts;
    expect([alert.detector, alert.severity, alert.packet, alert.key]).toEqual([
      'dns.tunnel',
      'high',
      8,
      '10.0.0.1 → example.org',
    ]);
    expect(alert.explain).toContain('below example.org');
    expect(alert.observed).toBeGreaterThan(70);
  });

  it('hit: long names for addresses only, and answers seen alone', () => {
    const up = new Stage(tunnel);
    for (let i = 0; i < 40; i++) ask(up, `${drawn(50, i)}.example.org`).wait(1);
    expect(up.alerts.map(({ packet, severity }) => [packet, severity])).toEqual([[30, 'high']]);
    const down = new Stage(tunnel);
    for (let i = 0; i < 40; i++) answer(down, `${drawn(30, i)}.example.org`, [drawn(200, i)], { type: 'TXT' }).wait(1);
    expect(down.alerts).toHaveLength(1);
  });

  it('hit: a slow one, two names a minute for an hour', () => {
    const stage = new Stage(tunnel);
    for (let i = 0; i < 100; i++) ask(stage, `${drawn(56, i)}.example.org`).wait(30);
    expect(stage.alerts).toHaveLength(1);
    // Beyond 48 names their number is estimated.
    expect(Math.abs(stage.alerts[0].packet - 60)).toBeLessThan(8);
  });

  it('miss: names of words, of a search list, of reputation lookups and of reverse lookups', () => {
    const stage = new Stage(tunnel);
    for (let i = 0; i < 100; i++) {
      const words = `${hosts[i % 10]}.${hosts[(i >> 2) % 10]}-${hosts[(i * 7) % 10]}`;
      ask(stage, `${words}.corp.example.com`).wait(0.5);
      ask(stage, `www.${words}.com.corp.example.net`).wait(0.5);
      ask(stage, `${drawn(40, i)}.avqs.mcafee.com`, { type: 'TXT' });
      ask(stage, `${i}.2.0.192.in-addr.arpa`, { type: 'PTR' });
      ask(stage, `${drawn(30, i)}._domainkey.example${i}.org`, { type: 'TXT' });
    }
    expect(stage.alerts).toEqual([]);
  });

  it('miss: short random names for addresses (a stress test), and one name again and again', () => {
    const stage = new Stage(tunnel);
    for (let i = 0; i < 200; i++)
      answer(ask(stage, `${drawn(16, i)}.example.com`), `${drawn(16, i)}.example.com`, ['192.0.2.1']);
    for (let i = 0; i < 200; i++) ask(stage, `${drawn(60, 1)}.example.net`, { type: 'TXT' });
    expect(stage.alerts).toEqual([]);
  });

  it('asks more of a resolver that asks for many', () => {
    const stage = new Stage(tunnel);
    const forwarder = { from: '10.0.0.53', to: '192.0.2.53' };
    for (let i = 0; i < 10; i++) ask(stage, 'www.example.com', { from: `10.0.1.${i}` });
    for (let i = 0; i < 100; i++) ask(stage, `${drawn(50, i)}.example.org`, forwarder).wait(1);
    expect(stage.alerts).toEqual([]);
  });

  it('takes events that lack everything', () => {
    const stage = new Stage(tunnel);
    for (const event of [{}, { queries: [] }, { queries: [{}] }, { queries: 1 }, { answers: [{ rrname: 5 }] }]) {
      stage.event('dns', event, { only: 'eve' });
    }
    expect(stage.alerts).toEqual([]);
  });
});
