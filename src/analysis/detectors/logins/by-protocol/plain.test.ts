// Proves for each service that ten failures make one alert with the user and without a secret, and that few, slow or successful logins make none.

import { describe, expect, it } from 'vitest';
import type { AnyEvent } from '../../../../core/index.ts';
import { type PlayedPlace, Stage } from '../../golden/stage.ts';
import { guessingByService } from './plain.ts';

interface Case {
  readonly detector: string;
  readonly kind: string;
  readonly failure: AnyEvent;
  readonly success: AnyEvent;
  /** What looks alike and is no failure. */
  readonly alike: AnyEvent;
  readonly place?: PlayedPlace;
}

const cases: readonly Case[] = [
  {
    detector: 'brute.ftp',
    kind: 'ftp',
    failure: { command: 'PASS', commandData: '***', codes: ['530'], user: 'bob' },
    success: { command: 'PASS', commandData: '***', codes: ['230'], user: 'bob' },
    alike: { command: 'RETR', commandData: 'x', codes: ['550'], user: 'bob' },
    place: { only: 'eve' },
  },
  {
    detector: 'brute.smtp',
    kind: 'smtp',
    failure: { isLoggedIn: false, user: 'bob' },
    success: { isLoggedIn: true, user: 'bob' },
    alike: { lastReply: '550 no such user' },
    place: { only: 'step' },
  },
  {
    detector: 'brute.pop3',
    kind: 'pop3',
    failure: { request: { command: 'PASS' }, response: { success: false }, user: 'bob' },
    success: { request: { command: 'PASS' }, response: { success: true }, user: 'bob' },
    alike: { request: { command: 'RETR' }, response: { success: false }, user: 'bob' },
  },
  {
    detector: 'brute.imap',
    kind: 'imap',
    failure: { command: 'LOGIN', status: 'NO', user: 'bob' },
    success: { command: 'LOGIN', status: 'OK', user: 'bob' },
    alike: { command: 'SELECT', status: 'NO', user: 'bob' },
  },
  {
    detector: 'brute.telnet',
    kind: 'telnet',
    failure: { loginAttempts: 1, isLoggedIn: false, user: 'bob' },
    success: { loginAttempts: 1, isLoggedIn: true, user: 'bob' },
    alike: { loginAttempts: 0, terminal: 'xterm' },
  },
  {
    detector: 'brute.vnc',
    kind: 'vnc',
    failure: { isLoggedIn: false },
    success: { isLoggedIn: true },
    alike: { method: 'VNC' },
  },
  {
    detector: 'brute.smb',
    kind: 'smb',
    failure: { command: 'SMB2_COMMAND_SESSION_SETUP', status: 'STATUS_LOGON_FAILURE', ntlmssp: { user: 'bob' } },
    success: {
      command: 'SMB2_COMMAND_SESSION_SETUP',
      status: 'STATUS_SUCCESS',
      isLogin: true,
      ntlmssp: { user: 'bob' },
    },
    alike: { command: 'SMB2_COMMAND_CREATE', status: 'STATUS_OBJECT_NAME_NOT_FOUND' },
  },
  {
    detector: 'brute.kerberos',
    kind: 'kerberos',
    failure: { requestType: 'AS', isSuccess: false, error: 'KDC_ERR_PREAUTH_FAILED', client: 'bob/EXAMPLE' },
    success: { requestType: 'AS', isSuccess: true, client: 'bob/EXAMPLE' },
    alike: { requestType: 'AS', isSuccess: false, error: 'KDC_ERR_C_PRINCIPAL_UNKNOWN', client: 'old/EXAMPLE' },
    place: { only: 'log' },
  },
  {
    detector: 'brute.ldap',
    kind: 'ldap',
    failure: { operation: 'bind simple', result: 'invalid credentials', object: 'bob' },
    success: { operation: 'bind simple', result: 'success', object: 'bob' },
    alike: { operation: 'search', result: 'no such object' },
    place: { only: 'log' },
  },
  {
    detector: 'brute.ntlm',
    kind: 'ntlm',
    failure: { isSuccess: false, user: 'bob' },
    success: { isSuccess: true, user: 'bob' },
    alike: { user: 'bob' },
  },
  {
    detector: 'brute.sql',
    kind: 'mysql',
    failure: { command: 'login', success: false, errorCode: 1045, argument: 'bob' },
    success: { command: 'login', success: true, argument: 'bob' },
    alike: { command: 'query', success: false, errorCode: 1064 },
  },
  {
    detector: 'brute.sql',
    kind: 'postgresql',
    failure: { success: false, errorCode: '28P01', user: 'bob' },
    success: { success: true, backend: 'authentication', user: 'bob' },
    alike: { success: false, errorCode: '42601', user: 'bob' },
    place: { only: 'log' },
  },
  {
    detector: 'brute.sql',
    kind: 'mongodb',
    failure: { command: 'saslContinue', success: false, errorCode: 18, user: 'bob' },
    success: { command: 'saslContinue', success: true, user: 'bob' },
    alike: { command: 'find', success: false, errorCode: 13, user: 'bob' },
  },
  {
    detector: 'brute.sql',
    kind: 'redis',
    failure: { command: 'AUTH', success: false, error: 'WRONGPASS', user: 'bob' },
    success: { command: 'AUTH', success: true, user: 'bob' },
    alike: { command: 'GET', success: false, error: 'ERR' },
  },
  {
    detector: 'brute.socks',
    kind: 'socks',
    failure: { password: '***', status: 'login refused', user: 'bob' },
    success: { password: '***', status: 'succeeded', user: 'bob' },
    alike: { status: 'Connection refused' },
  },
  {
    detector: 'brute.broker',
    kind: 'mqtt',
    failure: { connack: { return_code: 5 }, user: 'bob' },
    success: { connack: { return_code: 0 }, user: 'bob' },
    alike: { connack: { return_code: 3 }, user: 'bob' },
  },
  {
    detector: 'brute.broker',
    kind: 'amqp',
    failure: { method: 'connection.close', replyCode: 403, user: 'bob' },
    success: { method: 'connection.open', success: true, user: 'bob' },
    alike: { method: 'channel.close', replyCode: 404, user: 'bob' },
  },
  {
    detector: 'brute.radius',
    kind: 'radius',
    failure: { response: 'Access-Reject', userName: 'bob' },
    success: { response: 'Access-Accept', userName: 'bob' },
    alike: { response: 'Access-Challenge', userName: 'bob' },
    place: { only: 'eve' },
  },
];

