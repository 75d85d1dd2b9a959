// When a host connected to another and how much it sent each time: rings of the last 64, by both hosts and port.
//
//   words    count | sizes | raised | hundredths of seconds since the first, 64 | payload sent, 64
//   doubles  time and packet of the first

import type { FlowSignal } from '../../../../core/index.ts';
import type { KeyTable } from '../../../sketches/index.ts';
import type { Surroundings } from '../../detector.ts';
import { type Key, partiesOf } from '../parties.ts';
import { evenness, flatness, medianOf, spreadOf } from './statistics.ts';

const COUNT = 0;
const SIZES = 1;
const RAISED = 2;
const TIMES = 3;
const ring = 64;
const SENT = TIMES + ring;
const rowWords = SENT + ring;
const FIRST_US = 0;
const FIRST_PACKET = 1;
/** Silence after which a series is forgotten, when somebody else needs the row. */
const idleSec = 3 * 3600;
const tick = 1e4;
const slots = 24;

/** What the last connections are like. */
export interface Rhythm {
  readonly count: number;
  /** Median of the intervals in seconds, and how far they stray from it, as a share. */
  readonly intervalSec: number;
  readonly intervalSpread: number;
  /** Median of what was sent, and the same; 1 as long as less than three are known. */
  readonly sentBytes: number;
  readonly sentSpread: number;
  readonly sizes: number;
  /** 0 to 1: intervals, sizes, spread over time, and share of the time watched, a quarter each (RITA). */
  readonly score: number;
}

export class Series {
  readonly #rows: KeyTable;
  readonly #numbers = new Float64Array(ring);

  /** 8,192 rows of 580 bytes: 4.7 MB. */
  constructor(around: Pick<Surroundings, 'table'>) {
    this.#rows = around.table({ capacity: 8192, keyWords: 6, words: rowWords, doubles: 2, idleSec });
  }

  /** A connection began; gives its row, -1 when there is none. */
  began(key: Key, sec: number, timeUs: number, packet: number): number {
    const row = this.#rows.claim(sec, ...key);
    if (row < 0) return row;
    const w = this.#rows.words;
    const at = this.#rows.at(row);
    const d = row * this.#rows.doublesPerRow;
    if (w[at + COUNT] === 0) {
      this.#rows.doubles[d + FIRST_US] = timeUs;
      this.#rows.doubles[d + FIRST_PACKET] = packet;
    }
    const n = w[at + COUNT]++;
    w[at + TIMES + (n % ring)] = Math.max(0, Math.min(0x7fffffff, (timeUs - this.firstUs(row)) / tick));
    this.#rows.setWorth(row, Math.min(1000, n));
    return row;
  }

  /** A connection is over. */
  sent(s: FlowSignal): void {
    const row = this.#rows.find(...partiesOf(s));
    if (row < 0) return;
    const w = this.#rows.words;
    const at = this.#rows.at(row);
    w[at + SENT + (w[at + SIZES]++ % ring)] = Math.min(0x7fffffff, s.oPayload);
  }

  count(row: number): number {
    return this.#rows.words[this.#rows.at(row) + COUNT];
  }

  raised(row: number): number {
    return this.#rows.words[this.#rows.at(row) + RAISED];
  }

  setRaised(row: number, count: number): void {
    this.#rows.words[this.#rows.at(row) + RAISED] = count;
    this.#rows.setWorth(row, 1_000_000);
  }

  firstUs(row: number): number {
    return this.#rows.doubles[row * this.#rows.doublesPerRow + FIRST_US];
  }

  firstPacket(row: number): number {
    return this.#rows.doubles[row * this.#rows.doublesPerRow + FIRST_PACKET];
  }

  /** Whether the last interval is anything like the mean of all: a cheap look before a dear one. */
  isPlausible(row: number): boolean {
    const w = this.#rows.words;
    const at = this.#rows.at(row);
    const n = w[at + COUNT];
    if (n < 2) return false;
    const last = w[at + TIMES + ((n - 1) % ring)];
    const interval = last - w[at + TIMES + ((n - 2) % ring)];
    const oldest = n > ring ? w[at + TIMES + (n % ring)] : 0;
    const mean = (last - oldest) / (Math.min(n, ring) - 1);
    return interval > mean / 3 && interval < mean * 3;
  }

  /** @param watchedSec how long there was anything to see at all */
  rhythm(row: number, watchedSec: number): Rhythm {
    const w = this.#rows.words;
    const at = this.#rows.at(row);
    const count = w[at + COUNT];
    const kept = Math.min(count, ring);
    const v = this.#numbers;
    const time = (i: number): number => w[at + TIMES + ((count - kept + i) % ring)];
    for (let i = 1; i < kept; i++) v[i - 1] = Math.abs(time(i) - time(i - 1));
    const interval = medianOf(v, kept - 1);
    const intervalSpread = spreadOf(v, kept - 1, interval);
    const intervalScore = evenness(v, kept - 1);
    const sizes = Math.min(w[at + SIZES], ring);
    for (let i = 0; i < sizes; i++) v[i] = w[at + SENT + i];
    const sentBytes = medianOf(v, sizes);
    const sentSpread = sizes < 3 ? 1 : sentBytes === 0 ? 0 : spreadOf(v, sizes, sentBytes);
    const sizeScore = sentBytes === 0 ? 0 : evenness(v, sizes);
    const lengthSec = ((time(kept - 1) - time(0)) * tick) / 1e6;
    const durationScore = Math.min(1, lengthSec / Math.max(1, watchedSec));
    const score = (intervalScore + sizeScore + flatness(inSlots(time, kept)) + durationScore) / 4;
    const intervalSec = (interval * tick) / 1e6;
    return { count, intervalSec, intervalSpread, sentBytes, sentSpread, sizes, score };
  }
}

/** How many fall into each of some slots of even length. */
function inSlots(time: (i: number) => number, kept: number): number[] {
  const some = Math.max(1, Math.min(slots, kept >> 1));
  const counts = new Array<number>(some).fill(0);
  const length = Math.max(1, time(kept - 1) - time(0));
  for (let i = 0; i < kept; i++) {
    const slot = Math.floor(((time(i) - time(0)) / length) * some);
    counts[Math.max(0, Math.min(some - 1, slot))]++;
  }
  return counts;
}
