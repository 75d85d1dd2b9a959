// Bytes that come in pieces with offsets, as CRYPTO and STREAM frames bring them, put in order (RFC 9000 §2.2, §19.6).

/** Bounds of one stream: how far beyond what was taken a piece may reach, and how many holes may be open. */
export interface StreamLimits {
  readonly window: number;
  readonly pieces: number;
}

/**
 * How far a piece may reach when nothing has come yet, and how many times what is there beyond that: a frame of a few bytes
 * with a far offset must not take room for all that is before it.
 */
const aheadBytes = 4096;
const aheadTimes = 4;

interface Piece {
  from: number;
  to: number;
}

/**
 * Keeps what has come and was not yet taken. The first copy of a byte counts. Offsets are numbers below 2^53; `base` is
 * the offset of the first byte kept.
 *
 * ```text
 *   base            ready            holes
 *   |###############|....|####|......|###|
 * ```
 */
export class ByteStream {
  base = 0;
  bytes: Uint8Array = new Uint8Array(0);
  /** What is there, in order, none touching the next; offsets from `base`. */
  readonly #pieces: Piece[] = [];
  readonly #limits: StreamLimits;
  /** Something did not fit into the bounds: what follows the hole will not be had. */
  isOverfull = false;

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  /** How many bytes from `base` on are there without a hole. */
  get ready(): number {
    const first = this.#pieces[0];
    return first !== undefined && first.from === 0 ? first.to : 0;
  }

  add(offset: number, b: Uint8Array, at: number, end: number): void {
    let from = offset - this.base;
    if (from < 0) {
      at -= from;
      from = 0;
    }
    const to = from + (end - at);
    if (to <= from) return;
    if (to > this.#limits.window || to > this.#reach(to - from)) {
      this.isOverfull = true;
      return;
    }
    this.#grow(to);
    this.#fill(from, to, b, at);
    this.#insert(from, to);
  }

  /** How far the next piece of `more` bytes may reach. */
  #reach(more: number): number {
    let there = more;
    for (const { from, to } of this.#pieces) there += to - from;
    return aheadBytes + aheadTimes * there;
  }

  /** The first `count` of the ready bytes are done with. */
  take(count: number): void {
    const pieces = this.#pieces;
    this.base += count;
    // A view: messages of a few bytes each would make copies of all that follows, again and again.
    this.bytes = this.bytes.subarray(count);
    for (const piece of pieces) {
      piece.from = Math.max(0, piece.from - count);
      piece.to -= count;
    }
    if (pieces.length > 0 && pieces[0].to <= 0) pieces.shift();
  }

  #grow(to: number): void {
    if (to <= this.bytes.length) return;
    let size = Math.max(1024, this.bytes.length);
    while (size < to) size *= 2;
    const room = new Uint8Array(Math.min(size, this.#limits.window));
    room.set(this.bytes);
    this.bytes = room;
  }

  /** Writes those bytes that are not there yet. */
  #fill(from: number, to: number, b: Uint8Array, at: number): void {
    let o = from;
    for (const piece of this.#pieces) {
      if (piece.to <= o) continue;
      if (piece.from >= to) break;
      if (piece.from > o) this.bytes.set(b.subarray(at + o - from, at + piece.from - from), o);
      o = piece.to;
      if (o >= to) return;
    }
    this.bytes.set(b.subarray(at + o - from, at + to - from), o);
  }

  #insert(from: number, to: number): void {
    const pieces = this.#pieces;
    let i = 0;
    while (i < pieces.length && pieces[i].to < from) i++;
    let j = i;
    while (j < pieces.length && pieces[j].from <= to) {
      from = Math.min(from, pieces[j].from);
      to = Math.max(to, pieces[j].to);
      j++;
    }
    if (j === i && pieces.length >= this.#limits.pieces) {
      this.isOverfull = true;
      return;
    }
    pieces.splice(i, j - i, { from, to });
  }
}
