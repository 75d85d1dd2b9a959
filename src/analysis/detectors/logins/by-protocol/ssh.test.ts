// Proves that SSH guessing is told by failed attempts, by connections without a login and by bursts; on any port; and that work is not.

import { describe, expect, it } from 'vitest';
import { type PlayedFlow, Stage } from '../../golden/stage.ts';
import { bruteSsh } from './ssh.ts';

const attempt = { isLoggedIn: false, loginAttempts: 1 };
const ssh: PlayedFlow = { app: 'ssh', appHow: 'handshake', rPort: 902, oPayload: 900, rPayload: 1500 };

describe('brute.ssh', () => {
  it('hit: nine connections without a login, on a port of its own', () => {
    const stage = new Stage(bruteSsh);
    for (let i = 0; i < 9; i++) stage.flow('closed', { ...ssh, id: i + 1, oPort: 40_000 + i }).wait(20);
    expect(stage.alerts).toMatchObject([{ detector: 'brute.ssh', packet: 9, severity: 'high' }]);
    expect(stage.alerts[0].filter).toContain('tcp.port == 902');
  });

  it('hit: three attempts in each of some connections', () => {
    const stage = new Stage(bruteSsh);
    for (let i = 0; i < 3; i++) {
      for (let k = 0; k < 3; k++) stage.event('ssh', attempt, { only: 'step', flowId: i + 1, sPort: 22 }).wait(3);
      stage.flow('closed', { ...ssh, id: i + 1 }).wait(30);
    }
    expect(stage.alerts).toMatchObject([{ observed: 9 }]);
  });

  it('hit: five at once', () => {
    const stage = new Stage(bruteSsh);
    for (let i = 0; i < 5; i++) stage.flow('closed', { ...ssh, id: i + 1 }).wait(0.2);
    expect(stage.alerts).toMatchObject([{ observed: 5 }]);
  });

  it('miss: keys offered in vain before the right one, many short logins, one long session', () => {
    const stage = new Stage(bruteSsh);
    for (let i = 0; i < 20; i++) {
      const place = { only: 'step', flowId: i + 1, sPort: 22 } as const;
      for (let k = 0; k < 4; k++) stage.event('ssh', attempt, place);
      stage.event('ssh', { isLoggedIn: true, loginAttempts: 5 }, { ...place, only: 'log' });
      stage.flow('closed', { ...ssh, id: i + 1 }).wait(5);
    }
    stage.flow('closed', { ...ssh, id: 100, oPayload: 50_000, rPayload: 900_000 });
    expect(stage.end().alerts).toEqual([]);
  });

  it('miss: nine failures in a day, and what only has the port', () => {
    const stage = new Stage(bruteSsh);
    for (let i = 0; i < 9; i++) stage.flow('closed', { ...ssh, id: i + 1 }).wait(7200);
    for (let i = 0; i < 30; i++) stage.flow('closed', { ...ssh, id: 50 + i, appHow: 'port' }).wait(1);
    expect(stage.end().alerts).toEqual([]);
  });
});
