// Proves that hellos without a proper name and with unknown protocols are remarked, and those of browsers are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { oddName, oddProtocol } from './hello-names.ts';

const hello = (sni: string | undefined, clientAlpns: unknown = ['h2', 'http/1.1']) => ({ sni, clientAlpns, ja3: 'x' });

describe('tls.odd-name', () => {
  it('hit: none, an address, odd characters', () => {
    const stage = new Stage(oddName)
      .event('tls', hello(undefined), { to: '93.184.216.1' })
      .event('tls', hello('93.184.216.2'), { to: '93.184.216.2' })
      .event('tls', hello('a b\u00e9'), { to: '93.184.216.3' });
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['info', 'info', 'info']);
    expect(stage.alerts[0].explain).toContain('though a protocol of the web was offered');
  });

  it('miss: a name; no hello seen', () => {
    expect(new Stage(oddName).event('tls', hello('www.example.org')).event('tls', {}).alerts).toEqual([]);
  });
});

describe('tls.odd-protocol', () => {
  it('hit', () => {
    expect(new Stage(oddProtocol).event('tls', hello('a.example', ['anydesk/6.2'])).alerts).toHaveLength(1);
  });

  it('miss: registered ones, GREASE, nothing', () => {
    const stage = new Stage(oddProtocol).event('tls', hello('a.example', ['h2', '\u00aa\u00aa', 'ZZ']));
    expect(stage.event('tls', hello('a.example', 5)).event('quic', { alpn: ['h3'] }).alerts).toHaveLength(0);
  });
});
