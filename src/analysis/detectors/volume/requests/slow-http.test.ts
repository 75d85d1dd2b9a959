// Proves that many requests that are never complete make one alert, and that answered ones, silent connections, uploads
// and other services make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { slowHttp } from './slow-http.ts';

/** A connection of five seconds as it is told. */
function look(stage: Stage, n: number, more: object): void {
  const firstUs = stage.timeUs - 5e6;
  stage.flow('alive', { oPort: 2000 + n, isEstablished: true, oPayload: 228, oBytes: 500, firstUs, ...more }).wait(0.1);
}

describe('flood.slow-http', () => {
  it('hit: sixty requests that were begun', () => {
    const stage = new Stage(slowHttp);
    for (let n = 0; n < 60; n++) look(stage, n, {});
    expect(stage.alerts.map(({ key, observed }) => [key, observed])).toEqual([['10.0.0.1 → 10.0.0.2:80', 50]]);
  });

  it('miss: answered, not begun, large, on another port, or spread over many clients', () => {
    const stage = new Stage(slowHttp);
    for (let n = 0; n < 200; n++) {
      look(stage, n, { rPayload: 300 });
      look(stage, n, { to: '10.0.0.3', oPayload: 0 });
      look(stage, n, { to: '10.0.0.4', oPayload: 80_000 });
      look(stage, n, { to: '10.0.0.5', rPort: 1883, app: 'mqtt' });
      look(stage, n, { from: `10.0.9.${n}` });
    }
    expect(stage.alerts).toEqual([]);
  });
});
