// Proves that a conversation of hours with a host outside is told, again at eight hours, and that short ones and known ones inside are not.

import { expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { longTalk } from './long.ts';

const open = { to: '93.184.216.9', rPort: 4444, id: 7, isEstablished: true, oPackets: 9, rPackets: 9, app: '' };
const aged = (stage: Stage, sec: number): object => ({ firstUs: stage.timeUs - sec * 1e6, lastUs: stage.timeUs });

it('hit: an hour, and eight', () => {
  const stage = new Stage(longTalk);
  stage.flow('alive', { ...open, ...aged(stage, 3700) });
  expect(stage.alerts).toMatchObject([{ detector: 'c2.long', severity: 'low', observed: 3700 }]);
  stage.flow('alive', { ...open, ...aged(stage, 8 * 3600 + 60) });
  expect(stage.alerts).toMatchObject([{ severity: 'medium' }]);
});

it('hit: what stays open by nature is information', () => {
  const stage = new Stage(longTalk);
  stage.flow('alive', { ...open, app: 'ssh', ...aged(stage, 9 * 3600) });
  expect(stage.alerts).toMatchObject([{ severity: 'info' }]);
});

it('miss: half an hour, a known protocol inside, one side only, a handshake that never came about', () => {
  const stage = new Stage(longTalk);
  stage.flow('ended', { ...open, ...aged(stage, 1800) });
  stage.flow('alive', { ...open, to: '10.0.0.9', app: 'smb', ...aged(stage, 9000) });
  stage.flow('alive', { ...open, rPackets: 0, ...aged(stage, 9000) });
  stage.flow('alive', { ...open, isEstablished: false, ...aged(stage, 9000) });
  expect(stage.end().alerts).toEqual([]);
});
