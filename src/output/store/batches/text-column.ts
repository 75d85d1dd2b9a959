// Columns of text and of lists, being filled.

import { Buffer } from 'node:buffer';
import type { FixedData, ListData, TextData, WordData } from './batch.ts';

/** Bytes of texts one after the other, and where each ends. */
class TextBytes {
  #buffer = Buffer.allocUnsafeSlow(4096);
  length = 0;

  add(text: string): void {
    // A UTF-16 unit is at most three bytes of UTF-8.
    const most = text.length * 3;
    if (this.length + most > this.#buffer.length) this.#grow(most);
    this.length += this.#buffer.write(text, this.length, 'utf8');
  }

  take(): Uint8Array {
    return new Uint8Array(this.#buffer.buffer, this.#buffer.byteOffset, this.length);
  }

  #grow(need: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.length + need));
    this.#buffer.copy(larger, 0, 0, this.length);
    this.#buffer = larger;
  }
}

/** Text by row; rows that are not set are empty. */
export class TextColumn {
  readonly #text = new TextBytes();
  #ends: Uint32Array;

  constructor(capacity: number) {
    this.#ends = new Uint32Array(capacity);
  }

  reserve(capacity: number): void {
    this.#ends = grown(this.#ends, capacity);
  }

  /** At most once a row, rows in order. */
  set(text: string): void {
    this.#text.add(text);
  }

  endRow(row: number): void {
    this.#ends[row] = this.#text.length;
  }

  take(rows: number): TextData {
    return { shape: 'text', bytes: this.#text.take(), ends: this.#ends.subarray(0, rows) };
  }
}

/** Words by row, each kept once; rows that are not set are empty. */
export class WordColumn {
  readonly #places = new Map<string, number>([['', 0]]);
  readonly #words: string[] = [''];
  #indexes: Uint32Array;

  constructor(capacity: number) {
    this.#indexes = new Uint32Array(capacity);
  }

  reserve(capacity: number): void {
    this.#indexes = grown(this.#indexes, capacity);
  }

  set(row: number, word: string): void {
    let place = this.#places.get(word);
    if (place === undefined) {
      place = this.#words.length;
      this.#places.set(word, place);
      this.#words.push(word);
    }
    this.#indexes[row] = place;
  }

  take(rows: number): WordData {
    return { shape: 'word', words: this.#words, indexes: this.#indexes.subarray(0, rows) };
  }
}

/** Lists by row; rows that are not set are empty. */
export class ListColumn {
  readonly #items: TextBytes | null;
  readonly #isText: boolean;
  #reals = new Float64Array(256);
  #itemEnds = new Uint32Array(256);
  #count = 0;
  #ends: Uint32Array;

  constructor(isText: boolean, capacity: number) {
    this.#isText = isText;
    this.#items = isText ? new TextBytes() : null;
    this.#ends = new Uint32Array(capacity);
  }

  reserve(capacity: number): void {
    this.#ends = grown(this.#ends, capacity);
  }

  addText(text: string): void {
    if (this.#count === this.#itemEnds.length) this.#itemEnds = grown(this.#itemEnds, this.#count * 2);
    this.#items?.add(text);
    this.#itemEnds[this.#count++] = this.#items?.length ?? 0;
  }

  addReal(value: number): void {
    if (this.#count === this.#reals.length) {
      const larger = new Float64Array(this.#count * 2);
      larger.set(this.#reals);
      this.#reals = larger;
    }
    this.#reals[this.#count++] = value;
  }

  endRow(row: number): void {
    this.#ends[row] = this.#count;
  }

  take(rows: number): ListData {
    const ends = this.#ends.subarray(0, rows);
    if (this.#isText && this.#items !== null) {
      const itemEnds = this.#itemEnds.subarray(0, this.#count);
      return { shape: 'list', ends, items: { shape: 'text', bytes: this.#items.take(), ends: itemEnds } };
    }
    const values = new Uint8Array(this.#reals.buffer, 0, this.#count * 8);
    const items: FixedData = { shape: 'fixed', values, missing: null };
    return { shape: 'list', ends, items };
  }
}

function grown(array: Uint32Array, capacity: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(capacity);
  larger.set(array);
  return larger;
}
