// Counts per host within a window, with the first packets that showed it: what most detectors of anomalies keep.

import { formatAddress } from '../../../core/index.ts';
import type { KeyTable } from '../../sketches/index.ts';
import type { Moment, Surroundings } from '../detector.ts';

const FIRST_SEC = 0;
const COUNT = 1;
const RAISED = 2;
const KINDS = 3;
const words = 4;
const FIRST_US = 0;
const PACKETS = 1;
/** Packet numbers kept of each host. */
const packetsKept = 8;
const doubles = PACKETS + packetsKept;

export class Tally {
  readonly #table: KeyTable;
  readonly #windowSec: number;
  #row = -1;

  /** @param capacity hosts at the most; 120 bytes each */
  constructor(around: Pick<Surroundings, 'table'>, capacity: number, windowSec: number) {
    this.#table = around.table({ capacity, keyWords: 6, words, doubles, idleSec: Math.max(600, windowSec) });
    this.#windowSec = windowSec;
  }

  /**
   * Counts once for a host; gives its count within the window, 0 when there is no room for it.
   * @param more tells several counts of one host apart
   * @param kind a bit, or-ed to `kinds`
   */
  add(now: Moment, ipVersion: number, a: number, b: number, c: number, d: number, more = 0, kind = 0): number {
    const t = this.#table;
    const row = t.claim(now.sec, ipVersion, a, b, c, d, more);
    this.#row = row;
    if (row < 0) return 0;
    const w = t.words;
    const at = t.at(row);
    const o = row * doubles;
    if (w[at + COUNT] === 0 || now.sec - w[at + FIRST_SEC] > this.#windowSec) {
      w.fill(0, at, at + words);
      w[at + FIRST_SEC] = now.sec;
      t.doubles[o + FIRST_US] = now.timeUs;
    }
    const count = ++w[at + COUNT];
    if (count <= packetsKept) t.doubles[o + PACKETS + count - 1] = now.packet;
    w[at + KINDS] |= kind;
    return count;
  }

  /** Whether the host counted last has reached a limit, or twice what it was told with; it is told then. */
  isNews(limit: number): boolean {
    if (this.#row < 0) return false;
    const w = this.#table.words;
    const at = this.#table.at(this.#row);
    const count = w[at + COUNT];
    if (count < limit || count < w[at + RAISED] * 2) return false;
    w[at + RAISED] = count;
    this.#table.setWorth(this.#row, count);
    return true;
  }

  /** Of the host counted last: bits of what was seen, when it began, with which packets. */
  get kinds(): number {
    return this.#table.words[this.#table.at(this.#row) + KINDS];
  }
  get firstUs(): number {
    return this.#table.doubles[this.#row * doubles + FIRST_US];
  }
  get packets(): number[] {
    const count = Math.min(packetsKept, this.#table.words[this.#table.at(this.#row) + COUNT]);
    const from = this.#row * doubles + PACKETS;
    return [...this.#table.doubles.subarray(from, from + count)];
  }

  /** The parts of evidence that tell when it was seen. */
  when(): { firstUs: number; firstPacket: number; packets: number[]; count: number } {
    const { packets, firstUs } = this;
    const count = this.#table.words[this.#table.at(this.#row) + COUNT];
    return { firstUs, firstPacket: packets[0], packets, count };
  }
}

/** Who sent a packet, and to whom. */
interface Ends {
  readonly ipVersion: number;
  readonly src0: number;
  readonly src1: number;
  readonly src2: number;
  readonly src3: number;
  readonly dst0: number;
  readonly dst1: number;
  readonly dst2: number;
  readonly dst3: number;
}
export const sourceOf = (p: Ends): string => formatAddress(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
export const targetOf = (p: Ends): string => formatAddress(p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);

interface OddEnds {
  readonly ipVersion: number;
  readonly s0: number;
  readonly s1: number;
  readonly s2: number;
  readonly s3: number;
  readonly d0: number;
  readonly d1: number;
  readonly d2: number;
  readonly d3: number;
}
export const oddSource = (s: OddEnds): string => formatAddress(s.ipVersion, s.s0, s.s1, s.s2, s.s3);
export const oddTarget = (s: OddEnds): string => formatAddress(s.ipVersion, s.d0, s.d1, s.d2, s.d3);
