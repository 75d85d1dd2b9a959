// How many different hashes were seen, for many slots at once: exactly up to 48, then estimated by HyperLogLog
// (Flajolet et al. 2007) with 256 registers, standard error 6.5 %.
//
//   slot  [ count or -1 ] [ 64 words: up to 48 hashes, or 256 one-byte registers ]

const slotBytes = 256;
const exactMost = 48;
const estimated = -1;
/** Bias correction for 256 registers. */
const alpha = 0.7213 / (1 + 1.079 / slotBytes);

export class DistinctPool {
  readonly #counts: Int32Array;
  readonly #hashes: Int32Array;
  readonly #registers: Uint8Array;

  /** @param capacity slots 0‥capacity-1, 260 bytes each, resident only where touched */
  constructor(capacity: number) {
    this.#counts = new Int32Array(capacity);
    const memory = new ArrayBuffer(capacity * slotBytes);
    this.#hashes = new Int32Array(memory);
    this.#registers = new Uint8Array(memory);
  }

  get bytes(): number {
    return this.#counts.byteLength + this.#registers.byteLength;
  }

  /** Adds a well-mixed hash; true when it was not there before (with an estimate: when it changed it). */
  add(slot: number, hash: number): boolean {
    const count = this.#counts[slot];
    if (count === estimated) return this.#register(slot, hash);
    const from = slot * (slotBytes >> 2);
    const h = this.#hashes;
    for (let i = 0; i < count; i++) if (h[from + i] === (hash | 0)) return false;
    if (count < exactMost) {
      h[from + count] = hash;
      this.#counts[slot] = count + 1;
      return true;
    }
    this.#convert(slot, from);
    return this.#register(slot, hash) || true;
  }

  has(slot: number, hash: number): boolean {
    const count = this.#counts[slot];
    const from = slot * (slotBytes >> 2);
    for (let i = 0; i < count; i++) if (this.#hashes[from + i] === (hash | 0)) return true;
    return false;
  }

  /** Takes a hash out again; false when it is not there, or no longer known one by one. */
  remove(slot: number, hash: number): boolean {
    const count = this.#counts[slot];
    const from = slot * (slotBytes >> 2);
    const h = this.#hashes;
    for (let i = 0; i < count; i++) {
      if (h[from + i] !== (hash | 0)) continue;
      h[from + i] = h[from + count - 1];
      h[from + count - 1] = 0;
      this.#counts[slot] = count - 1;
      return true;
    }
    return false;
  }

  count(slot: number): number {
    const count = this.#counts[slot];
    return count === estimated ? this.#estimate(slot) : count;
  }

  clear(slot: number): void {
    if (this.#counts[slot] === 0) return;
    this.#counts[slot] = 0;
    this.#registers.fill(0, slot * slotBytes, (slot + 1) * slotBytes);
  }

  #convert(slot: number, from: number): void {
    const known = this.#hashes.slice(from, from + exactMost);
    this.#counts[slot] = estimated;
    this.#registers.fill(0, slot * slotBytes, (slot + 1) * slotBytes);
    for (const hash of known) this.#register(slot, hash);
  }

  #register(slot: number, hash: number): boolean {
    const at = slot * slotBytes + (hash >>> 24);
    const rank = Math.clz32((hash << 8) | 128) + 1;
    if (this.#registers[at] >= rank) return false;
    this.#registers[at] = rank;
    return true;
  }

  #estimate(slot: number): number {
    const r = this.#registers;
    const from = slot * slotBytes;
    let sum = 0;
    let zeros = 0;
    for (let i = 0; i < slotBytes; i++) {
      sum += 2 ** -r[from + i];
      if (r[from + i] === 0) zeros++;
    }
    const raw = (alpha * slotBytes * slotBytes) / sum;
    // Small counts are told better by the registers still empty.
    const estimate = raw <= 2.5 * slotBytes && zeros > 0 ? slotBytes * Math.log(slotBytes / zeros) : raw;
    return Math.max(exactMost + 1, Math.round(estimate));
  }
}
