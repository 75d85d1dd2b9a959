// A column of values of one width, being filled.

import type { Column } from '../tables/column.ts';
import { type FixedData, widths } from './batch.ts';

const two32 = 2 ** 32;

/** Values by row; rows that are not set hold 0, and lack a value where the column is nullable. */
export class FixedColumn {
  readonly #width: number;
  readonly #isNullable: boolean;
  #bytes: Uint8Array;
  #words: Uint32Array;
  #halves: Uint16Array;
  #reals: Float64Array;
  #missing: Uint8Array;
  #known = 0;

  constructor(column: Column, capacity: number) {
    this.#width = widths[column.kind];
    this.#isNullable = column.nullable === true;
    this.#bytes = new Uint8Array(0);
    this.#words = new Uint32Array(0);
    this.#halves = new Uint16Array(0);
    this.#reals = new Float64Array(0);
    this.#missing = new Uint8Array(0);
    this.reserve(capacity);
  }

  /** Room for this many rows. */
  reserve(capacity: number): void {
    // Whole words, so that every view fits.
    const buffer = new ArrayBuffer(Math.ceil((capacity * this.#width) / 8) * 8);
    const bytes = new Uint8Array(buffer);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
    this.#words = new Uint32Array(buffer);
    this.#halves = new Uint16Array(buffer);
    this.#reals = new Float64Array(buffer);
    if (!this.#isNullable) return;
    const missing = new Uint8Array(capacity).fill(1);
    missing.set(this.#missing);
    this.#missing = missing;
  }

  setU8(row: number, value: number): void {
    this.#bytes[row] = value;
    this.#note(row);
  }

  setU16(row: number, value: number): void {
    this.#halves[row] = value;
    this.#note(row);
  }

  setU32(row: number, value: number): void {
    this.#words[row] = value;
    this.#note(row);
  }

  /** A whole number from 0 to 2^53 - 1, or a time in microseconds. */
  setU64(row: number, value: number): void {
    this.#words[row * 2] = value;
    this.#words[row * 2 + 1] = value / two32;
    this.#note(row);
  }

  /** 64 bits in two halves. */
  setHash(row: number, high: number, low: number): void {
    this.#words[row * 2] = low;
    this.#words[row * 2 + 1] = high;
  }

  setReal(row: number, value: number): void {
    this.#reals[row] = value;
    this.#note(row);
  }

  /** Address words as in Packet; IPv4 as ::ffff:a.b.c.d. */
  setAddress(row: number, ipVersion: number, w0: number, w1: number, w2: number, w3: number): void {
    if (ipVersion === 4) {
      this.#words[row * 4 + 2] = 0xffff0000;
      this.#words[row * 4 + 3] = swapped(w0);
      return;
    }
    this.#words[row * 4] = swapped(w0);
    this.#words[row * 4 + 1] = swapped(w1);
    this.#words[row * 4 + 2] = swapped(w2);
    this.#words[row * 4 + 3] = swapped(w3);
  }

  take(rows: number): FixedData {
    const values = this.#bytes.subarray(0, rows * this.#width);
    const missing = this.#isNullable && this.#known < rows ? this.#missing.subarray(0, rows) : null;
    return { shape: 'fixed', values, missing };
  }

  #note(row: number): void {
    if (!this.#isNullable || this.#missing[row] === 0) return;
    this.#missing[row] = 0;
    this.#known++;
  }
}

/** Network order on a little-endian machine. */
function swapped(word: number): number {
  return ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
