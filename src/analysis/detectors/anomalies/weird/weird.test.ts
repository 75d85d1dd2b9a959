// Proves that contradictions in many connections make one alert for a host, that notable ones are information at once, and
// that repetitions and single usual ones make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { weird } from './weird.ts';

describe('proto.weird', () => {
  it('hit: twenty connections of one host within a minute', () => {
    const stage = new Stage(weird);
    for (let i = 0; i < 30; i++) stage.event('weird', { name: 'bad_HTTP_request' }, { cPort: 2000 + i }).wait(1);
    expect(stage.alerts).toMatchObject([{ severity: 'low', key: '10.0.0.1', packet: 20, observed: 20 }]);
    expect(stage.alerts[0].explain).toContain('bad_HTTP_request');
  });

  it('hit: notable ones at once, once in ten minutes for each host', () => {
    const stage = new Stage(weird);
    for (let i = 0; i < 9; i++) stage.odd('tcp.rst-data').odd('tcp.rst-data', { from: '10.0.0.8' });
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([
      ['10.0.0.1 tcp.rst-data', 'info'],
      ['10.0.0.8 tcp.rst-data', 'info'],
    ]);
    expect(stage.told).toHaveLength(2);
  });

  it('miss: one connection that repeats itself, few connections, what others tell, names that are none', () => {
    const stage = new Stage(weird);
    for (let i = 0; i < 100; i++) stage.event('weird', { name: 'bad_HTTP_request' });
    for (let i = 0; i < 60; i++) stage.event('weird', { name: 'sip_junk' }, { from: '10.0.0.3', cPort: i }).wait(10);
    for (let i = 0; i < 60; i++) stage.odd('tcp.conflict', { sPort: i }).odd('tcp.urgent', { sPort: i });
    stage.event('weird', {}).event('weird', { name: 7 });
    expect(stage.alerts).toEqual([]);
  });
});
