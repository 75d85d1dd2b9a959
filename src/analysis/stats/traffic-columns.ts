// Traffic over time as rows of numbers: the last ten minutes by the second, and all of it in columns that grow wider.

import { families, latencyBins, trafficColumns } from '../../core/index.ts';

/** Where each number of a column stands. */
export const trafficField = {
  packets: 0,
  bytes: 1,
  inBytes: 2,
  outBytes: 3,
  families: 4,
  newFlows: 4 + families.length,
  segments: 5 + families.length,
  repeated: 6 + families.length,
  rtt: 7 + families.length,
  responses: 7 + families.length + latencyBins,
} as const;

/** Numbers of a column. */
export const trafficWidth = trafficField.responses + latencyBins;

/** Columns without gaps, one behind the other; plain data that crosses threads. */
export interface TrafficColumns {
  /** Beginning of the first one, whole seconds since the epoch; a multiple of `stepSec`. */
  readonly startSec: number;
  readonly stepSec: number;
  readonly values: Float64Array;
}

/** Adds one column to the one that begins at `at` in `into`. */
export function addColumn(into: Float64Array, at: number, from: Float64Array, fromAt = 0): void {
  for (let i = 0; i < trafficWidth; i++) into[at + i] += from[fromAt + i];
}

/** The latest seconds, as many as fit. */
export class RecentTraffic {
  readonly #capacity: number;
  /** Second `sec` stands at `sec` modulo the capacity. */
  readonly #values: Float64Array;
  #firstSec = 0;
  #lastSec = 0;

  constructor(capacity: number = trafficColumns.recent) {
    this.#capacity = capacity;
    this.#values = new Float64Array(capacity * trafficWidth);
  }

  /** Forgets everything; the first second is this one. */
  begin(sec: number): void {
    this.#values.fill(0);
    this.#firstSec = sec;
    this.#lastSec = sec;
  }

  /** A later second begins: those between are empty, those that no longer fit are forgotten. */
  moveTo(sec: number): void {
    const most = this.#capacity;
    if (sec - this.#lastSec >= most) this.#values.fill(0);
    else {
      for (let each = this.#lastSec + 1; each <= sec; each++) {
        const at = this.#at(each);
        this.#values.fill(0, at, at + trafficWidth);
      }
    }
    this.#lastSec = sec;
    this.#firstSec = Math.max(this.#firstSec, sec - most + 1);
  }

  /** Adds to the latest second. */
  add(column: Float64Array): void {
    addColumn(this.#values, this.#at(this.#lastSec), column);
  }

  /** A copy of the latest `most` seconds. */
  columns(most: number = this.#capacity): TrafficColumns {
    const startSec = Math.max(this.#firstSec, this.#lastSec - most + 1);
    const count = this.#lastSec - startSec + 1;
    const values = new Float64Array(count * trafficWidth);
    for (let i = 0; i < count; i++) {
      const at = this.#at(startSec + i);
      values.set(this.#values.subarray(at, at + trafficWidth), i * trafficWidth);
    }
    return { startSec, stepSec: 1, values };
  }

  #at(sec: number): number {
    const place = sec % this.#capacity;
    return (place < 0 ? place + this.#capacity : place) * trafficWidth;
  }
}

/**
 * All of the traffic. Columns begin at multiples of their width, which is a power of two, so that those of several workers
 * fit together; when they are full, neighbours are joined and each covers twice the time.
 */
export class WholeTraffic {
  readonly #capacity: number;
  readonly #values: Float64Array;
  #startSec = 0;
  #stepSec = 1;
  #count = 0;

  constructor(capacity: number = trafficColumns.whole) {
    this.#capacity = capacity;
    this.#values = new Float64Array(capacity * trafficWidth);
  }

  /** Adds what a second held; it may also lie before all others. */
  add(sec: number, column: Float64Array): void {
    addColumn(this.#values, this.#reach(sec) * trafficWidth, column);
  }

  /** Time goes on far away from where it was: what was counted so far stands in one column, at `sec`. */
  moveAll(sec: number): void {
    if (this.#count === 0) return;
    const values = this.#values;
    for (let i = 1; i < this.#count; i++) addColumn(values, 0, values, i * trafficWidth);
    values.fill(0, trafficWidth);
    this.#startSec = sec;
    this.#stepSec = 1;
    this.#count = 1;
  }

  columns(): TrafficColumns {
    return {
      startSec: this.#startSec,
      stepSec: this.#stepSec,
      values: this.#values.slice(0, this.#count * trafficWidth),
    };
  }

  /** The number of the column that a second belongs to, after room was made for it. */
  #reach(sec: number): number {
    if (this.#count === 0) {
      this.#startSec = sec;
      this.#count = 1;
      return 0;
    }
    const lastSec = this.#startSec + (this.#count - 1) * this.#stepSec;
    while (columnsBetween(Math.min(sec, this.#startSec), Math.max(sec, lastSec), this.#stepSec) > this.#capacity)
      this.#halve();
    const before = Math.floor(sec / this.#stepSec) - this.#startSec / this.#stepSec;
    if (before < 0) this.#shift(-before);
    const at = Math.max(0, before);
    if (at >= this.#count) this.#count = at + 1;
    return at;
  }

  #shift(columns: number): void {
    this.#values.copyWithin(columns * trafficWidth, 0, this.#count * trafficWidth);
    this.#values.fill(0, 0, columns * trafficWidth);
    this.#startSec -= columns * this.#stepSec;
    this.#count += columns;
  }

  #halve(): void {
    const values = this.#values;
    // The first column is the second of its pair when it begins at an odd multiple.
    const odd = (this.#startSec / this.#stepSec) % 2 === 0 ? 0 : 1;
    for (let i = 1; i < this.#count; i++) {
      const to = (i + odd) >> 1;
      const from = i * trafficWidth;
      if (to === i) continue;
      if (((i + odd) & 1) === 0) values.copyWithin(to * trafficWidth, from, from + trafficWidth);
      else addColumn(values, to * trafficWidth, values, from);
    }
    const count = ((this.#count - 1 + odd) >> 1) + 1;
    values.fill(0, count * trafficWidth, this.#count * trafficWidth);
    this.#count = count;
    this.#startSec -= odd * this.#stepSec;
    this.#stepSec *= 2;
  }
}

/** Columns of a width that a time takes, both its ends counted. */
export function columnsBetween(firstSec: number, lastSec: number, stepSec: number): number {
  return Math.floor(lastSec / stepSec) - Math.floor(firstSec / stepSec) + 1;
}
