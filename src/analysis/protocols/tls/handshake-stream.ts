// Handshake messages out of the fragments that records carry (RFC 8446 §4 and §5.1): they may share one or span several.

import { u24 } from '../../../core/index.ts';

/** Longer messages are passed over; real ones stay below (long certificate chains, post-quantum keys). */
const messageLimit = 131_072;

/** Room that is made at once; more is made as bytes come, since a header may announce what is never sent. */
const firstRoom = 2048;

/** `at` to `end` is the body of one whole message. Returns false when no more are wanted. */
export type OnHandshake = (type: number, bytes: Uint8Array, at: number, end: number) => boolean;

/** One side's handshake messages. */
export class HandshakeStream {
  readonly #told: OnHandshake;
  /** The beginning of a message, header included: `#length` bytes of `#wanted`. */
  #kept: Uint8Array = new Uint8Array(0);
  #length = 0;
  #wanted = 0;
  #skip = 0;
  #isOver = false;

  constructor(told: OnHandshake) {
    this.#told = told;
  }

  feed(b: Uint8Array, at: number, end: number): void {
    let o = at;
    while (o < end && !this.#isOver) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, end - o);
        this.#skip -= step;
        o += step;
      } else if (this.#length > 0) o = this.#continue(b, o, end);
      else if (end - o >= 4 && end - o - 4 >= u24(b, o + 1)) {
        const next = o + 4 + u24(b, o + 1);
        this.#isOver = !this.#told(b[o], b, o + 4, next);
        o = next;
      } else o = this.#begin(b, o, end);
    }
  }

  /** What follows does not belong to what was before: bytes are missing between. */
  stop(): void {
    this.#isOver = true;
    this.#kept = new Uint8Array(0);
  }

  #begin(b: Uint8Array, o: number, end: number): number {
    const length = end - o >= 4 ? 4 + u24(b, o + 1) : 4;
    if (length > 4 + messageLimit) {
      this.#skip = length;
      return o;
    }
    this.#wanted = length;
    this.#length = 0;
    this.#keep(b, o, end);
    return end;
  }

  #keep(b: Uint8Array, o: number, end: number): void {
    const need = this.#length + end - o;
    if (need > this.#kept.length) {
      const grown = new Uint8Array(Math.min(this.#wanted, Math.max(firstRoom, 2 * need)));
      grown.set(this.#kept.subarray(0, this.#length));
      this.#kept = grown;
    }
    this.#kept.set(b.subarray(o, end), this.#length);
    this.#length = need;
  }

  #continue(b: Uint8Array, o: number, end: number): number {
    if (this.#length < 4) {
      this.#keep(b, o, ++o);
      if (this.#length < 4) return o;
      const length = u24(this.#kept, 1);
      if (length > messageLimit) {
        this.#length = 0;
        this.#skip = length;
        return o;
      }
      this.#wanted = 4 + length;
    }
    const step = Math.min(this.#wanted - this.#length, end - o);
    this.#keep(b, o, o + step);
    if (this.#length === this.#wanted) {
      const kept = this.#kept;
      this.#length = 0;
      this.#kept = new Uint8Array(0);
      this.#isOver = !this.#told(kept[0], kept, 4, this.#wanted);
    }
    return o + step;
  }
}
