// Proves that a shell that greets, and a conversation led by the other side, are told, and that asking clients and chat are not.

import { expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { reverseShell } from './reverse-shell.ts';

const talk = { to: '93.184.216.9', rPort: 4444, id: 7 };

it('hit: what a shell says', () => {
  const stage = new Stage(reverseShell).flow('closed', { ...talk, app: 'shell', oPayload: 900, rPayload: 40 });
  expect(stage.alerts).toMatchObject([{ detector: 'c2.reverse-shell', severity: 'severe', targets: ['10.0.0.1'] }]);
  expect(stage.alerts[0].explain).toContain('gives it a command shell');
});

it('hit: the other side breaks each silence with a few bytes and gets many', () => {
  const stage = new Stage(reverseShell);
  for (let i = 0; i < 7; i++)
    stage.flow('woke', { ...talk, side: 1, oPayload: 700 * i + 10, rPayload: 12 * i + 1 }).wait(3 + i);
  expect(stage.alerts).toMatchObject([{ severity: 'low', observed: 6 }]);
});

it('miss: a client that asks, a server that sends much, chat, five commands', () => {
  const stage = new Stage(reverseShell);
  for (let i = 0; i < 30; i++) {
    stage.flow('woke', { ...talk, id: 8, side: 0, oPayload: 700 * i, rPayload: 12 * i });
    stage.flow('woke', { ...talk, id: 9, side: 1, oPayload: 12 * i, rPayload: 7000 * i });
    stage.flow('woke', { ...talk, id: 10, side: 1, rPort: 5222, oPayload: 700 * i, rPayload: 12 * i }).wait(5);
  }
  for (let i = 0; i < 5; i++) stage.flow('woke', { ...talk, side: 1, oPayload: 700 * i, rPayload: 12 * i }).wait(5);
  expect(stage.end().alerts).toEqual([]);
});
