// Whether a hash came a moment ago: one place for each, the latest stays. May miss, does not invent (but for equal hashes).

export class Repeats {
  readonly #hashes: Int32Array;
  readonly #times: Float64Array;
  readonly #mask: number;
  readonly #withinUs: number;

  /**
   * @param places a power of two; 12 bytes each
   * @param withinUs how long ago counts as a moment
   */
  constructor(places: number, withinUs: number) {
    if ((places & (places - 1)) !== 0) throw new RangeError(`${places} is no power of two`);
    this.#hashes = new Int32Array(places);
    this.#times = new Float64Array(places).fill(Number.NEGATIVE_INFINITY);
    this.#mask = places - 1;
    this.#withinUs = withinUs;
  }

  get bytes(): number {
    return this.#hashes.byteLength + this.#times.byteLength;
  }

  /** True when this hash was seen within the time; the time of the first stays. */
  see(hash: number, timeUs: number): boolean {
    const at = hash & this.#mask;
    const sinceUs = timeUs - this.#times[at];
    if (this.#hashes[at] === (hash | 0) && sinceUs >= 0 && sinceUs <= this.#withinUs) return true;
    this.#hashes[at] = hash;
    this.#times[at] = timeUs;
    return false;
  }
}
