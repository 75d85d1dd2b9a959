// Proves that requests without end make one alert, for a client or for all of a failing server, and that browsing, a
// scan for weaknesses and a well server with many clients make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { httpFlood } from './http-flood.ts';

describe('flood.http', () => {
  it('hit: one client, 200 requests a second', () => {
    const stage = new Stage(httpFlood);
    for (let n = 0; n < 1200; n++) stage.event('http', { url: '/', statusCode: 200 }).wait(0.005);
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([['10.0.0.1 → 10.0.0.2', 'medium']]);
    expect(stage.alerts[0].packet).toBeLessThan(1001);
  });

  it('hit: many clients, and the server fails', () => {
    const stage = new Stage(httpFlood);
    for (let n = 0; n < 6000; n++) {
      stage
        .event('http', { url: `/?${n}`, statusCode: n % 3 === 0 ? 503 : 200 }, { from: `10.0.1.${n % 200}` })
        .wait(0.001);
    }
    expect(stage.alerts.map(({ key }) => key)).toEqual(['10.0.0.2']);
  });

  it('miss: a page with many pictures, a busy server, and half of a request', () => {
    const stage = new Stage(httpFlood);
    for (let n = 0; n < 150; n++) stage.event('http', { url: `/${n}.png`, statusCode: 200 }).wait(0.004);
    for (let n = 0; n < 6000; n++) {
      stage.event('http', { url: '/', statusCode: 200 }, { from: `10.0.1.${n % 200}`, to: '10.0.0.5' }).wait(0.001);
      stage.event('http', {}, { only: 'eve' });
    }
    expect(stage.alerts).toEqual([]);
  });

  it('miss: a scan for what is not there', () => {
    const stage = new Stage(httpFlood);
    for (let n = 0; n < 1500; n++) stage.event('http', { url: `/admin${n}`, statusCode: 404 }).wait(0.005);
    expect(stage.alerts).toEqual([]);
  });
});
