// Proves that addresses without a name, ways to hide and protocols on foreign ports are told, and that usual ones are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { proxy, tor, vpn } from './hidden.ts';
import { noDns } from './no-dns.ts';
import { portMismatch } from './port-mismatch.ts';
import { unknownEnciphered } from './unknown-enciphered.ts';

describe('c2.no-dns', () => {
  const learned = (): Stage => {
    const stage = new Stage(noDns);
    for (let i = 0; i < 12; i++)
      stage.event('dns', { results: [`93.184.216.${i}`] }, { only: 'log', proto: 17, sPort: 53 }).wait(200);
    return stage;
  };

  it('hit: three addresses that nobody told', () => {
    const stage = learned();
    for (let i = 0; i < 3; i++) stage.flow('established', { to: `151.101.1.${i}`, rPort: 443 });
    expect(stage.alerts).toMatchObject([{ detector: 'c2.no-dns', severity: 'info', observed: 3 }]);
  });

  it('miss: told addresses, inside, one address often, and a host that never asks', () => {
    const stage = learned();
    for (let i = 0; i < 12; i++) {
      stage.flow('established', { to: `93.184.216.${i}`, rPort: 443 }).flow('established', { to: `10.0.1.${i}` });
      stage.flow('established', { to: '151.101.1.1', rPort: 443 });
      stage.flow('established', { from: '10.0.0.7', to: `151.101.1.${i}`, rPort: 443 });
    }
    expect(stage.end().alerts).toEqual([]);
  });
});

describe('ways to hide', () => {
  const made = { sni: 'www.abcdefg2hij.com', issuer: 'CN=www.q3rstuvw.com', subject: 'CN=www.zyx4wvut.net' };

  it('hit: each by what is spoken, Tor by its handshake', () => {
    expect(new Stage(tor).event('tls', made).alerts).toMatchObject([{ detector: 'c2.tor', severity: 'low' }]);
    const outside = { to: '93.184.216.9', appHow: 'handshake' };
    expect(new Stage(proxy).flow('ended', { ...outside, app: 'socks' }).alerts).toMatchObject([
      { detector: 'c2.proxy' },
    ]);
    const wireguard = { ...outside, app: 'wireguard', proto: 17 };
    const stage = new Stage(vpn).flow('alive', wireguard).flow('ended', wireguard);
    expect(stage.alerts).toMatchObject([{ detector: 'c2.vpn', severity: 'info', observed: 1 }]);
  });

  it('miss: usual names, a proxy inside, a port alone', () => {
    const all = new Stage([tor, proxy, vpn]);
    all.event('tls', { ...made, issuer: "CN=R3, O=Let's Encrypt" }).event('tls', { sni: 'www.facebook.com' });
    all.flow('ended', { app: 'socks', appHow: 'handshake', to: '10.0.0.9' });
    all.flow('ended', { app: 'openvpn', appHow: 'port', to: '93.184.216.9' });
    expect(all.end().alerts).toEqual([]);
  });
});

describe('c2.port-mismatch', () => {
  const flow = { to: '93.184.216.9', appHow: 'handshake', isEstablished: true };

  it('hit: HTTP where TLS belongs is a hint, SSH elsewhere information', () => {
    const hint = new Stage(portMismatch).flow('closed', { ...flow, app: 'http', rPort: 443 });
    expect(hint.alerts).toMatchObject([{ detector: 'c2.port-mismatch', severity: 'low' }]);
    const more = new Stage(portMismatch).flow('closed', { ...flow, app: 'ssh', rPort: 2022 });
    expect(more.alerts).toMatchObject([{ severity: 'info', observed: 1 }]);
    more.flow('ended', { ...flow, app: 'ssh', rPort: 2022 });
    expect(more.alerts).toMatchObject([{ observed: 1 }]);
  });

  it('miss: at home, unknown, named by port, or without a handshake', () => {
    const stage = new Stage(portMismatch);
    stage
      .flow('closed', { ...flow, app: 'tls', rPort: 443, id: 1 })
      .flow('closed', { ...flow, app: 'quic', rPort: 443, id: 2 });
    stage
      .flow('closed', { ...flow, app: '', rPort: 443, id: 3 })
      .flow('closed', { ...flow, app: 'failed', rPort: 80, id: 4 });
    stage.flow('closed', { ...flow, app: 'ssh', appHow: 'port', rPort: 443, id: 5 });
    stage.flow('closed', { ...flow, app: 'ssh', rPort: 443, isEstablished: false, id: 6 });
    expect(stage.end().alerts).toEqual([]);
  });
});

describe('c2.unknown-encrypted', () => {
  const noise = { to: '93.184.216.9', rPort: 4444, noise: 0.99, oPayload: 2000, rPayload: 9000 };

  it('hit: noise that nobody knows', () => {
    const stage = new Stage(unknownEnciphered).flow('closed', { ...noise, id: 1 }).flow('ended', { ...noise, id: 1 });
    expect(stage.alerts).toMatchObject([{ detector: 'c2.unknown-encrypted', severity: 'info', observed: 0.99 }]);
  });

  it('miss: text, what is known, little, inside', () => {
    const stage = new Stage(unknownEnciphered);
    stage
      .flow('closed', { ...noise, noise: 0.7, id: 1 })
      .flow('closed', { ...noise, app: 'tls', appHow: 'pattern', id: 2 });
    stage
      .flow('closed', { ...noise, rPayload: 0, oPayload: 90, id: 3 })
      .flow('closed', { ...noise, to: '10.0.0.9', id: 4 });
    expect(stage.end().alerts).toEqual([]);
  });
});
