// The line at the bottom of the screen: how a capture goes, or how far a file is read.

import { type Printable, printable, type Snapshot } from '../../../core/index.ts';
import {
  counted,
  formatBitRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatPacketRate,
  formatPackets,
} from '../../../screens/present/index.ts';

/** Gives a status line for each snapshot; rates are those since the one before. */
export function runStatus(source: string): (snapshot: Snapshot, nowMs: number) => Printable {
  let last = { ms: -1, packets: 0, bytes: 0 };
  return (snapshot, nowMs) => {
    const sec = (nowMs - last.ms) / 1000;
    const isFirst = last.ms < 0 || sec <= 0;
    const packetRate = isFirst ? 0 : (snapshot.packets - last.packets) / sec;
    const bitRate = isFirst ? 0 : ((snapshot.bytes - last.bytes) * 8) / sec;
    last = { ms: nowMs, packets: snapshot.packets, bytes: snapshot.bytes };
    const { kernel, interface: device, queue } = snapshot.dropped;
    const parts = [
      source,
      formatPackets(snapshot.packets),
      formatPacketRate(packetRate),
      formatBitRate(bitRate),
      counted(snapshot.flows.active, 'flow'),
      `${formatCount(kernel + device + queue)} dropped`,
    ];
    return printable(parts.join(' · '));
  };
}

/** Files below this size are read too fast for a bar, unless they are not. */
const largeBytes = 50e6;
const slowMs = 1000;
const redrawMs = 100;

/** Gives a progress line, or null when there is nothing (new) to show. */
export function readProgress(startMs: number): (done: number, total: number | null, nowMs: number) => Printable | null {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (done, total, nowMs) => {
    const elapsedMs = nowMs - startMs;
    if ((elapsedMs < slowMs && (total ?? 0) < largeBytes) || nowMs - lastMs < redrawMs) return null;
    lastMs = nowMs;
    const bytesPerSec = elapsedMs > 0 ? (done / elapsedMs) * 1000 : 0;
    const rate = `${formatBytes(bytesPerSec)}/s`;
    if (total === null || total <= 0) return printable(`${formatBytes(done)} read · ${rate}`);
    const share = Math.min(1, done / total);
    const filled = Math.round(share * 20);
    const left = bytesPerSec > 0 ? ` · ${formatDuration((total - done) / bytesPerSec)} left` : '';
    const bar = '#'.repeat(filled) + '-'.repeat(20 - filled);
    const percent = String(Math.floor(share * 100)).padStart(3);
    return printable(`[${bar}] ${percent} % · ${formatBytes(done)} of ${formatBytes(total)} · ${rate}${left}`);
  };
}
