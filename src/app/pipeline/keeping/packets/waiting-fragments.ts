// Fragments that were kept before the flow of their datagram was known: where they are, so that the flow can be named
// once it is. A fixed number; the oldest are forgotten.

import { entryLimit, type FragmentEntry } from '../../../../analysis/flows/index.ts';

const mostWaiting = 4096;

export class WaitingFragments {
  readonly #entry = new Int32Array(mostWaiting);
  readonly #startUs = new Float64Array(mostWaiting);
  readonly #file = new Float64Array(mostWaiting);
  readonly #timeUs = new Float64Array(mostWaiting);
  readonly #number = new Float64Array(mostWaiting);
  readonly #place = new Float64Array(mostWaiting);
  readonly #capLen = new Int32Array(mostWaiting);
  /** Slot + 1 of the fragment of the same datagram before; 0: none. */
  readonly #before = new Int32Array(mostWaiting);
  /** By index of the entry: slot + 1 of its latest. */
  readonly #latest = new Int32Array(entryLimit + 1);
  #next = 0;

  /** Remembers a fragment in `file` of the ring. */
  add(entry: FragmentEntry, file: number, timeUs: number, number: number, place: number, capLen: number): void {
    const slot = this.#next;
    this.#next = (slot + 1) % mostWaiting;
    this.#before[slot] = this.#latest[entry.index];
    this.#latest[entry.index] = slot + 1;
    this.#entry[slot] = entry.index;
    this.#startUs[slot] = entry.startUs;
    this.#file[slot] = file;
    this.#timeUs[slot] = timeUs;
    this.#number[slot] = number;
    this.#place[slot] = place;
    this.#capLen[slot] = capLen;
  }

  /** Tells those of a datagram that are in `file`, in their order, and forgets them. */
  take(
    entry: FragmentEntry,
    file: number,
    tell: (timeUs: number, number: number, place: number, capLen: number) => void,
  ): void {
    const slots: number[] = [];
    for (let slot = this.#latest[entry.index] - 1; slot >= 0; slot = this.#before[slot] - 1) {
      // Overwritten, or of a datagram that had the entry before: all before it are, too.
      if (this.#entry[slot] !== entry.index || this.#startUs[slot] !== entry.startUs) break;
      this.#entry[slot] = 0;
      if (this.#file[slot] === file) slots.push(slot);
    }
    this.#latest[entry.index] = 0;
    for (const slot of slots.reverse())
      tell(this.#timeUs[slot], this.#number[slot], this.#place[slot], this.#capLen[slot]);
  }
}
