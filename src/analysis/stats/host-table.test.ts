// Proves that hosts are counted exactly while they have a place, that the quiet ones give way, and that nothing is lost.

import { describe, expect, it } from 'vitest';
import { HostTable, type OpenTraffic, openField, openWidth, otherHosts } from './host-table.ts';

const nothing = (hosts: HostTable): OpenTraffic => new Float64Array(hosts.capacity * openWidth);

const v4 = (hosts: HostTable, n: number): number => hosts.find(4, n, 0, 0, 0);

describe('HostTable', () => {
  it('finds the same row for the same address and tells IPv4 from IPv6', () => {
    const hosts = new HostTable(64, 0);
    const a = v4(hosts, 0x0a000001);
    expect(v4(hosts, 0x0a000001)).toBe(a);
    expect(hosts.find(6, 0x0a000001, 0, 0, 0)).not.toBe(a);
    expect(hosts.address(a)).toBe('10.0.0.1');
  });

  it('asks for an alert at the packet after the threshold and at each tenfold growth', () => {
    const hosts = new HostTable(64, 100);
    const a = v4(hosts, 1);
    const due: number[] = [];
    for (let n = 1; n <= 11_000; n++) {
      if (hosts.told(a, 1) > 0) continue;
      due.push(n);
      hosts.alerted(a);
    }
    expect(due).toEqual([101, 1010, 10_100]);
  });

  it('never asks when the threshold is 0', () => {
    const hosts = new HostTable(64, 0);
    const a = v4(hosts, 1);
    for (let n = 0; n < 1000; n++) expect(hosts.told(a, 1)).toBe(65535);
  });

  it('lists who sent most, with what open flows brought', () => {
    const hosts = new HostTable(64, 0);
    for (let n = 1; n <= 30; n++) {
      hosts.told(v4(hosts, n), n);
      hosts.exchanged(v4(hosts, n), n * 100, 5, 50);
    }
    const open = nothing(hosts);
    const seven = v4(hosts, 7) * openWidth;
    open[seven + openField.bytesOut] = 1_000_000;
    open[seven + openField.packetsOut] = 3;
    expect(hosts.top(3, open)).toEqual([
      { ip: '0.0.0.7', packets: 10, bytes: 1_000_700, packetsReceived: 5, bytesReceived: 50 },
      { ip: '0.0.0.30', packets: 30, bytes: 3000, packetsReceived: 5, bytesReceived: 50 },
      { ip: '0.0.0.29', packets: 29, bytes: 2900, packetsReceived: 5, bytesReceived: 50 },
    ]);
  });

  it('lets quiet rows give way to new ones, never those in use, and keeps the sums', () => {
    const hosts = new HostTable(128, 0);
    const busy = v4(hosts, 1);
    hosts.hold(busy);
    hosts.told(busy, 1000);
    for (let n = 2; n < 5000; n++) {
      hosts.told(v4(hosts, n), 1);
      hosts.exchanged(v4(hosts, n), 60, 0, 0);
    }
    expect(hosts.used).toBeLessThanOrEqual(127);
    expect(v4(hosts, 1)).toBe(busy);
    expect(hosts.packets(busy)).toBe(1000);
    let sum = hosts.packets(otherHosts);
    for (const row of hosts.top(128, nothing(hosts))) sum += row.packets;
    // The busy host sent no bytes here, so it is not among the talkers.
    expect(sum).toBe(4998);
  });

  it('counts under others when every row is in use', () => {
    const hosts = new HostTable(16, 0);
    for (let n = 1; n < 16; n++) hosts.hold(v4(hosts, n));
    expect(v4(hosts, 99)).toBe(otherHosts);
    hosts.told(otherHosts, 1);
    expect(hosts.packets(otherHosts)).toBe(1);
  });
});
