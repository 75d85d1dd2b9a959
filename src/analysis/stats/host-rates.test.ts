// Proves that counts of a busy host are exact, whatever else comes in the same second, and that seconds do not mix.

import { describe, expect, it } from 'vitest';
import { ipProto, Packet, RateSignal, tcpFlag } from '../../core/index.ts';
import { HostRates } from './host-rates.ts';

const { tcp, udp, icmp } = ipProto;

/** A packet from one IPv4 address word to another, of 100 bytes. */
function packet(src: number, dst: number, more: Partial<Packet> = {}): Packet {
  const from = { src0: src | 0, dst0: dst | 0, ipVersion: 4, proto: udp as number, wireLen: 100, l4Ok: 1 };
  return Object.assign(new Packet(), from, more);
}

/** What a second tells. */
function told(rates: HostRates, least: number): RateSignal[] {
  const all: RateSignal[] = [];
  rates.turn(new RateSignal(), least, (signal) => all.push(Object.assign(new RateSignal(), signal)));
  return all;
}

describe('HostRates', () => {
  it('counts packets by kind for receiver and sender', () => {
    const rates = new HostRates();
    const kinds: Partial<Packet>[] = [
      { proto: tcp, tcpFlags: tcpFlag.syn },
      { proto: tcp, tcpFlags: tcpFlag.syn | tcpFlag.ack },
      { proto: tcp, tcpFlags: tcpFlag.ack },
      { proto: tcp, tcpFlags: tcpFlag.rst },
      { proto: tcp, tcpFlags: tcpFlag.ack, payloadLen: 10 },
      // What follows the first fragment has no TCP header.
      { proto: tcp, isFragment: 1, l4Ok: 0 },
      { proto: icmp },
      { proto: udp, isFragment: 1 },
    ];
    kinds.forEach((kind, i) => {
      rates.see(packet(1, 2, { ...kind, number: 10 + i, timeUs: 5e6 + i }));
    });
    const counts = { tcp: 6, udp: 1, icmp: 1, fragments: 2, syns: 1, bare: 2, packets: 8, bytes: 800, firstPacket: 10 };
    const times = { firstUs: 5e6, lastUs: 5e6 + 7 };
    expect(told(rates, 1)).toMatchObject([
      { isTo: true, w0: 2, ...counts, ...times },
      { isTo: false, w0: 1, ...counts, ...times },
    ]);
  });

  it('begins anew with each second and leaves out who was not busy', () => {
    const rates = new HostRates();
    for (let i = 0; i < 60; i++) rates.see(packet(1, 2));
    for (let i = 0; i < 40; i++) rates.see(packet(3, 4));
    expect(told(rates, 50).map(({ w0, packets }) => [w0, packets])).toEqual([
      [2, 60],
      [1, 60],
    ]);
    expect(told(rates, 1)).toEqual([]);
    rates.see(packet(1, 2));
    expect(told(rates, 1).map(({ packets }) => packets)).toEqual([1, 1]);
  });

  it('tells addresses of both versions apart, all words considered', () => {
    const rates = new HostRates();
    rates.see(packet(7, 9));
    rates.see(packet(7, 9, { ipVersion: 6 }));
    rates.see(packet(7, 9, { ipVersion: 6, dst1: 1 }));
    rates.see(packet(7, 9, { ipVersion: 6, dst2: 1 }));
    rates.see(packet(7, 9, { ipVersion: 6, dst3: 1 }));
    const receivers = told(rates, 1).filter(({ isTo }) => isTo);
    expect(receivers.map(({ ipVersion, w1, w2, w3 }) => [ipVersion, w1, w2, w3])).toEqual([
      [4, 0, 0, 0],
      [6, 0, 0, 0],
      [6, 1, 0, 0],
      [6, 0, 1, 0],
      [6, 0, 0, 1],
    ]);
  });

  it('counts the victim and a busy sender exactly under a flood of forged sources', () => {
    const rates = new HostRates();
    let random = 12345;
    for (let i = 0; i < 200_000; i++) {
      random = (Math.imul(random, 1664525) + 1013904223) | 0;
      rates.see(packet(random, 99, { proto: tcp, tcpFlags: tcpFlag.syn }));
      // One that answers each of them, and one that pings now and then.
      rates.see(packet(99, random, { proto: tcp, tcpFlags: tcpFlag.syn | tcpFlag.ack }));
      if (i % 100 === 0) rates.see(packet(5, 6, { proto: icmp }));
    }
    const busy = told(rates, 1000).map(({ isTo, w0, packets, syns }) => [isTo, w0, packets, syns]);
    expect(busy).toEqual([
      [true, 99, 200_000, 200_000],
      [true, 6, 2000, 0],
      [false, 99, 200_000, 0],
      [false, 5, 2000, 0],
    ]);
  });
});
