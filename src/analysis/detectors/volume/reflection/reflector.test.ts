// Proves that a server whose answers are many times its questions makes one alert, and that usual answers, other
// servers and few questions make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { reflector } from './reflector.ts';

const monlist = { proto: 17, rPort: 123, oPackets: 1, rPackets: 100, oBytes: 60, rBytes: 48_000 };
const since = { oBytesSince: 60, rBytesSince: 48_000 };

describe('drdos.reflector', () => {
  it('hit: a time server that tells its list to one address', () => {
    const stage = new Stage(reflector);
    for (let n = 0; n < 1200; n++) stage.flow('ended', { oPort: n, ...monlist, ...since }).wait(0.01);
    expect(stage.alerts.map(({ key, sources, targets }) => [key, sources, targets])).toEqual([
      ['10.0.0.2 → 10.0.0.1 NTP', ['10.0.0.2'], ['10.0.0.1']],
    ]);
  });

  it('miss: usual answers, a server outside, and few questions', () => {
    const stage = new Stage(reflector);
    const usual = { proto: 17, rPort: 53, oPackets: 1, rPackets: 1, oBytes: 80, rBytes: 300 };
    for (let n = 0; n < 3000; n++) {
      stage.flow('ended', { oPort: n, ...usual, oBytesSince: 80, rBytesSince: 300 });
      stage.flow('ended', { to: '93.184.216.34', oPort: n, ...monlist, ...since });
      if (n < 500) stage.flow('ended', { to: '10.0.0.7', oPort: n, ...monlist, ...since });
    }
    expect(stage.alerts).toEqual([]);
  });

  it('miss: one large answer now and then among usual ones', () => {
    const stage = new Stage(reflector);
    for (let n = 0; n < 3000; n++) {
      const isLarge = n % 50 === 0;
      const bytes = { oBytes: 80, rBytes: isLarge ? 3000 : 160, oBytesSince: 80, rBytesSince: isLarge ? 3000 : 160 };
      stage.flow('ended', { proto: 17, rPort: 53, oPort: n, oPackets: 1, rPackets: 1, ...bytes }).wait(0.005);
    }
    expect(stage.alerts).toEqual([]);
  });
});
