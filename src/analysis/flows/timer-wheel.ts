// Which rows are to be looked at in which second: a wheel of doubly linked lists inside the rows.
//
//   slot   0   1   2  …  tick & 511  …  511
//          │       │         │
//         row ─── row       row ⇄ row ⇄ row        (W_NEXT, W_PREV: row + 1; W_SLOT: slot + 1)
//
// A row stands in one slot. It is not moved when packets arrive: when its slot comes up, whoever owns it compares the
// time of its last packet and links it again. So a packet costs nothing, a flow a handful of looks in its life.

import { ROW_WORDS, W_NEXT, W_PREV, W_SLOT } from './flow-row.ts';

const slots = 512;

export class TimerWheel {
  readonly #words: Int32Array;
  readonly #heads = new Int32Array(slots);
  #tick = 0;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** Links the row to come up after `seconds` (at least 1; beyond 511 it comes up early and is linked again). */
  link(row: number, seconds: number): void {
    const w = this.#words;
    const slot = (this.#tick + Math.min(Math.max(seconds, 1), slots - 1)) & (slots - 1);
    const o = row * ROW_WORDS;
    const head = this.#heads[slot];
    w[o + W_NEXT] = head;
    w[o + W_PREV] = 0;
    w[o + W_SLOT] = slot + 1;
    if (head !== 0) w[(head - 1) * ROW_WORDS + W_PREV] = row + 1;
    this.#heads[slot] = row + 1;
  }

  unlink(row: number): void {
    const w = this.#words;
    const o = row * ROW_WORDS;
    const slot = w[o + W_SLOT] - 1;
    if (slot < 0) return;
    const next = w[o + W_NEXT];
    const prev = w[o + W_PREV];
    if (prev === 0) this.#heads[slot] = next;
    else w[(prev - 1) * ROW_WORDS + W_NEXT] = next;
    if (next !== 0) w[(next - 1) * ROW_WORDS + W_PREV] = prev;
    w[o + W_SLOT] = 0;
  }

  /** Moves to `tick` and calls `due(row)` for each row, already unlinked, that stood in a slot passed on the way. */
  advance(tick: number, due: (row: number) => void): void {
    // After a full turn every slot was passed: a jump of years costs no more than 512 steps.
    const steps = Math.min((tick - this.#tick) & 0x3fffffff, slots);
    for (let i = 1; i <= steps; i++) {
      const slot = (tick - steps + i) & (slots - 1);
      // The rows are taken out as a whole first: `due` may link into this very slot (a full turn away).
      let entry = this.#heads[slot];
      this.#heads[slot] = 0;
      this.#tick = tick;
      while (entry !== 0) {
        const o = (entry - 1) * ROW_WORDS;
        const next = this.#words[o + W_NEXT];
        // Cut from its neighbours, so that `due` may end other rows of the same list safely.
        this.#words[o + W_SLOT] = 0;
        if (next !== 0) this.#words[(next - 1) * ROW_WORDS + W_PREV] = 0;
        due(entry - 1);
        entry = next;
      }
    }
    this.#tick = tick;
  }
}
