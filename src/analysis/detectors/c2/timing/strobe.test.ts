// Proves that a connection a second for eleven minutes is told, and that a busy minute, and the same inside, is not.

import { expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { strobe } from './strobe.ts';

it('hit: eleven minutes', () => {
  const stage = new Stage(strobe);
  for (let i = 0; i < 800; i++) stage.flow('established', { to: '93.184.216.9', rPort: 443 }).wait(0.9);
  expect(stage.alerts).toMatchObject([{ detector: 'c2.strobe', severity: 'medium' }]);
});

it('miss: one busy minute, every two seconds, and inside', () => {
  const stage = new Stage(strobe);
  for (let i = 0; i < 800; i++) stage.flow('established', { to: '93.184.216.9', rPort: 443 }).wait(0.05);
  for (let i = 0; i < 800; i++) stage.flow('established', { to: '93.184.216.10', rPort: 443 }).wait(2);
  for (let i = 0; i < 800; i++) stage.flow('established', { to: '10.0.0.9', rPort: 443 }).wait(0.9);
  expect(stage.end().alerts).toEqual([]);
});
