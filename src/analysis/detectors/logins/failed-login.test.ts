// Proves that a failed login can be looked up as information, once for each pair, and that one that goes well is not there.

import { expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { guessingByService } from './by-protocol/plain.ts';
import { failedLogin } from './failed-login.ts';

const all = [...guessingByService, failedLogin];
const login = (code: string) => ({ command: 'PASS', codes: [code], user: 'bob' });

it('hit: one failure', () => {
  const stage = new Stage(all).event('ftp', login('530'), { only: 'eve' });
  expect(stage.alerts).toMatchObject([{ detector: 'login.failed', severity: 'info', observed: 1 }]);
  expect(stage.alerts[0].explain).toContain('1 time to log in to 10.0.0.2 by FTP, lastly as bob.');
});

it('miss: a login that goes well', () => {
  expect(new Stage(all).event('ftp', login('230'), { only: 'eve' }).alerts).toEqual([]);
});
