// Proves that odd segments to several ports, odd packets of several kinds and the worm's datagram make one alert each, and
// that a damaged packet, ECN, resets of old connections and short queries make none.

import { describe, expect, it } from 'vitest';
import { ethernet, icmpEcho, ipv4, tcp } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { osFingerprint } from './os-fingerprint.ts';
import { stealthScan } from './stealth.ts';
import { slammer } from './worm.ts';

const nothing = 0;
const xmas = 0x29;
const synFin = 0x03;
const finOnly = 0x01;

/** A segment with these flags, of the builder's hosts. */
function segment(flags: number, port: number): number[] {
  const header = tcp([]);
  header[2] = port >>> 8;
  header[3] = port & 255;
  header[13] = flags;
  return ethernet(0x0800, ipv4(6, header));
}

function echo(code: number): number[] {
  const message = [...icmpEcho([1, 2, 3])];
  message[1] = code;
  return ethernet(0x0800, ipv4(1, message));
}

describe('scan.stealth', () => {
  it.each([
    ['NULL', nothing],
    ['FIN', finOnly],
    ['Xmas', xmas],
    ['SYN+FIN', synFin],
  ])('hit: three %s segments', (_, flags) => {
    const stage = new Stage(stealthScan);
    for (const port of [21, 22, 23]) stage.frame(segment(flags, port)).wait(0.1);
    expect(stage.alerts.map(({ packet, observed }) => [packet, observed])).toEqual([[3, 3]]);
  });

  it('hit: lone ACKs that are reset, at five ports', () => {
    const stage = new Stage(stealthScan);
    for (let i = 0; i < 6; i++) stage.flow('rejected', { rPort: 100 + i, oFlags: 16 }).wait(0.1);
    expect(stage.alerts.map(({ packet }) => packet)).toEqual([5]);
  });

  it('miss: single packets, one port, plain segments, old connections that are reset', () => {
    const stage = new Stage(stealthScan);
    stage.frame(segment(nothing, 21)).frame(segment(xmas, 22)).wait(100);
    for (let i = 0; i < 20; i++) {
      stage.frame(segment(finOnly, 80)).wait(100);
      stage
        .frame(segment(0x11, 1000 + i))
        .frame(segment(0x02, 1000 + i))
        .frame(segment(0x14, 1000 + i));
      stage.flow('rejected', { rPort: 443, oPort: 1000 + i, oFlags: 16 });
      stage.flow('rejected', { rPort: 1000 + i, oFlags: 2 });
      stage.flow('rejected', { rPort: 1000 + i, oFlags: 24, oPackets: 5, oPayload: 100 });
    }
    expect(stage.alerts).toEqual([]);
  });
});

describe('scan.os-fingerprint', () => {
  it('hit: two kinds, and the stealth scan keeps quiet about them', () => {
    const stage = new Stage([osFingerprint, stealthScan]);
    stage.frame(echo(9)).wait(0.1).frame(segment(nothing, 135)).wait(0.1).frame(segment(synFin, 135));
    stage.wait(0.1).frame(segment(xmas, 41_296));
    expect(stage.alerts.map(({ detector, packet, observed }) => [detector, packet, observed])).toEqual([
      ['scan.os-fingerprint', 2, 4],
    ]);
    expect(stage.alerts[0].explain).toContain('SYN with FIN');
  });

  it('miss: one kind often, two kinds far apart, pings', () => {
    const stage = new Stage(osFingerprint);
    for (let i = 0; i < 20; i++) stage.frame(segment(nothing, 1000 + i)).frame(echo(0));
    stage.wait(60).frame(segment(synFin, 80));
    expect(stage.alerts).toEqual([]);
  });
});

describe('scan.worm', () => {
  it('hit: one datagram of its size; many of many hosts are one alert', () => {
    const stage = new Stage(slammer);
    for (let i = 1; i <= 9; i++)
      stage.flow('opened', { from: `10.0.1.${i}`, proto: 17, rPort: 1434, payloadLen: 376, attempts: 1 });
    expect(stage.end().alerts.map(({ packet, observed, sources }) => [packet, observed, sources.length])).toEqual([
      [1, 9, 9],
    ]);
  });

  it('miss: a query for instances, the same size to another port', () => {
    const stage = new Stage(slammer);
    stage.flow('opened', { proto: 17, rPort: 1434, payloadLen: 1 });
    stage.flow('opened', { proto: 17, rPort: 1435, payloadLen: 376 });
    expect(stage.alerts).toEqual([]);
  });
});
