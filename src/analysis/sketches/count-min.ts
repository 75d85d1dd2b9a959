// Count-min sketch (Cormode, Muthukrishnan 2005) with conservative update: how often was a hash seen, never too low.
//
// The four counters of a hash lie in one cache line (blocked, as in Putze et al. 2007): one miss instead of four, for a
// little more error, since a line that many share makes all four too high.
//
//   block   [ 8 counters of row 0 ] [ row 1 ] [ row 2 ] [ row 3 ]

const rows = 4;

export class CountMin {
  readonly #counts: Uint16Array;
  /** For the first counter of a block. */
  readonly #mask: number;

  /** @param width counters per row, a power of two, at least 8; 8 bytes each in all */
  constructor(width: number) {
    if ((width & (width - 1)) !== 0 || width < 8) throw new RangeError(`width ${width} is no power of two from 8 on`);
    // Blocks begin on a cache line: large allocations begin 16 bytes after one.
    this.#counts = new Uint16Array(new ArrayBuffer(width * rows * 2 + 64), 48, width * rows);
    this.#mask = (width / 8 - 1) << 5;
  }

  get bytes(): number {
    return this.#counts.byteLength;
  }

  /** Counts a hash once more and gives its estimate, the one just counted included; stays at 65,535. */
  add(hash: number): number {
    const c = this.#counts;
    const block = (hash << 5) & this.#mask;
    // Bits of a product that all bits of the hash have a part in.
    const mixed = Math.imul(hash, 0x9e3779b1);
    const a = block + (mixed >>> 29);
    const b = block + 8 + ((mixed >>> 26) & 7);
    const d = block + 16 + ((mixed >>> 23) & 7);
    const e = block + 24 + ((mixed >>> 20) & 7);
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
    const block = (hash << 5) & this.#mask;
    const mixed = Math.imul(hash, 0x9e3779b1);
    return Math.min(
      c[block + (mixed >>> 29)],
      c[block + 8 + ((mixed >>> 26) & 7)],
      c[block + 16 + ((mixed >>> 23) & 7)],
      c[block + 24 + ((mixed >>> 20) & 7)],
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
