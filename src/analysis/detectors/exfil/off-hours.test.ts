// Proves that an upload at an hour that is quiet for two weeks is told, and that busy hours and new hosts are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { exfilOffHours } from './off-hours.ts';

/** Two weeks of office hours: 40 MB an hour by day, 10 kB by night. Begins and ends at an hour of night. */
function fortnight(): Stage {
  const stage = new Stage(exfilOffHours);
  stage.timeUs = Math.floor(stage.timeUs / 86_400e6) * 86_400e6;
  for (let hour = 0; hour < 15 * 24; hour++) {
    const isDay = hour % 24 >= 9 && hour % 24 < 17;
    stage.flow('ended', { to: '203.0.114.1', oBytesSince: isDay ? 40e6 : 10e3 }).wait(3600);
  }
  return stage;
}

describe('exfil.off-hours', () => {
  it('hit: 100 MB at midnight', () => {
    const stage = fortnight();
    stage
      .flow('ended', { to: '203.0.114.9', oBytesSince: 100e6 })
      .flow('ended', { to: '203.0.114.9', oBytesSince: 100e6 });
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0]).toMatchObject({ severity: 'low', key: '10.0.0.1', observed: 100e6, expected: 10_000 });
  });

  it('miss: the same at noon, little at midnight, a host that is new', () => {
    const stage = fortnight();
    stage.flow('ended', { to: '203.0.114.9', oBytesSince: 15e6 });
    stage.flow('ended', { from: '10.0.0.2', to: '203.0.114.9', oBytesSince: 100e6 });
    stage.wait(12 * 3600).flow('ended', { to: '203.0.114.9', oBytesSince: 100e6 });
    stage.wait(400 * 86_400).flow('ended', { to: '203.0.114.9', oBytesSince: 100e6 });
    expect(stage.alerts).toEqual([]);
  });
});
