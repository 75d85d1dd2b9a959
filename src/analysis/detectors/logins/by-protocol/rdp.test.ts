// Proves that short Remote Desktop connections one after the other are told, and sessions of work and mere knocks are not.

import { expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { bruteRdp } from './rdp.ts';

it('hit: ten refused logins in two minutes', () => {
  const stage = new Stage(bruteRdp);
  for (let i = 0; i < 10; i++)
    stage.flow('closed', { app: 'rdp', appHow: 'handshake', rPort: 3389, oPayload: 2100, rPayload: 1900 }).wait(12);
  expect(stage.alerts).toMatchObject([{ detector: 'brute.rdp', observed: 10, mitre: 'T1110.001' }]);
});

it('miss: ten sessions, ten knocks, and ten connections of something else', () => {
  const stage = new Stage(bruteRdp);
  for (let i = 0; i < 10; i++) {
    const rdp = { app: 'rdp', appHow: 'handshake', rPort: 3389 };
    stage.flow('closed', { ...rdp, oPayload: 200_000, rPayload: 9_000_000 });
    stage.flow('closed', { ...rdp, oPayload: 19, rPayload: 19 });
    stage.flow('closed', { app: 'tls', appHow: 'handshake', rPort: 3389, oPayload: 2100, rPayload: 1900 }).wait(12);
  }
  expect(stage.end().alerts).toEqual([]);
});
