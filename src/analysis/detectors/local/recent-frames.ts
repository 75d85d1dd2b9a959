// Tells frames that a capture holds twice: seen coming in and going out, or mirrored from two ports.

import { hashWords } from '../../sketches/index.ts';

/** Frames remembered, and how long one counts as the same. */
const places = 16;
const withinUs = 5000;

export class RecentFrames {
  readonly #hashes = new Int32Array(places);
  readonly #times = new Float64Array(places).fill(Number.NEGATIVE_INFINITY);
  #next = 0;

  /** Whether the same bytes came within the last 5 ms; remembers them. */
  isRepeat(timeUs: number, bytes: Uint8Array, at: number, length: number): boolean {
    let hash = length;
    const end = Math.min(at + length, bytes.length);
    for (let i = at; i + 3 < end; i += 4)
      hash = hashWords(hash, (bytes[i] << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) | bytes[i + 3]);
    for (let i = 0; i < places; i++)
      if (this.#hashes[i] === hash && Math.abs(timeUs - this.#times[i]) <= withinUs) {
        // One repetition for each: a flood of equal frames is more than a capture that sees double.
        this.#times[i] = Number.NEGATIVE_INFINITY;
        return true;
      }
    this.#hashes[this.#next] = hash;
    this.#times[this.#next] = timeUs;
    this.#next = (this.#next + 1) % places;
    return false;
  }
}
