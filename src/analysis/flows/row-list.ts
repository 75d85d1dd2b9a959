// A first-in first-out list of rows, linked inside the rows: append, remove from anywhere, take the oldest, all O(1).

import { ROW_WORDS } from './flow-row.ts';

export class RowList {
  readonly #words: Int32Array;
  readonly #next: number;
  readonly #prev: number;
  #head = 0;
  #tail = 0;
  count = 0;

  /** @param next,prev word offsets of the links (row + 1, 0 for none) inside a row. */
  constructor(words: Int32Array, next: number, prev: number) {
    this.#words = words;
    this.#next = next;
    this.#prev = prev;
  }

  append(row: number): void {
    const w = this.#words;
    const o = row * ROW_WORDS;
    w[o + this.#next] = 0;
    w[o + this.#prev] = this.#tail;
    if (this.#tail !== 0) w[(this.#tail - 1) * ROW_WORDS + this.#next] = row + 1;
    else this.#head = row + 1;
    this.#tail = row + 1;
    this.count++;
  }

  /** The row must be in the list. */
  remove(row: number): void {
    const w = this.#words;
    const o = row * ROW_WORDS;
    const next = w[o + this.#next];
    const prev = w[o + this.#prev];
    if (prev !== 0) w[(prev - 1) * ROW_WORDS + this.#next] = next;
    else this.#head = next;
    if (next !== 0) w[(next - 1) * ROW_WORDS + this.#prev] = prev;
    else this.#tail = prev;
    this.count--;
  }

  /** The oldest row; -1 when empty. */
  first(): number {
    return this.#head - 1;
  }
}
