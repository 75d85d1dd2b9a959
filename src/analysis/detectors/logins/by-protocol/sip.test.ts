// Proves that refused registrations are told with the user, and that a first challenge and calls to nobody are not.

import { expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { bruteSip } from './sip.ts';

const eve = { only: 'eve', proto: 17, sPort: 5060 } as const;

function ask(stage: Stage, i: number, code: string, more: object, method = 'REGISTER'): void {
  const same = { callId: 'x', cseq: `${i} ${method}` };
  stage.event('sip', { ...same, method, requestTo: '<sip:bob@example.org>', ...more }, eve);
  stage.event('sip', { ...same, code }, { ...eve, side: 1 }).wait(1);
}

it('hit: ten refused with credentials', () => {
  const stage = new Stage(bruteSip);
  for (let i = 0; i < 10; i++) ask(stage, i, '401', { authorization: 'Digest', user: 'bob' });
  expect(stage.alerts).toMatchObject([{ detector: 'brute.sip', observed: 10 }]);
  expect(stage.alerts[0].explain).toContain('lastly as bob');
});

it('miss: challenges answered well, and calls to numbers that do not exist', () => {
  const stage = new Stage(bruteSip);
  for (let i = 0; i < 60; i += 3) {
    ask(stage, i, '401', {});
    ask(stage, i + 1, '200', { authorization: 'Digest', user: 'bob' });
    ask(stage, i + 2, '404', {}, 'INVITE');
  }
  expect(stage.end().alerts).toEqual([]);
});
