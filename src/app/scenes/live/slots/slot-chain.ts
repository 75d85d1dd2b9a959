// Slots in an order that they can leave at any place: two links a slot.

const none = -1;

export class SlotChain {
  #before = new Int32Array(0);
  #after = new Int32Array(0);
  #first = none;
  #last = none;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The one that came first; -1 when there is none. */
  get first(): number {
    return this.#first;
  }

  grow(capacity: number): void {
    const before = new Int32Array(capacity);
    const after = new Int32Array(capacity);
    before.set(this.#before);
    after.set(this.#after);
    this.#before = before;
    this.#after = after;
  }

  /** @param slot is in no chain of this kind yet */
  push(slot: number): void {
    this.#before[slot] = this.#last;
    this.#after[slot] = none;
    if (this.#last === none) this.#first = slot;
    else this.#after[this.#last] = slot;
    this.#last = slot;
    this.#size++;
  }

  /** @param slot is in this chain */
  remove(slot: number): void {
    const [before, after] = [this.#before[slot], this.#after[slot]];
    if (before === none) this.#first = after;
    else this.#after[before] = after;
    if (after === none) this.#last = before;
    else this.#before[after] = before;
    this.#size--;
  }

  /** All slots, the latest first. */
  latestFirst(): Int32Array {
    const slots = new Int32Array(this.#size);
    const before = this.#before;
    for (let slot = this.#last, i = 0; slot !== none; slot = before[slot]) slots[i++] = slot;
    return slots;
  }
}
