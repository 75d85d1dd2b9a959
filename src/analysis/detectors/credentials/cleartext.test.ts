// Proves that each way of sending a secret in clear is told once a server, with the user and without the secret, and that
// guests, encrypted logins and what was decrypted here are not.

import { describe, expect, it } from 'vitest';
import type { AnyEvent } from '../../../core/index.ts';
import { type PlayedPlace, Stage } from '../golden/stage.ts';
import { cleartext } from './cleartext.ts';

const play = (kind: string, event: AnyEvent, place: PlayedPlace = {}) =>
  new Stage(cleartext).event(kind, event, place).alerts;
const pass = { command: 'PASS', commandData: '***', user: 'anna' };
const form = {
  method: 'POST',
  target: '/login',
  contentType: 'application/x-www-form-urlencoded',
  body: 'username=anna&password=s3cret&go=1',
};

const clear: readonly (readonly [kind: string, event: AnyEvent, only: '' | 'eve' | 'log', words: string])[] = [
  ['ftp', pass, 'eve', 'FTP'],
  ['imap', { command: 'LOGIN', user: 'anna' }, '', 'IMAP'],
  ['imap', { command: 'AUTHENTICATE', user: 'anna', mechanism: 'PLAIN' }, '', 'IMAP PLAIN'],
  ['pop3', { request: { command: 'PASS' }, user: 'anna' }, '', 'POP3'],
  ['smtp', { authMechanism: 'LOGIN', user: 'anna' }, 'eve', 'SMTP LOGIN'],
  ['http', { authorization: 'Basic', username: 'anna' }, '', 'HTTP Basic'],
  ['telnet', { loginAttempts: 1, user: 'anna' }, '', 'Telnet'],
  ['ldap', { operation: 'bind simple', object: 'anna' }, 'log', 'LDAP simple bind'],
  ['socks', { version: 5, user: 'anna', password: '***' }, '', 'SOCKS5'],
  ['mqtt', { connect: { username: 'anna', password: '***' } }, '', 'MQTT'],
  ['redis', { command: 'AUTH', user: 'anna' }, '', 'Redis'],
  ['postgresql', { backendArgument: 'AuthenticationCleartextPassword', user: 'anna' }, 'log', 'PostgreSQL'],
  ['rtsp', { authorization: 'Basic', user: 'anna' }, '', 'RTSP Basic'],
  ['http_request', form, '', 'HTTP form'],
];

const hidden: readonly (readonly [kind: string, event: AnyEvent])[] = [
  ['ftp', { ...pass, user: 'anonymous' }],
  ['ftp', { command: 'USER', commandData: 'anna', user: 'anna' }],
  ['imap', { command: 'AUTHENTICATE', user: 'anna', mechanism: 'CRAM-MD5' }],
  ['pop3', { request: { command: 'APOP' }, user: 'anna' }],
  ['http', { authorization: 'Digest', username: 'anna' }],
  ['http', { authorization: 'Bearer' }],
  ['telnet', { terminal: 'xterm' }],
  ['ldap', { operation: 'bind simple', object: '' }],
  ['socks', { version: 5 }],
  ['mqtt', { connect: { username: 'anna' } }],
  ['postgresql', { backendArgument: 'AuthenticationMD5Password' }],
  ['http_request', { ...form, body: 'q=password' }],
  ['http_request', { ...form, body: 'password=&user=anna' }],
  ['snmp', { version: 3, usm: 'anna' }],
];

describe('cred.clear', () => {
  it.each(clear)('hit: %s %j', (kind, event, only, words) => {
    const alerts = play(kind, event, { only });
    expect(alerts.map(({ severity, key }) => [severity, key])).toEqual([
      [words.startsWith('SNMP') ? 'info' : 'low', `10.0.0.2:80 ${words}`],
    ]);
    expect(alerts[0].explain).toContain('"anna"');
    expect(JSON.stringify(alerts)).not.toMatch(/s3cret|\*\*\*/);
  });

  it.each(hidden)('miss: %s %j', (kind, event) => {
    expect(play(kind, event)).toEqual([]);
  });

  it('hit: one alert for a server with several users', () => {
    const stage = new Stage(cleartext);
    for (const user of ['anna', 'bert', 'carl']) {
      for (let i = 0; i < 4; i++)
        stage.event('ftp', { ...pass, user }, { only: 'eve', to: '93.184.216.34', sPort: 21 });
    }
    expect(stage.alerts.map(({ severity, key }) => [severity, key])).toEqual([['low', '93.184.216.34:21 FTP']]);
    expect(stage.alerts[0].explain).toContain('"anna", "bert"');
  });

  it('hit: a community is a remark inside and low outside', () => {
    expect(play('snmp', { version: 2, community: '***' })[0].severity).toBe('info');
    expect(play('snmp', { version: 1, community: '***' }, { to: '93.184.216.34' })[0].severity).toBe('low');
  });

  it('hit: rlogin by the name of its flow', () => {
    const stage = new Stage(cleartext).flow('ended', { app: 'rlogin', rPort: 513, oPayload: 30 });
    expect(stage.flow('ended', { app: 'ssh', oPayload: 30 }).alerts).toHaveLength(1);
  });

  it('miss: inside TLS that was decrypted here', () => {
    const stage = new Stage(cleartext).event('tls', {}, { flowId: 77 });
    expect(stage.event('http', { authorization: 'Basic', username: 'anna' }, { flowId: 77 }).alerts).toEqual([]);
  });

  it('hit: the mechanism of POP3 comes with the command before', () => {
    const stage = new Stage(cleartext).event('pop3', { request: { command: 'AUTH', args: ['PLAIN'] } }, { flowId: 5 });
    stage.event('pop3', { request: { command: '<SASL DATA>' }, user: 'anna' }, { flowId: 5 });
    expect(stage.alerts.map(({ key }) => key)).toEqual(['10.0.0.2:80 POP3 PLAIN']);
  });
});
