// Proves that ports tried in vain make one alert, that a scan of several hosts is one, and that clients are left alone.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { horizontalScan } from './horizontal.ts';
import { verticalScan } from './vertical.ts';

/** Tries of `ports` ports from `first` on. */
function scan(stage: Stage, ports: number, first = 2000, to = '10.0.0.2'): Stage {
  for (let i = 0; i < ports; i++) stage.flow('opened', { to, rPort: first + i, oPort: 50_000 + i }).wait(0.01);
  return stage;
}

describe('scan.vertical', () => {
  it('hit: fifteen ports in a moment, before any timeout', () => {
    const stage = scan(new Stage(verticalScan), 40).end();
    expect(stage.alerts).toHaveLength(1);
    const [alert] = stage.alerts;
    expect([alert.packet, alert.key, alert.severity]).toEqual([15, '10.0.0.1 → 10.0.0.2', 'medium']);
    expect(alert.firstPacket).toBe(1);
    expect(alert.observed).toBe(40);
    expect(alert.explain).toContain('tried 40 ports of 10.0.0.2 without an answer in');
    expect(alert.packets).toContain(14);
  });

  it('hit: eight ports below 1024', () => {
    expect(scan(new Stage(verticalScan), 8, 20).alerts).toHaveLength(1);
    expect(scan(new Stage(verticalScan), 7, 20).alerts).toHaveLength(0);
  });

  it('hit: open ports among closed ones do not count', () => {
    const stage = new Stage(verticalScan);
    for (let i = 0; i < 30; i++) {
      stage.flow('opened', { rPort: 2000 + i, oPort: 50_000 + i });
      stage.flow(i % 3 === 0 ? 'answered' : 'rejected', { rPort: 2000 + i, oPort: 50_000 + i, oFlags: 2 }).wait(0.01);
    }
    expect(stage.alerts.map(({ packet }) => packet)).toEqual([43]);
    expect(stage.alerts[0].against).toContain('refused');
  });

  it('hit: three hosts one after the other are one alert, next day’s scan is another', () => {
    const stage = new Stage([verticalScan, horizontalScan]);
    for (const to of ['10.0.0.2', '10.0.0.3', '10.0.0.4']) scan(stage, 20, 2000, to);
    expect(stage.alerts.map(({ targets }) => targets)).toEqual([['10.0.0.2', '10.0.0.3']]);
    stage.wait(86_400);
    scan(stage, 20);
    expect(stage.alerts.map(({ key }) => key)).toEqual(['10.0.0.1 → 10.0.0.2', '10.0.0.1 → 10.0.0.2 (2)']);
  });

  it('hit: a hundred ports are high', () => {
    expect(
      scan(new Stage(verticalScan), 300)
        .end()
        .alerts.map(({ severity }) => severity),
    ).toEqual(['high']);
  });

  it('miss: data connections of passive FTP, one port again and again, fourteen ports, first-comers', () => {
    const ftp = new Stage(verticalScan);
    for (let i = 0; i < 200; i++)
      ftp
        .flow('opened', { rPort: 30_000 + i })
        .flow('answered', { rPort: 30_000 + i })
        .wait(1);
    for (let i = 0; i < 200; i++) ftp.flow('opened', { rPort: 21, oPort: 30_000 + i }).wait(1);
    expect(ftp.alerts).toEqual([]);
    expect(scan(new Stage(verticalScan), 14).alerts).toEqual([]);
    const forged = new Stage(verticalScan);
    for (let i = 0; i < 100; i++) forged.flow('opened', { rPort: 2000 + i, attempts: 1 });
    expect(forged.alerts).toEqual([]);
  });

  it('miss: a gateway most of whose tries are answered', () => {
    const stage = new Stage(verticalScan);
    for (let i = 0; i < 100; i++)
      stage.flow('opened', { rPort: 9000, oPort: i }).flow('answered', { rPort: 9000, oPort: i });
    expect(scan(stage, 30).alerts).toEqual([]);
  });

  it('miss: answers to tries of which the first packet was not seen', () => {
    const stage = new Stage(verticalScan);
    for (let i = 0; i < 100; i++) stage.flow('opened', { rPort: 2000 + i, tcpFlags: 0x12 }).wait(0.1);
    expect(stage.alerts).toEqual([]);
  });
});
