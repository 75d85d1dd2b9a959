// Captures made by bench/workloads.mjs, for tests that need many flows; only addresses of 127.0.0.0/8, so that they may be
// sent inside of a namespace.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const maker = fileURLToPath(new URL('../../bench/workloads.mjs', import.meta.url));

/** Writes one into the folder and gives its path. */
export function writeWorkload(folder: string, name: string, size: { packets: number; flows: number }): string {
  const path = join(folder, `${name}-${size.packets}.pcap`);
  const words = ['--packets', String(size.packets), '--flows', String(size.flows), '--live', '--out', path];
  execFileSync(process.execPath, [maker, name, ...words]);
  return path;
}

/** Writes the capture once more with a packet every 50 µs: as it looks when it is sent without pauses. */
export function withoutPauses(path: string): string {
  const bytes = readFileSync(path);
  const startSec = bytes.readUInt32LE(24);
  for (let at = 24, timeUs = 0; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8), timeUs += 50) {
    bytes.writeUInt32LE(startSec + Math.floor(timeUs / 1e6), at);
    bytes.writeUInt32LE(timeUs % 1e6, at + 4);
  }
  const hurried = `${path}-hurried.pcap`;
  writeFileSync(hurried, bytes);
  return hurried;
}
