// Frames of attacks in a capture of our own: a port scan, a ping sweep, queries like a DNS tunnel's, an ARP scan, a SYN
// flood and fragments that never become whole. The same call gives the same bytes. Only addresses of 127.0.0.0/8, as the
// sender of live-probe.mjs demands.

import { writeFileSync } from 'node:fs';
import { be16, be32, internetChecksum } from '../../src/capture/wire/golden/build.ts';

/** One frame and when it comes, microseconds after the beginning. */
export interface Timed {
  readonly atUs: number;
  readonly bytes: readonly number[];
}

const mac = (n: number): number[] => [2, 0, 0, 0, n >>> 8, n & 255];
const host = (n: number): number[] => [127, 77, n >>> 8, n & 255];
const text = (words: string): number[] => [...Buffer.from(words, 'latin1')];

interface Ends {
  readonly from: number;
  readonly to: number;
}

/** An Ethernet frame with an IPv4 packet between two hosts by their numbers; `fragment` is the word of flags and offset. */
function packet({ from, to }: Ends, proto: number, payload: readonly number[], id: number, fragment = 0): number[] {
  const head = [0x45, 0, ...be16(20 + payload.length), ...be16(id & 0xffff), ...be16(fragment), 64, proto, 0, 0];
  const header = [...head, ...host(from), ...host(to)];
  const sum = be16(internetChecksum(header));
  return [...mac(to), ...mac(from), 8, 0, ...header.slice(0, 10), ...sum, ...header.slice(12), ...payload];
}

const pseudo = ({ from, to }: Ends, proto: number, length: number): number[] => [
  ...host(from),
  ...host(to),
  0,
  proto,
  ...be16(length),
];

function segment(ends: Ends, ports: readonly [number, number], seq: number, ack: number, flags: number): number[] {
  const head = [...be16(ports[0]), ...be16(ports[1]), ...be32(seq), ...be32(ack), 0x50, flags, ...be16(1024)];
  const sum = internetChecksum([...pseudo(ends, 6, 20), ...head, 0, 0, 0, 0]);
  return packet(ends, 6, [...head, ...be16(sum), 0, 0], seq);
}

function datagram(ends: Ends, ports: readonly [number, number], payload: readonly number[], id: number): number[] {
  const head = [...be16(ports[0]), ...be16(ports[1]), ...be16(8 + payload.length)];
  const sum = internetChecksum([...pseudo(ends, 17, 8 + payload.length), ...head, 0, 0, ...payload]);
  return packet(ends, 17, [...head, ...be16(sum), ...payload], id);
}

const { floor } = Math;

/** Each closed port answers with a reset. */
export function portScan(count: number, gapUs: number): Timed[] {
  const there = { from: 1, to: 2 };
  const back = { from: 2, to: 1 };
  return Array.from({ length: count }, (_, i) => [
    { atUs: i * gapUs, bytes: segment(there, [50_000, 1 + i], 7000 + i, 0, 2) },
    { atUs: i * gapUs + floor(gapUs / 2), bytes: segment(back, [1 + i, 50_000], 0, 7001 + i, 0x14) },
  ]).flat();
}

export function pingSweep(count: number, gapUs: number): Timed[] {
  return Array.from({ length: count }, (_, i) => {
    const head = [8, 0, 0, 0, ...be16(77), ...be16(i), ...text('abcdefghijklmnop')];
    const echo = [8, 0, ...be16(internetChecksum(head)), ...head.slice(4)];
    return { atUs: i * gapUs, bytes: packet({ from: 3, to: 256 + i }, 1, echo, i) };
  });
}

export function arpScan(count: number, gapUs: number): Timed[] {
  return Array.from({ length: count }, (_, i) => ({
    atUs: i * gapUs,
    bytes: [
      ...[255, 255, 255, 255, 255, 255, ...mac(4), 8, 6],
      ...[0, 1, 8, 0, 6, 4, 0, 1, ...mac(4), ...host(4), 0, 0, 0, 0, 0, 0, ...host(512 + i)],
      ...Array.from({ length: 18 }, () => 0),
    ],
  }));
}

/** Long names that never repeat, below one domain, with TXT answers of much text. */
export function tunnel(count: number, gapUs: number): Timed[] {
  return Array.from({ length: count }, (_, i) => {
    const label = (salt: number): number[] => {
      const letters = Array.from(
        { length: 40 },
        (_, n) => 97 + ((Math.imul(i * 40 + n + salt, 0x9e3779b1) >>> 20) % 26),
      );
      return [40, ...letters];
    };
    const name = [...label(1), ...label(99_991), 6, ...text('hidden'), 4, ...text('test'), 0];
    const question = [...name, 0, 16, 0, 1];
    const ask = [...be16(i), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...question];
    const data = Array.from({ length: 120 }, (_, n) => 33 + ((Math.imul(i * 120 + n, 0x85ebca6b) >>> 18) % 90));
    const answer = [0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, ...be16(data.length + 1), data.length, ...data];
    const tell = [...be16(i), 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, ...question, ...answer];
    const port = 20_000 + i;
    return [
      { atUs: i * gapUs, bytes: datagram({ from: 5, to: 6 }, [port, 53], ask, i) },
      { atUs: i * gapUs + floor(gapUs / 2), bytes: datagram({ from: 6, to: 5 }, [53, port], tell, i) },
    ];
  }).flat();
}

/** From sources that are all different. */
export function synFlood(count: number, gapUs: number): Timed[] {
  return Array.from({ length: count }, (_, i) => ({
    atUs: i * gapUs,
    bytes: segment({ from: 4096 + (Math.imul(i, 7919) % 40_000), to: 7 }, [1024 + (i % 60_000), 80], i * 77, 0, 2),
  }));
}

/** First halves of datagrams. */
export function halves(count: number, gapUs: number): Timed[] {
  const payload = [...be16(4000), ...be16(9), ...be16(1000), 0, 0, ...Array.from({ length: 56 }, (_, n) => n)];
  return Array.from({ length: count }, (_, i) => ({
    atUs: i * gapUs,
    bytes: packet({ from: 8 + (i % 5), to: 14 }, 17, payload, i, 0x2000),
  }));
}

/** Everything at once, in the order of time. */
export function allAttacks(size: number, gapUs: number): Timed[] {
  return [portScan, pingSweep, arpScan, tunnel]
    .flatMap((make, i) => make(size, gapUs).map(({ atUs, bytes }) => ({ atUs: atUs + i * 13, bytes })))
    .sort((a, b) => a.atUs - b.atUs);
}

const startSec = 1_700_000_000;

/** Writes a pcap file (microseconds, Ethernet) and gives its path. */
export function writeFrames(path: string, frames: readonly Timed[]): string {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(1, 20);
  const records = frames.map(({ atUs, bytes }) => {
    const record = Buffer.alloc(16 + bytes.length);
    record.writeUInt32LE(startSec + Math.floor(atUs / 1e6), 0);
    record.writeUInt32LE(((atUs % 1e6) + 1e6) % 1e6, 4);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(bytes.length, 12);
    record.set(bytes, 16);
    return record;
  });
  writeFileSync(path, Buffer.concat([head, ...records]));
  return path;
}
