// A table with a fixed number of rows that traffic may ask for any number of keys: eight rows a bucket, the least worth
// keeping gives way, and a key seen for the first time never displaces one that was seen more than once.
//
//   bucket  8 hashes · 8 worths · 8 last seconds, each beside each other: a miss reads one cache line
//   row     [ key: 1 to 6 words ] [ words of the owner ]

import { CountMin } from './count-min.ts';

const ways = 8;

export interface KeyTableOptions {
  /** Rows at the most; rounded up to a power of two, at least 8. */
  readonly capacity: number;
  /** Words of the key, 1 to 6. */
  readonly keyWords: number;
  /** Words and doubles of the owner per row, 0 when a row begins. */
  readonly words?: number;
  readonly doubles?: number;
  /** Seconds after which a row that was not touched may be taken by anyone; 600 when left out. */
  readonly idleSec?: number;
  /** Told before a row is given to another key. */
  readonly evicted?: (row: number) => void;
}

/** Mixes up to six words to a hash; the same everywhere, so that results can be repeated. */
export function hashWords(a: number, b = 0, c = 0, d = 0, e = 0, f = 0): number {
  let h = Math.imul(a ^ 0x2545f491, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15) ^ b, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ c, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16) ^ d, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15) ^ e, 0x165667b1);
  h = Math.imul(h ^ (h >>> 14) ^ f, 0x9e3779b1);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return h ^ (h >>> 13);
}

/** A hash of text (FNV-1a, mixed). */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return hashWords(h);
}

export class KeyTable {
  readonly capacity: number;
  /** Words of all rows; those of the owner begin at `at(row)`. */
  readonly words: Int32Array;
  /** Doubles of all rows; those of the owner begin at `row * doublesPerRow`. */
  readonly doubles: Float64Array;
  readonly doublesPerRow: number;
  readonly #stride: number;
  /** By row: hash of the key (0: free), worth, last second. */
  readonly #hashes: Int32Array;
  readonly #worths: Int32Array;
  readonly #lastSecs: Int32Array;
  readonly #keyWords: number;
  readonly #mask: number;
  readonly #idleSec: number;
  readonly #evicted: ((row: number) => void) | undefined;
  /** Times a new key asked for room in a full bucket; a flood of new keys stays in here. */
  readonly #askers: CountMin;
  readonly #askedMost: number;
  #asked = 0;
  used = 0;
  evictions = 0;
  refusals = 0;

