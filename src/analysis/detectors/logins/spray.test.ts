// Proves that many users with few tries each are one alert of spraying and none of guessing, and that many tries for few users are not spraying.

import { expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { guessingByService } from './by-protocol/plain.ts';
import { bruteSpray } from './spray.ts';

const all = [...guessingByService, bruteSpray];
const fail = (user: string) => ({ requestType: 'AS', isSuccess: false, error: 'KDC_ERR_PREAUTH_FAILED', client: user });
const place = { only: 'log', proto: 17, sPort: 88 } as const;

it('hit: twelve users, one try each', () => {
  const stage = new Stage(all);
  for (let i = 0; i < 12; i++) stage.event('kerberos', fail(`user${i}`), place).wait(0.5);
  expect(stage.alerts).toMatchObject([{ detector: 'brute.spray', observed: 10, packet: 10, severity: 'high' }]);
  expect(stage.alerts[0].explain).toContain('as 10 different users, lastly as user9');
});

it('hit: users that do not exist are looked for', () => {
  const stage = new Stage(all);
  const unknown = (user: string) => ({ ...fail(user), error: 'KDC_ERR_C_PRINCIPAL_UNKNOWN' });
  for (let i = 0; i < 12; i++) stage.event('kerberos', unknown(`user${i}`), place).wait(0.5);
  expect(stage.alerts).toMatchObject([{ detector: 'brute.spray' }]);
});

it('miss: one user many times is guessing, many users of a gateway who mostly get in are nothing', () => {
  const stage = new Stage(all);
  for (let i = 0; i < 30; i++) stage.event('kerberos', fail('bob'), place).wait(0.5);
  expect(stage.alerts).toMatchObject([{ detector: 'brute.kerberos' }]);
  const gateway = new Stage(all);
  for (let i = 0; i < 30; i++) {
    const pass = { requestType: 'AS', isSuccess: true, client: `user${i}` };
    for (let k = 0; k < 4; k++) gateway.event('kerberos', pass, { ...place, from: '10.0.0.3' });
    gateway.event('kerberos', fail(`user${i}`), { ...place, from: '10.0.0.3' }).wait(20);
  }
  expect(gateway.alerts).toEqual([]);
});
