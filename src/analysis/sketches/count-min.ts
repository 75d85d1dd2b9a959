// Count-min sketch (Cormode, Muthukrishnan 2005) with conservative update: how often was a hash seen, never too low.

const rows = 4;

export class CountMin {
  readonly #counts: Uint16Array;
  readonly #mask: number;

  /** @param width counters per row, a power of two; 8 bytes each in all */
  constructor(width: number) {
    if ((width & (width - 1)) !== 0) throw new RangeError(`width ${width} is no power of two`);
    this.#counts = new Uint16Array(width * rows);
    this.#mask = width - 1;
  }

  get bytes(): number {
    return this.#counts.byteLength;
  }

  /** Counts a hash once more and gives its estimate, the one just counted included; stays at 65,535. */
  add(hash: number): number {
    const c = this.#counts;
    const mask = this.#mask;
    const width = mask + 1;
    // Two halves of one hash make four rows (Kirsch, Mitzenmacher 2006).
    const step = (Math.imul(hash, 0x9e3779b1) >>> 7) | 1;
    const a = hash & mask;
    const b = width + ((hash + step) & mask);
    const d = 2 * width + ((hash + 2 * step) & mask);
    const e = 3 * width + ((hash + 3 * step) & mask);
    const least = Math.min(c[a], c[b], c[d], c[e]);
    if (least === 0xffff) return least;
    const next = least + 1;
    if (c[a] < next) c[a] = next;
    if (c[b] < next) c[b] = next;
    if (c[d] < next) c[d] = next;
    if (c[e] < next) c[e] = next;
    return next;
  }

  /** How often a hash was seen, never too low. */
  estimate(hash: number): number {
    const c = this.#counts;
    const mask = this.#mask;
    const width = mask + 1;
    const step = (Math.imul(hash, 0x9e3779b1) >>> 7) | 1;
    return Math.min(
      c[hash & mask],
      c[width + ((hash + step) & mask)],
      c[2 * width + ((hash + 2 * step) & mask)],
      c[3 * width + ((hash + 3 * step) & mask)],
    );
  }

  /** Halves every counter: the past counts for less. */
  halve(): void {
    const c = this.#counts;
    for (let i = 0; i < c.length; i++) c[i] >>>= 1;
  }

  clear(): void {
    this.#counts.fill(0);
  }
}
