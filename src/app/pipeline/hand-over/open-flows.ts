// Tells flows that go on, some at a time: round robin over the flow table, those that have more packets than when they
// were told last.

import * as row from '../../../analysis/flows/flow-row.ts';
import type { FlowTable } from '../../../analysis/flows/index.ts';

/** Rows looked at each time at the most: 100,000 flows are gone through in two turns, a table of a million rows in sixteen. */
const rowsMost = 1 << 16;

type Rows = Pick<FlowTable, 'words' | 'doubles' | 'capacity' | 'highWater'>;

export class OpenFlows {
  readonly #table: Rows;
  readonly #most: number;
  /** What each row held when it was told last, see `markOf`; memory is touched as rows are told. */
  readonly #told: Int32Array;
  #next = 0;

  /** @param most flows told each time at the most */
  constructor(table: Rows, most: number) {
    this.#table = table;
    this.#most = most;
    this.#told = new Int32Array(table.capacity);
  }

  /**
   * Goes on where it stopped last.
   * @param tell tells the flow of a row; false when there is no room for more
   */
  tell(tell: (r: number) => boolean): void {
    const { words: w, doubles: d, highWater } = this.#table;
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
