// Brings the memory of the next packets' flows near before it is needed.
//
// A packet's way through the tables is a chain: index slot, then row, then host, each a cache miss in a table of many
// flows, each waiting for the one before. Packets do not wait for each other, though. So for a group of frames the first
// links are touched in loops whose steps are independent, which the processor overlaps; the work itself then finds its
// memory near. Only the common headers are looked at and nothing is decided here: a wrong guess costs one useless load.

import type { FrameBatch } from '../../core/index.ts';
import * as row from './flow-row.ts';
import { type FlowTable, foldV6 } from './flow-table.ts';

/** Frames warmed together: enough to overlap, few enough to stay near. */
export const warmGroup = 32;

/** Shortest captured Ethernet frame whose ports can be read without looking at its end: VLAN, IPv6, 4 bytes of ports. */
const shortest = 62;

export class FlowWarmer {
  readonly #table: FlowTable;
  /** What `warm` found for each frame: guessed row << 1 | direction, or -1. */
  readonly found = new Int32Array(warmGroup);
  /** What was read, so that no compiler may leave the reading out. */
  touched = 0;

  constructor(table: FlowTable) {
    this.#table = table;
  }

  /** Touches index and rows for Ethernet frames `from` to `to` of the batch, at most {@link warmGroup}. */
  warm(batch: FrameBatch, from: number, to: number): void {
    const b = batch.bytes;
    const found = this.found;
    const table = this.#table;
    for (let i = from; i < to; i++) {
      let hit = -1;
      if (batch.capLen[i] >= shortest) {
        let at = batch.at[i] + 12;
        let type = (b[at] << 8) | b[at + 1];
        if (type === 0x8100) {
          at += 4;
          type = (b[at] << 8) | b[at + 1];
        }
        if (type === 0x0800) hit = guessV4(b, at + 2, table);
        else if (type === 0x86dd) hit = guessV6(b, at + 2, table);
      }
      found[i - from] = hit;
    }
    const w = table.words;
    let sum = 0;
    for (let i = to - from - 1; i >= 0; i--) {
      const hit = found[i];
      if (hit >= 0) sum ^= w[(hit >> 1) * row.ROW_WORDS] ^ w[(hit >> 1) * row.ROW_WORDS + row.W_STATE];
    }
    this.touched = sum;
  }
}

function word(b: Uint8Array, at: number): number {
  return (b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3];
}

function guessV4(b: Uint8Array, ip: number, table: FlowTable): number {
  const src = word(b, ip + 12);
  const dst = word(b, ip + 16);
  const t = ip + 20;
  const srcPort = (b[t] << 8) | b[t + 1];
  const dstPort = (b[t + 2] << 8) | b[t + 3];
  const kind = b[ip + 9] | 0x400;
  return src < dst
    ? table.guess(src, dst, (srcPort << 16) | dstPort, kind, 0) << 1
    : (table.guess(dst, src, (dstPort << 16) | srcPort, kind, 0) << 1) | 1;
}

function guessV6(b: Uint8Array, ip: number, table: FlowTable): number {
  const src = word(b, ip + 20);
  const dst = word(b, ip + 36);
  const t = ip + 40;
  const srcPort = (b[t] << 8) | b[t + 1];
  const dstPort = (b[t + 2] << 8) | b[t + 3];
  const kind = b[ip + 6] | 0x600;
  const fold = foldV6(
    word(b, ip + 8) ^ word(b, ip + 24),
    word(b, ip + 12) ^ word(b, ip + 28),
    word(b, ip + 16) ^ word(b, ip + 32),
  );
  return src < dst
    ? table.guess(src, dst, (srcPort << 16) | dstPort, kind, fold) << 1
    : (table.guess(dst, src, (dstPort << 16) | srcPort, kind, fold) << 1) | 1;
}
