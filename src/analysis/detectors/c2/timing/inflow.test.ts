// Proves that small even bursts inside a conversation are told, and that typing, large answers and usual services are not.

import { expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { inflow } from './inflow.ts';

const talk = { to: '93.184.216.9', rPort: 4433, id: 7, side: 0 } as const;

it('hit: nine bytes every ten seconds', () => {
  const stage = new Stage(inflow);
  for (let i = 0; i < 21; i++) stage.flow('woke', { ...talk, oPayload: 9 * i, rPayload: 4 * i }).wait(10);
  expect(stage.alerts).toMatchObject([{ detector: 'c2.inflow', severity: 'low', observed: 20 }]);
  expect(stage.alerts[0].explain).toContain('every 10 s');
});

it('miss: uneven, large, a usual port, nineteen', () => {
  const stage = new Stage(inflow);
  for (let i = 0; i < 60; i++) stage.flow('woke', { ...talk, oPayload: 9 * i }).wait(2 + ((i * 7) % 13));
  for (let i = 0; i < 60; i++) stage.flow('woke', { ...talk, id: 8, rPayload: 9000 * i }).wait(10);
  for (let i = 0; i < 60; i++) stage.flow('woke', { ...talk, id: 9, rPort: 5222, oPayload: 9 * i }).wait(10);
  for (let i = 0; i < 19; i++) stage.flow('woke', { ...talk, id: 10, oPayload: 9 * i }).wait(10);
  expect(stage.end().alerts).toEqual([]);
});
