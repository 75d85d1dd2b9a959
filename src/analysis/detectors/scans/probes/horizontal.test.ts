// Proves that one port tried at many hosts makes one alert, sooner for services that worms look for, and that a page
// with many servers makes none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { horizontalScan } from './horizontal.ts';
import { verticalScan } from './vertical.ts';

function sweep(stage: Stage, rPort: number, hosts: number, gapSec = 0.1): Stage {
  for (let i = 1; i <= hosts; i++) stage.flow('opened', { to: `10.1.0.${i}`, rPort, oPort: 50_000 }).wait(gapSec);
  return stage;
}

describe('scan.horizontal', () => {
  it('hit: twenty hosts, eight for Telnet', () => {
    const stage = sweep(new Stage(horizontalScan), 9999, 30).end();
    expect(stage.alerts.map(({ packet, observed, key }) => [packet, observed, key])).toEqual([
      [20, 30, '10.0.0.1 port 9999'],
    ]);
    expect(stage.alerts[0].explain).toContain('tried port 9999 of 30 hosts');
    expect(sweep(new Stage(horizontalScan), 23, 30).alerts.map(({ packet }) => packet)).toEqual([8]);
  });

  it('hit: several ports are one alert, and no port scan of each host besides', () => {
    const stage = new Stage([verticalScan, horizontalScan]);
    for (let port = 5000; port < 5040; port++) sweep(stage, port, 25, 0.001);
    expect(stage.end().alerts.map(({ detector }) => detector)).toEqual(['scan.horizontal']);
    expect(stage.alerts[0].explain).toContain('other ports likewise');
  });

  it('miss: thirty servers of a page at once, all of which answer a moment later', () => {
    const stage = sweep(new Stage(horizontalScan), 443, 30, 0.005);
    for (let i = 1; i <= 30; i++) stage.flow('answered', { to: `10.1.0.${i}`, rPort: 443, oPort: 50_000 });
    expect(stage.alerts).toEqual([]);
  });

  it('miss: peers with ports of their own, of which some are the usual one', () => {
    const stage = new Stage(horizontalScan);
    for (let i = 0; i < 400; i++) {
      const peer = { to: `100.${i % 200}.0.${i % 250}`, rPort: i % 10 === 0 ? 6881 : 10_000 + 7 * i, oFlags: 2 };
      stage.flow('opened', peer).wait(0.3).flow('silent', peer);
    }
    expect(stage.alerts).toEqual([]);
  });

  it('miss: hosts that answer, nineteen that do not, and forty in an hour', () => {
    const stage = new Stage(horizontalScan);
    for (let i = 1; i <= 200; i++)
      stage
        .flow('opened', { to: `10.1.0.${i}`, rPort: 22 })
        .flow('answered', { to: `10.1.0.${i}`, rPort: 22 })
        .wait(0.1);
    sweep(stage, 9999, 19);
    sweep(stage, 9998, 40, 90);
    expect(stage.alerts).toEqual([]);
  });
});
