// Proves that routers on a way, sweeps for services and searches for weaknesses make an alert each, and that a routing
// loop, a management station and a browser make none.

import { describe, expect, it } from 'vitest';
import { ethernet, icmpEcho, ipv4, udp } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { localSweeps } from './local-sweeps.ts';
import { traceroute } from './traceroute.ts';
import { vulnerabilityScan } from './vulnerability.ts';

/** A router tells 10.0.0.1 that its packet to 10.9.0.`target` has travelled too far. */
function exceeded(router: number, target = 1): number[] {
  const quoted = ipv4(17, udp(50_000, 33_434, []));
  quoted.splice(12, 8, 10, 0, 0, 1, 10, 9, 0, target);
  const icmp = [...icmpEcho(quoted)];
  icmp.splice(0, 2, 11, 0);
  const packet = ipv4(1, icmp);
  packet.splice(12, 8, 10, 7, 0, router, 10, 0, 0, 1);
  return ethernet(0x0800, packet);
}

describe('recon.traceroute', () => {
  it('hit: three routers of one way', () => {
    const stage = new Stage(traceroute);
    for (let router = 1; router <= 5; router++) stage.frame(exceeded(router)).frame(exceeded(router)).wait(0.1);
    expect(stage.alerts.map(({ key, packet, severity }) => [key, packet, severity])).toEqual([
      ['10.0.0.1 → 10.9.0.1', 5, 'info'],
    ]);
  });

  it('miss: a loop between two routers, one router for many hosts', () => {
    const stage = new Stage(traceroute);
    for (let i = 1; i <= 50; i++)
      stage
        .frame(exceeded(1 + (i % 2)))
        .frame(exceeded(3, 1 + i))
        .wait(0.1);
    expect(stage.alerts).toEqual([]);
  });
});

describe('recon.snmp and its kin', () => {
  it.each([
    ['recon.snmp', 161],
    ['recon.nbns', 137],
    ['recon.ssdp', 1900],
    ['recon.llmnr', 5355],
  ])('hit: %s, ten hosts asked one after the other', (name, rPort) => {
    const stage = new Stage(localSweeps);
    for (let i = 1; i <= 12; i++)
      stage.flow('opened', { proto: 17, to: `10.3.0.${i}`, rPort, oPort: 50_000 }).wait(0.1);
    expect(stage.alerts.map(({ detector, packet }) => [detector, packet])).toEqual([[name, 10]]);
  });

  it('miss: agents that answer, the group, nine hosts', () => {
    const stage = new Stage(localSweeps);
    for (let i = 1; i <= 100; i++) {
      const flow = { proto: 17, to: `10.3.0.${i}`, rPort: 161, oPort: 50_000 };
      stage.flow('opened', flow).flow('answered', flow);
      stage.flow('opened', { proto: 17, to: '239.255.255.250', rPort: 1900, oPort: 50_000 + i });
      stage.flow('opened', { proto: 17, to: `10.3.0.${i % 9}`, rPort: 137, oPort: 137 }).wait(0.1);
    }
    expect(stage.alerts).toEqual([]);
  });
});

describe('scan.vulnerability', () => {
  it('hit: sixty pages that are not there', () => {
    const stage = new Stage(vulnerabilityScan);
    for (let i = 0; i < 60; i++)
      stage.event('http', { url: `/cgi-bin/${i}`, status: i % 20 === 0 ? 200 : 404 }).wait(0.1);
    expect(stage.alerts.map(({ packet, key }) => [packet, key])).toEqual([[50, '10.0.0.1 → 10.0.0.2']]);
    expect(stage.alerts[0].explain).toContain('94 % were refused');
  });

  it('hit: ten services greeted one after the other', () => {
    const stage = new Stage(vulnerabilityScan);
    for (let i = 0; i < 12; i++) stage.flow('answered', { rPort: 20 + i }).wait(0.1);
    expect(stage.alerts.map(({ packet, severity }) => [packet, severity])).toEqual([[10, 'low']]);
  });

  it('miss: a crawler that finds its pages, one page missed often, odd events', () => {
    const stage = new Stage(vulnerabilityScan);
    for (let i = 0; i < 200; i++) {
      stage.event('http', { url: `/page/${i}`, status: i % 4 === 0 ? 404 : 200 });
      stage.event('http', { url: '/favicon.ico', status: 404 }, { from: '10.0.0.7' });
      stage.event('http', {}, { from: '10.0.0.8' }).event('http', { url: 7, status: 'x' }, { from: '10.0.0.8' });
      stage.flow('answered', { rPort: 443 }).wait(0.1);
    }
    expect(stage.alerts).toEqual([]);
  });
});
