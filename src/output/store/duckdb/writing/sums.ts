// Sums by group: keys of 32-bit words in an open hash table of typed arrays, sums as doubles (exact up to 2^53).

export class Sums {
  readonly #width: number;
  readonly #count: number;
  #keys: Uint32Array;
  #sums: Float64Array;
  /** Number of the group + 1; 0: free. Its size is a power of two. */
  #slots: Int32Array;
  #groups = 0;
  /** The key to look for: fill it, then `find`. */
  readonly key: Uint32Array;

  /** @param width words of a key; @param count sums of a group */
  constructor(width: number, count: number) {
    this.#width = width;
    this.#count = count;
    this.key = new Uint32Array(width);
    this.#keys = new Uint32Array(width * 1024);
    this.#sums = new Float64Array(count * 1024);
    this.#slots = new Int32Array(4096);
  }

  get groups(): number {
    return this.#groups;
  }

  /** Place of the group's first sum in `sums`; made where it is new. */
  find(): number {
    const { key } = this;
    const width = this.#width;
    let hash = 0;
    for (let i = 0; i < width; i++) {
      hash = Math.imul(hash ^ key[i], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const group = this.#slots[slot] - 1;
      if (group < 0) return this.#add(slot);
      let i = 0;
      const at = width * group;
      while (i < width && this.#keys[at + i] === key[i]) i++;
      if (i === width) return this.#count * group;
    }
  }

  get sums(): Float64Array {
    return this.#sums;
  }

  /** Word of a group's key. */
  word(group: number, at: number): number {
    return this.#keys[this.#width * group + at];
  }

  #add(slot: number): number {
    const group = this.#groups++;
    if (this.#count * this.#groups > this.#sums.length) this.#growGroups();
    this.#slots[slot] = group + 1;
    this.#keys.set(this.key, this.#width * group);
    if (2 * this.#groups > this.#slots.length) this.#growSlots();
    return this.#count * group;
  }

  #growGroups(): void {
    const keys = new Uint32Array(2 * this.#keys.length);
    keys.set(this.#keys);
    this.#keys = keys;
    const sums = new Float64Array(2 * this.#sums.length);
    sums.set(this.#sums);
    this.#sums = sums;
  }

  #growSlots(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (let group = 0; group < this.#groups; group++) {
      let hash = 0;
      for (let i = 0; i < this.#width; i++) {
        hash = Math.imul(hash ^ this.#keys[this.#width * group + i], 0x9e3779b1);
        hash ^= hash >>> 15;
      }
      let slot = hash & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = group + 1;
    }
  }

  clear(): void {
    this.#groups = 0;
    this.#slots.fill(0);
    this.#sums.fill(0);
  }
}
