// Proves that text records of high entropy are told after a wait, and that keys, policies and tunnels told elsewhere are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { answer, ask, drawn } from '../golden/asked.ts';
import { textEntropy } from './text-entropy.ts';
import { tunnel } from './tunnel.ts';

const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const txt = { type: 'TXT' };

describe('dns.txt-entropy', () => {
  it('hit: three texts of one domain, half a minute later', () => {
    const stage = new Stage(textEntropy);
    for (let i = 0; i < 3; i++) answer(stage, `stage${i}.example.org`, [drawn(200, i, signs)], txt).wait(5);
    expect(stage.alerts).toEqual([]);
    ask(stage.wait(40), 'www.example.com');
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0]).toMatchObject({ severity: 'low', key: '10.0.0.1 → example.org', observed: 3 });
  });

  it('miss: what domains publish as text', () => {
    const stage = new Stage(textEntropy);
    for (let i = 0; i < 5; i++) {
      answer(stage, `k${i}._domainkey.example.org`, [`v=DKIM1; k=rsa; p=${drawn(200, i, signs)}`], txt);
      answer(
        stage,
        'mail.example.org',
        ['v=spf1 include:_spf.example.com include:spf.example.net ip4:192.0.2.0/24 -all'],
        txt,
      );
      answer(stage, 'a.example.org', [`google-site-verification=${drawn(43, i, signs)}`], txt);
    }
    stage.end();
    expect(stage.alerts).toEqual([]);
  });

  it('miss: what is told as a tunnel', () => {
    const stage = new Stage([textEntropy, tunnel]);
    for (let i = 0; i < 20; i++) {
      const name = `${drawn(60, i)}.example.org`;
      answer(ask(stage, name, txt), name, [drawn(200, i, signs)], txt).wait(1);
    }
    stage.end();
    expect(stage.alerts.map(({ detector }) => detector)).toEqual(['dns.tunnel']);
  });
});