function stageFor(name: string): Stage {
  const detector = guessingByService.find((one) => one.name === name);
  if (detector === undefined) throw new Error(name);
  return new Stage(detector);
}

describe.each(cases)('$detector by $kind', ({ detector, kind, failure, success, alike, place = {} }) => {
  it('hit: ten failures within minutes', () => {
    const stage = stageFor(detector);
    for (let i = 0; i < 12; i++) stage.event(kind, failure, place).wait(20);
    const [alert, ...more] = stage.alerts;
    expect(more).toEqual([]);
    expect([alert.detector, alert.key, alert.packet]).toEqual([detector, '10.0.0.1 → 10.0.0.2', alert.packet]);
    expect(alert.packet).toBeLessThanOrEqual(10);
    expect(alert.explain).toMatch(/^10\.0\.0\.1 failed \d+ times to log in to 10\.0\.0\.2/);
    if (JSON.stringify(failure).includes('bob')) expect(alert.explain).toContain('lastly as bob');
    expect(JSON.stringify(alert)).not.toContain('***');
    expect(stage.end().alerts[0].observed).toBe(12);
  });

  it('miss: three failures, slow ones, logins that go well, and other errors', () => {
    const stage = stageFor(detector);
    for (let i = 0; i < 3; i++) stage.event(kind, failure, place).wait(1);
    for (let i = 0; i < 50; i++) stage.event(kind, success, place).event(kind, alike, place).wait(1);
    for (let i = 0; i < 30; i++) stage.event(kind, failure, place).wait(60);
    expect(stage.end().alerts).toEqual([]);
  });
});

it('takes what is missing or odd for nothing', () => {
  const stage = new Stage(guessingByService);
  for (const { kind, place } of cases) {
    for (const odd of [{}, { command: 7, codes: 'x', request: null }, { connack: null, ntlmssp: 'x', results: {} }])
      for (let i = 0; i < 12; i++) stage.event(kind, odd as AnyEvent, place ?? {});
  }
  expect(stage.alerts).toEqual([]);
});
