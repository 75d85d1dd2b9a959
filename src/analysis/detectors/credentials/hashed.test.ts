// Proves that logins by challenge and ticket are remarked once a server, and clear ones and other messages are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { hashed } from './hashed.ts';

describe('cred.hashed', () => {
  it('hit: Digest, NTLM, Kerberos', () => {
    const stage = new Stage(hashed)
      .event('http', { authorization: 'Digest', username: 'anna' })
      .event('ntlm', { user: 'anna' }, { only: 'log', sPort: 445 })
      .event('ntlm', { user: 'bert' }, { only: 'log', sPort: 445, from: '10.0.0.7' })
      .event('kerberos', { message: 'KRB_AS_REP', cname: 'anna' }, { only: 'eve', sPort: 88, proto: 17 });
    expect(stage.alerts.map(({ severity, key, count }) => [severity, key, count])).toEqual([
      ['info', '10.0.0.2:80 HTTP Digest', 1],
      ['info', '10.0.0.2:445 NTLM', 2],
      ['info', '10.0.0.2:88 Kerberos', 1],
    ]);
  });

  it('miss: Basic, anonymous NTLM, an error of Kerberos', () => {
    const stage = new Stage(hashed)
      .event('http', { authorization: 'Basic', username: 'anna' })
      .event('ntlm', { user: '' }, { only: 'log' })
      .event('kerberos', { message: 'KRB_ERROR' }, { only: 'eve' });
    expect(stage.alerts).toEqual([]);
  });
});
