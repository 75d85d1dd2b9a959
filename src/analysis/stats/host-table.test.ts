// Proves that hosts are counted exactly while they have a place, that the quiet ones give way, and that nothing is lost.

import { describe, expect, it } from 'vitest';
import { HostTable, otherHosts } from './host-table.ts';

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
      if (!hosts.sent(a, 60)) continue;
      due.push(n);
      hosts.alerted(a);
    }
    expect(due).toEqual([101, 1010, 10_100]);
  });

  it('never asks when the threshold is 0', () => {
    const hosts = new HostTable(64, 0);
    const a = v4(hosts, 1);
    for (let n = 0; n < 1000; n++) expect(hosts.sent(a, 60)).toBe(false);
  });

  it('lists who sent most, with what open flows brought', () => {
    const hosts = new HostTable(64, 0);
    for (let n = 1; n <= 30; n++) for (let i = 0; i < n; i++) hosts.sent(v4(hosts, n), 100);
    const rows = hosts.top(3);
    expect(rows.map((r) => hosts.talker(r, 5, 50))).toEqual(
      [30, 29, 28].map((n) => ({
        ip: `0.0.0.${n}`,
        packets: n,
        bytes: n * 100,
        packetsReceived: 5,
        bytesReceived: 50,
      })),
    );
  });

  it('lets quiet rows give way to new ones, never those in use, and keeps the sums', () => {
    const hosts = new HostTable(128, 0);
    const busy = v4(hosts, 1);
    hosts.hold(busy);
    for (let i = 0; i < 1000; i++) hosts.sent(busy, 1);
    for (let n = 2; n < 5000; n++) hosts.sent(v4(hosts, n), 1);
    expect(hosts.used).toBeLessThanOrEqual(127);
    expect(v4(hosts, 1)).toBe(busy);
    expect(hosts.packets(busy)).toBe(1000);
    let sum = hosts.packets(otherHosts);
    for (const r of hosts.top(128)) sum += hosts.packets(r);
    expect(sum).toBe(1000 + 4998);
  });

  it('counts under others when every row is in use', () => {
    const hosts = new HostTable(16, 0);
    for (let n = 1; n < 16; n++) hosts.hold(v4(hosts, n));
    expect(v4(hosts, 99)).toBe(otherHosts);
    hosts.sent(otherHosts, 60);
    expect(hosts.packets(otherHosts)).toBe(1);
  });
});
