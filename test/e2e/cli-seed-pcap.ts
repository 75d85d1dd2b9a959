// Tiny captures that the command-line tests write: Ethernet, IPv4, UDP between two addresses.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Classic pcap, little endian, microseconds; packet `n` is `n` seconds after the epoch's billionth. */
export function seedPcap(packets: number, from = '192.0.2.1', to = '192.0.2.2'): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65535, 16);
  head.writeUInt32LE(1, 20);
  const parts: Buffer[] = [head];
  for (let n = 0; n < packets; n++) {
    const frame = udpFrame(from, to);
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_000_000_000 + n, 0);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    parts.push(record, frame);
  }
  return Buffer.concat(parts);
}

/** Writes one that may be sent inside of a namespace, 127.0.0.1 to 127.0.0.2, and gives its path. */
export function writeFrames(folder: string, packets: number): string {
  const path = join(folder, `${packets}.pcap`);
  writeFileSync(path, seedPcap(packets, '127.0.0.1', '127.0.0.2'));
  return path;
}

/** 64 bytes: 14 Ethernet, 20 IPv4, 8 UDP, 22 payload. */
function udpFrame(from: string, to: string): Buffer {
  const frame = Buffer.alloc(64);
  frame.set([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 50], 0);
  frame[22] = 64;
  frame[23] = 17;
  frame.set([...from.split('.').map(Number), ...to.split('.').map(Number)], 26);
  frame.writeUInt16BE(40000, 34);
  frame.writeUInt16BE(9999, 36);
  frame.writeUInt16BE(30, 38);
  return frame;
}
