// What busy hosts received and sent in the second that is over, both ways side by side; filled by rate signals, judged at
// the tick that follows them. Shared by all detectors that look at rates: each hands its signals on, which changes
// nothing the second time.

import { formatAddress, type RateSignal } from '../../../core/index.ts';
import type { KeyTable, KeyTableOptions } from '../../sketches/index.ts';

/** Words of a row. */
export const busy = {
  sec: 0,
  toPackets: 1,
  toTcp: 2,
  toUdp: 3,
  toIcmp: 4,
  toFragments: 5,
  toSyns: 6,
  toBare: 7,
  fromPackets: 8,
  fromTcp: 9,
  fromUdp: 10,
  fromSyns: 11,
  fromBare: 12,
  /** Columns of detectors: seconds in a row over the limit, the last of them, and what was raised last. */
  udp: 13,
  any: 16,
  out: 19,
  in: 22,
} as const;
const words = 25;

/** Doubles of a row. */
export const busyDouble = {
  toBytes: 0,
  fromBytes: 1,
  toFirst: 2,
  fromFirst: 3,
  toSpanUs: 4,
  fromSpanUs: 5,
  /** Packet and time at which an episode of a detector began: two for each of the columns above. */
  began: 6,
} as const;
const doubles = 14;

/** Rows: hosts with at least 50 packets in a second; 240 bytes each. */
const hosts = 1024;

export class BusyHosts {
  readonly table: KeyTable;
  /** Rows of the second that was told last. */
  readonly rows: number[] = [];
  sec = Number.NEGATIVE_INFINITY;

  constructor(table: (options: KeyTableOptions) => KeyTable) {
    this.table = table({ capacity: hosts, keyWords: 5, words, doubles, idleSec: 10 });
  }

  see(rate: RateSignal): void {
    const { table } = this;
    if (rate.sec !== this.sec) {
      this.sec = rate.sec;
      this.rows.length = 0;
    }
    const row = table.claim(rate.sec, rate.ipVersion, rate.w0, rate.w1, rate.w2, rate.w3);
    if (row < 0) return;
    const w = table.words;
    const at = table.at(row);
    const d = row * table.doublesPerRow;
    if (w[at + busy.sec] !== rate.sec) {
      w.fill(0, at, at + busy.fromBare + 1);
      w[at + busy.sec] = rate.sec;
      this.rows.push(row);
    }
    // The busiest stay when there are too many.
    table.setWorth(row, Math.max(rate.packets, w[at + busy.toPackets], w[at + busy.fromPackets]));
    if (rate.isTo) {
      w[at + busy.toPackets] = rate.packets;
      w[at + busy.toTcp] = rate.tcp;
      w[at + busy.toUdp] = rate.udp;
      w[at + busy.toIcmp] = rate.icmp;
      w[at + busy.toFragments] = rate.fragments;
      w[at + busy.toSyns] = rate.syns;
      w[at + busy.toBare] = rate.bare;
      table.doubles[d + busyDouble.toBytes] = rate.bytes;
      table.doubles[d + busyDouble.toFirst] = rate.firstPacket;
      table.doubles[d + busyDouble.toSpanUs] = rate.lastUs - rate.firstUs;
    } else {
      w[at + busy.fromPackets] = rate.packets;
      w[at + busy.fromTcp] = rate.tcp;
      w[at + busy.fromUdp] = rate.udp;
      w[at + busy.fromSyns] = rate.syns;
      w[at + busy.fromBare] = rate.bare;
      table.doubles[d + busyDouble.fromBytes] = rate.bytes;
      table.doubles[d + busyDouble.fromFirst] = rate.firstPacket;
      table.doubles[d + busyDouble.fromSpanUs] = rate.lastUs - rate.firstUs;
    }
  }

  /** A word of a row. */
  word(row: number, column: number): number {
    return this.table.words[this.table.at(row) + column];
  }

  double(row: number, column: number): number {
    return this.table.doubles[row * this.table.doublesPerRow + column];
  }

  address(row: number): string {
    const { table } = this;
    return formatAddress(table.key(row, 0), table.key(row, 1), table.key(row, 2), table.key(row, 3), table.key(row, 4));
  }

  /** The address of those who have none (0.0.0.0, ::). */
  isUnspecified(row: number): boolean {
    return [1, 2, 3, 4].every((i) => this.table.key(row, i) === 0);
  }

  /** Sent to many at once on purpose: multicast or broadcast. */
  isGroup(row: number): boolean {
    return isGroupAddress(this.table.key(row, 0), this.table.key(row, 1));
  }

  /**
   * Counts a second over a detector's limit: how many of them in a row, this one included. `column` is the detector's.
   * @param isTo which way it looks: the first packet of the episode is that of this direction
   */
  another(row: number, column: number, isTo: boolean): number {
    const w = this.table.words;
    const at = this.table.at(row) + column;
    const isNext = this.sec - w[at + 1] === 1 && w[at] > 0;
    w[at] = isNext ? w[at] + 1 : 1;
    w[at + 1] = this.sec;
    if (!isNext) {
      w[at + 2] = 0;
      const began = row * this.table.doublesPerRow + busyDouble.began + beganAt(column);
      this.table.doubles[began] = this.double(row, isTo ? busyDouble.toFirst : busyDouble.fromFirst);
      this.table.doubles[began + 1] = this.sec * 1e6;
    }
    return w[at];
  }

  /** Packet and time at which the episode began. */
  firstPacket(row: number, column: number): number {
    return this.double(row, busyDouble.began + beganAt(column));
  }

  firstUs(row: number, column: number): number {
    return this.double(row, busyDouble.began + beganAt(column) + 1);
  }

  /** Whether a value is the first of its episode, or twice what was raised last; from now on it has been raised. */
  isNews(row: number, column: number, value: number): boolean {
    const w = this.table.words;
    const at = this.table.at(row) + column + 2;
    if (value < 1 || value < w[at] * 2) return false;
    w[at] = Math.min(value, 0x3fffffff);
    return true;
  }
}

const beganAt = (column: number): number => ((column - busy.udp) / 3) * 2;

/** Multicast (RFC 5771, RFC 4291 §2.7) or the limited broadcast address. */
export function isGroupAddress(ipVersion: number, w0: number): boolean {
  return ipVersion === 4 ? w0 >>> 28 === 14 || w0 === -1 : w0 >>> 24 === 255;
}
