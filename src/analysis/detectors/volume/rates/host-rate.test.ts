// Proves that a host that sends very much is told, louder when nothing comes back, and that moments, quiet hosts and
// seconds in which time ran backwards are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { hostRate } from './host-rate.ts';

const from = { isTo: false, packets: 8000, udp: 8000, bytes: 800_000 };

describe('volume.rate', () => {
  it('hit: three seconds in a row, one alert for sender and receiver', () => {
    const stage = new Stage(hostRate);
    for (let n = 0; n < 5; n++)
      stage
        .wait(1)
        .rate('10.0.0.2', { ...from, isTo: true })
        .rate('10.0.0.1', from);
    expect(stage.end().alerts.map(({ key, severity, sources }) => [key, severity, sources])).toEqual([
      ['10.0.0.1 sent', 'low', ['10.0.0.1']],
    ]);
  });

  it('hit: bytes, a transfer is information only', () => {
    const stage = new Stage(hostRate);
    const bulk = { packets: 90_000, tcp: 90_000, bytes: 130e6 };
    for (let n = 0; n < 3; n++) {
      stage.wait(1).rate('10.0.0.1', { isTo: true, packets: 9000, tcp: 9000, bare: 9000 });
      stage.rate('10.0.0.1', { isTo: false, ...bulk });
    }
    expect(stage.end().alerts.map(({ key, severity }) => [key, severity])).toEqual([['10.0.0.1 sent', 'info']]);
  });

  it('hit: one host gets from many', () => {
    const stage = new Stage(hostRate);
    for (let n = 0; n < 3; n++) {
      stage.wait(1).rate('10.0.0.2', { packets: 30_000, udp: 30_000 });
      for (let i = 1; i <= 10; i++) stage.rate(`192.0.2.${i}`, { isTo: false, packets: 3000, udp: 3000 });
    }
    expect(stage.end().alerts.map(({ key, severity }) => [key, severity])).toEqual([['10.0.0.2 got', 'medium']]);
  });

  it('miss: two seconds, a busy but usual host, multicast, and time that ran backwards', () => {
    const stage = new Stage(hostRate);
    stage.wait(1).rate('10.0.0.1', from).wait(1).rate('10.0.0.1', from).wait(5).rate('10.0.0.1', from);
    for (let n = 0; n < 9; n++) {
      stage.wait(1).rate('239.0.0.1', { packets: 9000, udp: 9000 }).rate('10.0.0.3', { isTo: false, packets: 4000 });
      const sec = stage.timeUs / 1e6 - 1;
      stage.rate('10.0.0.9', { ...from, packets: 20_000, firstUs: sec * 1e6, lastUs: (sec - 40) * 1e6 });
    }
    expect(stage.end().alerts).toEqual([]);
  });
});
