// Proves that a login after many failures is critical, after few a hint, and after none, by another user or much later nothing.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { guessingByService } from './by-protocol/plain.ts';
import { bruteSsh } from './by-protocol/ssh.ts';
import { bruteSuccess } from './success.ts';

const all = [...guessingByService, bruteSsh, bruteSuccess];
const eve = { only: 'eve' } as const;
const login = (user: string, code: string) => ({ command: 'PASS', codes: [code], user });
const successes = (stage: Stage) => stage.alerts.filter((alert) => alert.detector === 'brute.success');

describe('brute.success', () => {
  it('hit: twelve failures, then in', () => {
    const stage = new Stage(all);
    for (let i = 0; i < 12; i++) stage.event('ftp', login('bob', '530'), eve).wait(1);
    stage.event('ftp', login('bob', '230'), eve);
    expect(successes(stage)).toMatchObject([{ severity: 'critical', observed: 12, mitre: 'T1078' }]);
    expect(successes(stage)[0].explain).toContain('as bob after 12 logins that failed');
  });

  it('hit: six slips, then in: a hint', () => {
    const stage = new Stage(all);
    for (let i = 0; i < 6; i++) stage.event('ftp', login('bob', '530'), eve).wait(20);
    stage.event('ftp', login('bob', '230'), eve);
    expect(successes(stage)).toMatchObject([{ severity: 'low' }]);
  });

  it('hit: the one success amid a burst of SSH connections', () => {
    const stage = new Stage(all);
    const flow = { app: 'ssh', appHow: 'handshake', rPort: 22, oPayload: 900, rPayload: 1500 };
    stage.event('ssh', { isLoggedIn: true, loginAttempts: 1 }, { only: 'log', flowId: 99, sPort: 22 });
    for (let i = 0; i < 6; i++) stage.flow('closed', { ...flow, id: i + 1 }).wait(0.1);
    expect(successes(stage)).toHaveLength(1);
  });

  it('miss: three slips; another user; an hour later; logins without failures', () => {
    const stage = new Stage(all);
    for (let i = 0; i < 3; i++) stage.event('ftp', login('bob', '530'), eve).wait(5);
    stage.event('ftp', login('bob', '230'), eve);
    for (let i = 0; i < 8; i++) stage.event('ftp', login('bob', '530'), { ...eve, from: '10.0.0.3' }).wait(2);
    stage.event('ftp', login('eve', '230'), { ...eve, from: '10.0.0.3' }).wait(4000);
    stage.event('ftp', login('bob', '230'), { ...eve, from: '10.0.0.3' });
    for (let i = 0; i < 50; i++) stage.event('ftp', login('bob', '230'), { ...eve, from: '10.0.0.4' }).wait(1);
    expect(successes(stage)).toEqual([]);
  });
});