  constructor(options: KeyTableOptions) {
    let capacity = ways;
    while (capacity < options.capacity) capacity *= 2;
    this.capacity = capacity;
    this.#keyWords = options.keyWords;
    this.#stride = options.keyWords + (options.words ?? 0);
    this.#hashes = new Int32Array(capacity);
    this.#worths = new Int32Array(capacity);
    this.#lastSecs = new Int32Array(capacity);
    this.words = new Int32Array(capacity * this.#stride);
    this.doublesPerRow = options.doubles ?? 0;
    this.doubles = new Float64Array(capacity * this.doublesPerRow);
    this.#mask = capacity / ways - 1;
    this.#idleSec = options.idleSec ?? 600;
    this.#evicted = options.evicted;
    const width = Math.max(256, capacity >> 2);
    this.#askers = new CountMin(width);
    this.#askedMost = width >> 1;
  }

  get bytes(): number {
    return this.words.byteLength + this.doubles.byteLength + 3 * this.#hashes.byteLength + this.#askers.bytes;
  }

  /** First word of the owner in a row. */
  at(row: number): number {
    return row * this.#stride + this.#keyWords;
  }

  /** Word `i` of a row's key. */
  key(row: number, i: number): number {
    return this.words[row * this.#stride + i];
  }

  isUsed(row: number): boolean {
    return this.#hashes[row] !== 0;
  }

  /** How much a row is worth keeping; 0 at the beginning, whatever its owner makes of it later. */
  setWorth(row: number, worth: number): void {
    this.#worths[row] = worth;
  }

  lastSec(row: number): number {
    return this.#lastSecs[row];
  }

  /** The row of a key, -1 when it has none. Does not touch it. */
  find(a: number, b = 0, c = 0, d = 0, e = 0, f = 0): number {
    const hash = hashWords(a, b, c, d, e, f) | 1;
    return this.#lookUp(hash, a, b, c, d, e, f);
  }

  /**
   * The row of a key, made when there is none; -1 when there is no room that a first-comer may have.
   * @param sec packet time in seconds: of all calls, not less than the highest by more than some
   */
  claim(sec: number, a: number, b = 0, c = 0, d = 0, e = 0, f = 0): number {
    const hash = hashWords(a, b, c, d, e, f) | 1;
    let row = this.#lookUp(hash, a, b, c, d, e, f);
    if (row < 0) {
      row = this.#room(hash, sec);
      if (row < 0) return -1;
      this.#begin(row, hash, a, b, c, d, e, f);
    }
    this.#lastSecs[row] = sec;
    return row;
  }

  /** Forgets a row. */
  free(row: number): void {
    if (!this.isUsed(row)) return;
    this.words.fill(0, row * this.#stride, (row + 1) * this.#stride);
    this.#hashes[row] = 0;
    this.#worths[row] = 0;
    this.#lastSecs[row] = 0;
    this.used--;
  }

  #lookUp(hash: number, a: number, b: number, c: number, d: number, e: number, f: number): number {
    const hashes = this.#hashes;
    const first = ((hash >>> 1) & this.#mask) * ways;
    for (let row = first; row < first + ways; row++) {
      if (hashes[row] === hash && this.#isOf(row, a, b, c, d, e, f)) return row;
    }
    return -1;
  }

  #isOf(row: number, a: number, b: number, c: number, d: number, e: number, f: number): boolean {
    const w = this.words;
    const n = this.#keyWords;
    const o = row * this.#stride;
    return (
      w[o] === (a | 0) &&
      (n < 2 || w[o + 1] === (b | 0)) &&
      (n < 3 || w[o + 2] === (c | 0)) &&
      (n < 4 || w[o + 3] === (d | 0)) &&
      (n < 5 || w[o + 4] === (e | 0)) &&
      (n < 6 || w[o + 5] === (f | 0))
    );
  }

  /** A row of the bucket that is free, was idle for long, or is worth less than a key that asks for the second time. */
  #room(hash: number, sec: number): number {
    const worths = this.#worths;
    const lastSecs = this.#lastSecs;
    const first = ((hash >>> 1) & this.#mask) * ways;
    let least = first;
    for (let row = first; row < first + ways; row++) {
      if (this.#hashes[row] === 0) return row;
      if (worths[row] !== worths[least] ? worths[row] < worths[least] : lastSecs[row] < lastSecs[least]) least = row;
    }
    const isStale = sec - lastSecs[least] > this.#idleSec;
    if (!isStale && (worths[least] > 0 || this.#ask(hash) < 2)) {
      this.refusals++;
      return -1;
    }
    this.evictions++;
    this.#evicted?.(least);
    this.free(least);
    return least;
  }

  /** Times a key without a row has asked lately. A sketch that is full would say of everyone that it was here before. */
  #ask(hash: number): number {
    if (++this.#asked >= this.#askedMost) {
      this.#asked = 0;
      this.#askers.halve();
    }
    return this.#askers.add(hash);
  }

  #begin(row: number, hash: number, a: number, b: number, c: number, d: number, e: number, f: number): void {
    const w = this.words;
    const o = row * this.#stride;
    const n = this.#keyWords;
    this.#hashes[row] = hash;
    w[o] = a;
    if (n > 1) w[o + 1] = b;
    if (n > 2) w[o + 2] = c;
    if (n > 3) w[o + 3] = d;
    if (n > 4) w[o + 4] = e;
    if (n > 5) w[o + 5] = f;
    if (this.doublesPerRow > 0) this.doubles.fill(0, row * this.doublesPerRow, (row + 1) * this.doublesPerRow);
    this.used++;
  }
}
