// Proves that a device that comes after an hour is told once, and nothing before, of private addresses, or of a
// crowd.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { announces, macOf, sentBy } from '../local/golden/frames.ts';
import { newDevice } from './new-device.ts';

/** An hour of traffic of ten devices. */
function learned(): Stage {
  const stage = new Stage(newDevice);
  for (let i = 0; i < 130; i++) stage.frame(announces(i % 10)).wait(30);
  return stage;
}

describe('new.device', () => {
  it('hit: after an hour, once', () => {
    const stage = learned();
    for (let i = 0; i < 5; i++) stage.frame(announces(66)).wait(60);
    stage.flow('opened', sentBy(macOf(77)));
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([
      [macOf(66), 'info'],
      [macOf(77), 'info'],
    ]);
    expect(stage.alerts[0].explain).toContain('(10.0.0.66) was not seen before; 10 others were');
  });

  it('miss: while learning, even over a gap of days; private addresses', () => {
    const stage = new Stage(newDevice).frame(announces(1)).wait(400_000).frame(announces(2));
    const later = learned();
    later.flow('opened', sentBy('da:a1:19:00:00:01'));
    expect([...stage.alerts, ...later.alerts]).toEqual([]);
  });

  it('a crowd is told in part', () => {
    const stage = learned();
    for (let i = 20; i < 250; i++) stage.frame(announces(i)).wait(0.1);
    expect(stage.alerts).toHaveLength(20);
  });
});
