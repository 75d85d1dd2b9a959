// How much a host sends out in an hour: the last two days, and what is usual at each hour of the week.

import type { KeyTable } from '../../sketches/index.ts';
import type { Surroundings } from '../detector.ts';
import type { Upload } from './uploads.ts';

const hourSec = 3600;
const dayHours = 48;
const weekHours = 168;
/** Hours that must be known before one is called unusual. */
const leastHours = 24;
/** Share of a new week in what is usual. */
const newShare = 0.3;
/** Least deviation of log bytes: half an order of e. */
const leastDeviation = 0.5;

const HOUR = 0;
const KNOWN = 1;
const FIRST_HOUR = 2;
const BYTES = 0;
const TOLD_US = 1;
const TOLD_ID = 2;

class SourceHours {
  readonly #table: KeyTable;
  /** By row: log(1 + bytes) of the last hours as a ring, and usual bytes by hour of the week, -1 where unknown. */
  readonly #lately: Float32Array;
  readonly #usual: Float32Array;

  constructor({ table }: Pick<Surroundings, 'table'>) {
    // 256 hosts: 56 bytes each, and 864 for their hours: 240 KiB.
    this.#table = table({
      capacity: 256,
      keyWords: 5,
      words: 3,
      doubles: 3,
      idleSec: 14 * 24 * hourSec,
      evicted: (row) => this.#forget(row),
    });
    this.#lately = new Float32Array(this.#table.capacity * dayHours);
    this.#usual = new Float32Array(this.#table.capacity * weekHours).fill(-1);
  }

  #forget(row: number): void {
    this.#lately.fill(0, row * dayHours, (row + 1) * dayHours);
    this.#usual.fill(-1, row * weekHours, (row + 1) * weekHours);
  }

  #find(u: Upload): number {
    return this.#table.find(u.version, u.s0, u.s1, u.s2, u.s3);
  }

  /** Adds an upload; several detectors may tell the same one (its flow and time say so). */
  add(u: Upload, sec: number, flowId: number, timeUs: number): void {
    const row = this.#table.claim(sec, u.version, u.s0, u.s1, u.s2, u.s3);
    if (row < 0) return;
    const w = this.#table.words;
    const o = this.#table.at(row);
    const d = this.#table.doubles;
    const q = row * this.#table.doublesPerRow;
    if (d[q + TOLD_US] === timeUs && d[q + TOLD_ID] === flowId) return;
    d[q + TOLD_US] = timeUs;
    d[q + TOLD_ID] = flowId;
    const hour = Math.floor(sec / hourSec);
    if (w[o + HOUR] === 0) w[o + HOUR] = w[o + FIRST_HOUR] = hour;
    if (hour > w[o + HOUR]) this.#close(row, hour);
    d[q + BYTES] += u.sent;
    this.#table.setWorth(row, 1 + w[o + KNOWN]);
  }

  /** Ends the hours up to this one; those without anything count as 0. After a long silence everything begins anew. */
  #close(row: number, hour: number): void {
    const w = this.#table.words;
    const o = this.#table.at(row);
    const q = row * this.#table.doublesPerRow;
    const from = w[o + HOUR];
    if (hour - from > 2 * weekHours) {
      this.#forget(row);
      w[o + KNOWN] = 0;
      w[o + FIRST_HOUR] = hour;
    } else {
      for (let one = from; one < hour; one++) {
        const bytes = one === from ? this.#table.doubles[q + BYTES] : 0;
        this.#lately[row * dayHours + (one % dayHours)] = Math.log1p(bytes);
        const slot = row * weekHours + (one % weekHours);
        const before = this.#usual[slot];
        this.#usual[slot] = before < 0 ? bytes : before + newShare * (bytes - before);
      }
      w[o + KNOWN] = Math.min(dayHours, w[o + KNOWN] + hour - from);
    }
    w[o + HOUR] = hour;
    this.#table.doubles[q + BYTES] = 0;
  }

  /** Robust deviations of this hour over those before; NaN while too few are known. */
  deviation(u: Upload): number {
    const row = this.#find(u);
    if (row < 0) return Number.NaN;
    const known = this.#table.words[this.#table.at(row) + KNOWN];
    if (known < leastHours) return Number.NaN;
    const hour = this.#table.words[this.#table.at(row) + HOUR];
    const past: number[] = [];
    for (let i = 1; i <= known; i++) past.push(this.#lately[row * dayHours + ((hour - i) % dayHours)]);
    const middle = median(past);
    const spread = 1.4826 * median(past.map((one) => Math.abs(one - middle)));
    return (Math.log1p(this.bytes(u)) - middle) / Math.max(leastDeviation, spread);
  }

  /** Bytes of this hour. */
  bytes(u: Upload): number {
    const row = this.#find(u);
    return row < 0 ? 0 : this.#table.doubles[row * this.#table.doublesPerRow + BYTES];
  }

  /** What is usual in this hour of the week, and in the mean over the week; null before two weeks are known. */
  usual(u: Upload): { readonly here: number; readonly mean: number } | null {
    const row = this.#find(u);
    if (row < 0) return null;
    const o = this.#table.at(row);
    const hour = this.#table.words[o + HOUR];
    if (hour - this.#table.words[o + FIRST_HOUR] < 2 * weekHours) return null;
    const slots = this.#usual.subarray(row * weekHours, (row + 1) * weekHours);
    const here = slots[hour % weekHours];
    return here < 0 ? null : { here, mean: slots.reduce((sum, one) => sum + Math.max(0, one), 0) / weekHours };
  }
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The hours that all detectors of a run keep together. */
export function sourceHoursOf(around: Pick<Surroundings, 'shared' | 'table'>): SourceHours {
  return around.shared('exfil.hours', () => new SourceHours(around));
}
