// How often a hash came within a moment: one place for each, the latest stays. May miss, does not invent (but for equal
// hashes).

export class Repeats {
  readonly #hashes: Int32Array;
  readonly #times: Float64Array;
  readonly #counts: Uint8Array;
  readonly #mask: number;
  readonly #withinUs: number;

  /**
   * @param places a power of two; 13 bytes each
   * @param withinUs how long ago counts as a moment
   */
  constructor(places: number, withinUs: number) {
    if ((places & (places - 1)) !== 0) throw new RangeError(`${places} is no power of two`);
    this.#hashes = new Int32Array(places);
    this.#counts = new Uint8Array(places);
    this.#times = new Float64Array(places).fill(Number.NEGATIVE_INFINITY);
    this.#mask = places - 1;
    this.#withinUs = withinUs;
  }

  get bytes(): number {
    return this.#hashes.byteLength + this.#times.byteLength + this.#counts.byteLength;
  }

  /**
   * Times this hash was seen within the time since the first of them, this one included; stays at 255.
   * @param when whatever has the time: a number handed over would be allocated
   */
  see(hash: number, when: { readonly timeUs: number }): number {
    const at = hash & this.#mask;
    const { timeUs } = when;
    const sinceUs = timeUs - this.#times[at];
    if (this.#hashes[at] === (hash | 0) && sinceUs >= 0 && sinceUs <= this.#withinUs) {
      if (this.#counts[at] < 255) this.#counts[at]++;
      return this.#counts[at];
    }
    this.#hashes[at] = hash;
    this.#times[at] = timeUs;
    this.#counts[at] = 1;
    return 1;
  }
}
