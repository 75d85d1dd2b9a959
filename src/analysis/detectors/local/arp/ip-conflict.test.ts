// Proves that an address taken from an owner who is still there is a conflict, and readdressing is none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { announces, ask, macOf } from '../golden/frames.ts';
import { ipConflict } from './ip-conflict.ts';

describe('l2.ip-conflict', () => {
  it('hit: a second owner announces itself', () => {
    const stage = new Stage(ipConflict).frame(announces(5)).wait(600).frame(announces(8, '10.0.0.5'));
    expect(stage.alerts.map(({ key, severity, targets }) => [key, severity, targets])).toEqual([
      [`10.0.0.5: ${macOf(5)} ↔ ${macOf(8)}`, 'medium', ['10.0.0.5']],
    ]);
    expect(stage.alerts[0].explain).toContain('heard 600 s ago');
  });

  it('hit: both defend it; one alert', () => {
    const stage = new Stage(ipConflict);
    for (let i = 0; i < 20; i++) stage.frame(announces(i % 2 === 0 ? 5 : 8, '10.0.0.5')).wait(10);
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0].observed).toBeGreaterThan(7);
  });

  it('hit: the true owner is remembered when the second one has gone', () => {
    const stage = new Stage(ipConflict).frame(announces(5)).wait(60).frame(announces(8, '10.0.0.5')).wait(60);
    stage.frame(announces(8)).wait(60).frame(announces(9, '10.0.0.5'));
    expect(stage.alerts.map(({ key }) => key)).toEqual([
      `10.0.0.5: ${macOf(5)} ↔ ${macOf(8)}`,
      `10.0.0.5: ${macOf(5)} ↔ ${macOf(9)}`,
    ]);
  });

  it('miss: the owner moved to another address, was not heard for long, or both share the address of a router', () => {
    const stage = new Stage(ipConflict);
    stage.frame(announces(5)).wait(60).frame(announces(5, '10.0.0.50')).wait(60).frame(announces(8, '10.0.0.5'));
    stage.frame(announces(6)).wait(4000).frame(announces(7, '10.0.0.6'));
    for (let i = 0; i < 6; i++) {
      const from = i % 2 === 0 ? macOf(1) : '00:00:5e:00:01:01';
      stage.frame(ask({ from, ip: '10.0.0.1', target: '10.0.0.1' })).wait(5);
    }
    expect(stage.alerts).toEqual([]);
  });

  it('miss: DHCP gave the address to another', () => {
    const stage = new Stage(ipConflict).frame(announces(5)).wait(60);
    stage.event('dhcp', { type: 'reply', dhcpType: 'ack', clientMac: macOf(8), assignedIp: '10.0.0.5' });
    stage.wait(1).frame(announces(8, '10.0.0.5'));
    expect(stage.alerts).toEqual([]);
  });
});
