// Proves that UDP ports tried in vain make an alert, sooner when ICMP calls them closed, and that media, traceroute and
// answers of services make none.

import { describe, expect, it } from 'vitest';
import { ethernet, icmpEcho, ipv4, udp } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { udpScan } from './udp-scan.ts';

const udpFlow = { proto: 17, tcpFlags: 0, oPort: 50_000, ttl: 64 };

/** 10.0.0.2 tells 10.0.0.1 that its port is closed. */
function closed(port: number): number[] {
  const quoted = ipv4(17, udp(50_000, port, []));
  quoted.splice(12, 8, 10, 0, 0, 1, 10, 0, 0, 2);
  const icmp = icmpEcho([...quoted]);
  icmp.splice(0, 2, 3, 3);
  const packet = ipv4(1, icmp);
  packet.splice(12, 8, 10, 0, 0, 2, 10, 0, 0, 1);
  return ethernet(0x0800, packet);
}

describe('scan.udp', () => {
  it('hit: twenty ports over two seconds', () => {
    const stage = new Stage(udpScan);
    for (let i = 0; i < 20; i++) stage.flow('opened', { ...udpFlow, rPort: 2000 + i }).wait(0.1);
    expect(stage.alerts.map(({ packet, observed }) => [packet, observed])).toEqual([[15, 15]]);
    expect(stage.alerts[0].filter).toBe('ip.src == 10.0.0.1 && udp && ip.addr == 10.0.0.2');
  });

  it('hit: ports that ICMP calls closed, and a service asked of many hosts', () => {
    const stage = new Stage(udpScan);
    for (let i = 0; i < 8; i++)
      stage
        .flow('opened', { ...udpFlow, rPort: 2000 + i })
        .frame(closed(2000 + i))
        .wait(0.2);
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0].packet).toBeLessThanOrEqual(13);
    const sweep = new Stage(udpScan);
    for (let i = 1; i <= 25; i++) sweep.flow('opened', { ...udpFlow, to: `10.3.0.${i}`, rPort: 11211 }).wait(0.2);
    expect(sweep.alerts.map(({ unit }) => unit)).toEqual(['hosts']);
  });

  it('miss: twenty streams of media that begin together', () => {
    const stage = new Stage(udpScan);
    for (let i = 0; i < 20; i++) stage.flow('opened', { ...udpFlow, rPort: 2000 + i }).wait(0.001);
    for (let i = 0; i < 20; i++) stage.flow('retried', { ...udpFlow, rPort: 2000 + i, oPackets: 5 }).wait(0.001);
    for (let i = 0; i < 10; i++) stage.wait(1).flow('opened', { ...udpFlow, rPort: 4000 + i });
    expect(stage.alerts).toEqual([]);
  });

  it('miss: traceroute, answers of a name server, groups, peers with ports of their own', () => {
    const stage = new Stage(udpScan);
    for (let i = 0; i < 60; i++) {
      stage.wait(0.2).flow('opened', { ...udpFlow, rPort: 33_434 + i, ttl: 1 + i / 3 });
      stage.flow('opened', { ...udpFlow, from: '10.0.0.53', oPort: 53, rPort: 40_000 + i });
      stage.flow('opened', { ...udpFlow, to: '239.1.1.1', rPort: 2000 + i });
      stage.flow('opened', { ...udpFlow, from: '10.0.0.7', to: `10.3.0.${1 + i}`, rPort: 6881 });
    }
    expect(stage.alerts).toEqual([]);
  });
});
