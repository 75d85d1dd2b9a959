// Proves what names give away: certificates of tools, reports of stealers, bots in IRC, fronts; and that usual ones do not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { fingerprint } from './fingerprint.ts';
import { front } from './front.ts';
import { ircBot } from './irc-bot.ts';
import { stealer } from './stealer.ts';

describe('c2.fingerprint', () => {
  it('hit: the certificate of AsyncRAT', () => {
    const stage = new Stage(fingerprint).event('x509', { subject: 'CN=AsyncRAT Server', issuer: 'CN=AsyncRAT Server' });
    expect(stage.alerts).toMatchObject([{ detector: 'c2.fingerprint', severity: 'high', sources: ['10.0.0.2'] }]);
  });

  it('miss: others, and odd values', () => {
    const stage = new Stage(fingerprint);
    stage
      .event('x509', { subject: 'CN=www.example.org', issuer: 'C=US, O=Mythical Trust' })
      .event('x509', { subject: 7 });
    expect(stage.alerts).toEqual([]);
  });
});

describe('c2.stealer', () => {
  it('hit: an upload and a mail', () => {
    const ftp = { command: 'STOR', commandData: '/in/PW_admin-USER-PC_2024_03_07_19_00_36.html' };
    expect(new Stage(stealer).event('ftp', ftp, { only: 'eve' }).alerts).toMatchObject([{ severity: 'high' }]);
    expect(new Stage(stealer).event('smtp', { subject: 'PW_admin/USER-PC' }, { only: 'eve' }).alerts).toHaveLength(1);
  });

  it('miss: other names', () => {
    const stage = new Stage(stealer);
    for (const name of ['report_2024_03_07.html', 'PW.html', 'SC_2024.zip', 'backup-2024_03_07_19_00_36.tar'])
      stage.event('ftp', { command: 'STOR', commandData: name }, { only: 'eve' });
    for (const subject of ['Re: PW reset', 'lunch/dinner', '']) stage.event('smtp', { subject }, { only: 'eve' });
    expect(stage.alerts).toEqual([]);
  });
});

describe('c2.irc-bot', () => {
  it('hit: names of bots', () => {
    for (const value of ['pLagUe{USA}{LAN}72705', '[DEU|XP|8412345]', '{XP}-00-1234567'])
      expect(new Stage(ircBot).event('irc', { command: 'NICK', value }).alerts, value).toHaveLength(1);
  });

  it('miss: names of people', () => {
    const stage = new Stage(ircBot);
    for (const value of ['jane', 'bob1984', '[afk]bob', 'jane|away', '{jane}', 'guest12345'])
      stage.event('irc', { command: 'NICK', value });
    expect(stage.alerts).toEqual([]);
  });
});

describe('c2.front', () => {
  const tls = { sni: 'cdn.example.org', alternativeNames: ['*.example.org', 'example.net'] };

  it('hit: a host that the certificate does not name', () => {
    const stage = new Stage(front).event('tls', tls, { flowId: 5 });
    stage.event('http', { hostname: 'evil.test' }, { flowId: 5 });
    expect(stage.alerts).toMatchObject([{ detector: 'c2.front', severity: 'low' }]);
  });

  it('miss: hosts that it names, relatives, and plain HTTP', () => {
    const stage = new Stage(front).event('tls', tls, { flowId: 5 });
    for (const hostname of ['cdn.example.org', 'img.example.org:443', 'example.net', 'a.b.example.org', ''])
      stage.event('http', { hostname }, { flowId: 5 });
    stage.event('http', { hostname: 'evil.test' }, { flowId: 6 });
    expect(stage.alerts).toEqual([]);
  });
});
