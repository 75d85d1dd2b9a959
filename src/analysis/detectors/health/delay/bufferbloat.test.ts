// Proves that round trips that grow under load are told, and long but even ones are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { bufferbloat } from './bufferbloat.ts';

describe('perf.bufferbloat', () => {
  const busy = { oSegments: 400, samples: 40, clientBaseUs: 500, clientTopUs: 600 };

  it('hit: 20 ms become 400 ms', () => {
    const stage = new Stage(bufferbloat).health('ended', { ...busy, serverBaseUs: 20_000, serverTopUs: 400_000 });
    expect(stage.alerts[0].explain).toContain('from 21 ms to 401 ms, on the way to the server');
  });

  it('miss: 200 ms all along, and a growth of a few segments', () => {
    const stage = new Stage(bufferbloat).health('ended', { ...busy, serverBaseUs: 200_000, serverTopUs: 280_000 });
    stage.health('ended', { ...busy, oSegments: 10, serverBaseUs: 20_000, serverTopUs: 400_000 });
    expect(stage.alerts).toEqual([]);
  });
});
