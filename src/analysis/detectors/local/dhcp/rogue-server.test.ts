// Proves that a second server with other wares is a rogue, a redundant one is not, and relays may have many.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { macOf } from '../golden/frames.ts';
import { rogueServer } from './rogue-server.ts';

const offer = (serverId: string, gateway: string, id = 1, more = {}) => ({
  type: 'reply',
  dhcpType: 'offer',
  id,
  clientMac: macOf(5),
  assignedIp: '10.0.0.77',
  relayIp: '0.0.0.0',
  serverId,
  routers: [gateway],
  dnsServers: [gateway],
  ...more,
});

describe('l2.rogue-dhcp', () => {
  it('hit, high: two servers answer one client and name different gateways', () => {
    const stage = new Stage(rogueServer);
    stage.event('dhcp', offer('10.0.0.1', '10.0.0.1')).wait(100);
    stage.event('dhcp', offer('10.0.0.66', '10.0.0.66', 2)).wait(0.1);
    stage.event('dhcp', offer('10.0.0.1', '10.0.0.1', 2));
    expect(stage.alerts.map(({ key, severity, sources }) => [key, severity, sources])).toEqual([
      ['10.0.0.66', 'high', ['10.0.0.66']],
    ]);
  });

  it('hit: a server that begins after the network was learned; DHCP for IPv6 as well', () => {
    const stage = new Stage(rogueServer);
    stage
      .event('dhcp', offer('10.0.0.1', '10.0.0.1'))
      .wait(4000)
      .event('dhcp', offer('10.0.0.66', '10.0.0.66', 2));
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['medium']);
    const six = new Stage(rogueServer);
    const advertise = (serverDuid: string, dns: string) => ({
      type: 'advertise',
      id: 4,
      clientDuid: 'c',
      serverDuid,
      dnsServers: [dns],
    });
    six.event('dhcpv6', advertise('a', 'fe80::1'), { from: 'fe80::5', to: 'fe80::1' });
    six.event('dhcpv6', advertise('b', 'fe80::66'), { from: 'fe80::5', to: 'fe80::66' });
    expect(six.alerts.map(({ key, severity }) => [key, severity])).toEqual([['fe80::66', 'high']]);
  });

  it('miss: the same server, servers behind relays, answers to who has an address, and half-empty messages', () => {
    const stage = new Stage(rogueServer);
    for (let i = 0; i < 5; i++) stage.event('dhcp', offer('10.0.0.1', '10.0.0.1', i)).wait(3000);
    for (let i = 0; i < 5; i++) stage.event('dhcp', offer(`10.0.1.${i}`, `10.0.1.${i}`, 9, { relayIp: '10.0.0.1' }));
    stage.event('dhcp', offer('10.0.0.9', '', 9, { assignedIp: '0.0.0.0' }));
    stage.event('dhcp', { type: 'reply', dhcpType: 'offer', serverId: 5 });
    expect(stage.alerts).toEqual([]);
  });

  it('a redundant server is told as low, with what speaks for it', () => {
    const stage = new Stage(rogueServer).event('dhcp', offer('10.0.0.1', '10.0.0.1'));
    stage.event('dhcp', offer('10.0.0.2', '10.0.0.1'));
    expect(stage.alerts.map(({ severity, against }) => [severity, against])).toEqual([
      ['low', 'Both give the same gateway and name servers.'],
    ]);
  });
});
