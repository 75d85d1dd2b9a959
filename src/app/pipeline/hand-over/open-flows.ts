// Tells flows that go on, some at a time: round robin over the flow table, those that have more packets than when they
// were told last.

import * as row from '../../../analysis/flows/flow-row.ts';
import type { Engine } from '../engine.ts';

/** Rows looked at each time at the most: a table of a million rows is gone through in some seconds. */
const rowsMost = 1 << 18;

export class OpenFlows {
  readonly #engine: Engine;
  readonly #most: number;
  /** What each row held when it was told last, see `markOf`; memory is touched as rows are told. */
  readonly #told: Int32Array;
  #next = 0;

  /** @param most flows told each time at the most */
  constructor(engine: Engine, most: number) {
    this.#engine = engine;
    this.#most = most;
    this.#told = new Int32Array(engine.flows.table.capacity);
  }

  /**
   * Goes on where it stopped last.
   * @param tell tells the flow of a row; false when there is no room for more
   */
  tell(tell: (r: number) => boolean): void {
    const { words: w, doubles: d, highWater } = this.#engine.flows.table;
    let left = this.#most;
    for (let seen = Math.min(highWater, rowsMost); seen > 0 && left > 0; seen--) {
      if (this.#next >= highWater) this.#next = 0;
      const r = this.#next;
      const mark = row.isOpen(w[r * row.ROW_WORDS + row.W_STATE]) ? markOf(w, d, r) : this.#told[r];
      if (mark !== this.#told[r]) {
        if (!tell(r)) return;
        this.#told[r] = mark;
        left--;
      }
      this.#next++;
    }
  }
}

/** A number that changes with each packet, and is another one for the next flow on the same row. */
function markOf(w: Int32Array, d: Float64Array, r: number): number {
  const o = r * row.ROW_WORDS;
  const packets = w[o + row.W_PACKETS] + w[o + row.W_PACKETS + 1];
  return (packets + Math.imul(d[r * row.ROW_DOUBLES + row.D_FIRST_US] | 0, 0x9e3779b1)) | 0;
}
