// Bytes of one side that a talk has not yet consumed.

/** Bytes one side of a conversation may keep waiting at the most. */
export const sideLimit = 65_536;

/** What all conversations together keep; asked before growing. */
export interface ByteBudget {
  /** False when the bytes cannot be had. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

export class SideBuffer {
  bytes: Uint8Array = none;
  from = 0;
  to = 0;
  /** When the first of them came. */
  firstUs = 0;

  get length(): number {
    return this.to - this.from;
  }

  /** Appends a copy; false when there would be too many. */
  keep(bytes: Uint8Array, at: number, end: number, budget: ByteBudget): boolean {
    const more = end - at;
    const have = this.to - this.from;
    if (have + more > sideLimit) return false;
    if (this.to + more > this.bytes.length && !this.#makeRoom(have + more, budget)) return false;
    this.bytes.set(bytes.subarray(at, end), this.to);
    this.to += more;
    return true;
  }

  #makeRoom(need: number, budget: ByteBudget): boolean {
    let room = this.bytes;
    if (need > room.length) {
      // The first bytes are mostly all there will be: a message that is not whole yet makes the buffer grow.
      const size = room.length === 0 ? need : Math.max(1024, room.length * 2, need);
      if (!budget.take(size - room.length)) return false;
      room = new Uint8Array(size);
    }
    const have = this.to - this.from;
    room.set(this.bytes.subarray(this.from, this.to));
    this.bytes = room;
    this.from = 0;
    this.to = have;
    return true;
  }

  drop(count: number, budget: ByteBudget): void {
    this.from += count;
    if (this.from >= this.to) this.release(budget);
  }

  release(budget: ByteBudget): void {
    budget.give(this.bytes.length);
    this.bytes = none;
    this.from = 0;
    this.to = 0;
  }
}

const none = new Uint8Array(0);
