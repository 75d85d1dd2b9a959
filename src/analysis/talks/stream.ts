// One direction of a TCP connection put in order (RFC 9293 §3.4): first copies are kept, holes are waited for and then told.

import type { ByteBudget } from './side-buffer.ts';

/** Bytes that may wait behind a hole, and pieces they may come in. */
const heldLimit = 1 << 18;
const heldPieces = 256;
/** A first segment this far from where the handshake said: what was taken for the handshake was another connection's. */
const foreignBytes = 1 << 22;

export interface StreamTaker {
  /** In order, each byte once. Valid only inside the call. */
  stream(side: 0 | 1, bytes: Uint8Array, at: number, end: number): void;
  /** So many bytes never came, or came without having been captured. */
  streamGap(side: 0 | 1, missing: number): void;
  /** Another copy of bytes that are still held has other contents. */
  streamConflict(side: 0 | 1): void;
}

/** Servers behind some balancers answer a SYN several times, each time with another sequence number. */
function isForeign(seq: number, expected: number): boolean {
  const ahead = (seq - expected) | 0;
  return ahead > foreignBytes || ahead < -foreignBytes;
}

interface Piece {
  readonly seq: number;
  readonly bytes: Uint8Array;
  /** Bytes on the wire behind those that were captured. */
  readonly cut: number;
}

/** Sequence numbers are signed 32-bit integers; differences wrap (RFC 9293 §3.4). */
export class Stream {
  next = 0;
  isStarted = false;
  /** No payload has come yet. */
  #isFresh = true;
  /** Pieces behind a hole, in order of sequence, without overlap. */
  #held: Piece[] | null = null;
  #heldBytes = 0;
  readonly #side: 0 | 1;

  constructor(side: 0 | 1) {
    this.#side = side;
  }

  start(next: number): void {
    this.next = next | 0;
    this.isStarted = true;
  }

  get isWaiting(): boolean {
    return this.#held !== null;
  }

  /**
   * A segment's payload.
   * @param seq of its first byte
   * @param wireLen payload bytes as the headers say; more than `end - at` when the capture cut them
   */
  segment(
    seq: number,
    bytes: Uint8Array,
    at: number,
    end: number,
    wireLen: number,
    taker: StreamTaker,
    budget: ByteBudget,
  ): void {
    if (!this.isStarted || (this.#isFresh && isForeign(seq, this.next))) this.start(seq);
    this.#isFresh = false;
    const ahead = (seq - this.next) | 0;
    if (ahead > 0) {
      this.#hold(seq, bytes, at, end, wireLen, taker, budget);
      return;
    }
    const old = -ahead;
    if (old >= wireLen) return;
    this.#deliver(bytes, at + old, end, wireLen - old, taker);
    if (this.#held !== null) this.#release(taker, budget);
  }

  /** The other side has acknowledged bytes up to `ack`: what is still missing before them will not come. */
  acknowledged(ack: number, taker: StreamTaker, budget: ByteBudget): void {
    const held = this.#held;
    if (held === null || ((ack - held[0].seq) | 0) < 0) return;
    this.#skipTo(held[0].seq, taker);
    this.#release(taker, budget);
  }

  /** Nothing more comes: gives what is held, with its gaps. */
  end(taker: StreamTaker, budget: ByteBudget): void {
    while (this.#held !== null) {
      this.#skipTo(this.#held[0].seq, taker);
      this.#release(taker, budget);
    }
  }

  /** Forgets what is held. */
  drop(budget: ByteBudget): void {
    if (this.#heldBytes > 0) budget.give(this.#heldBytes);
    this.#held = null;
    this.#heldBytes = 0;
  }

  #deliver(bytes: Uint8Array, at: number, end: number, wireLen: number, taker: StreamTaker): void {
    this.next = (this.next + wireLen) | 0;
    if (end > at) taker.stream(this.#side, bytes, at, end);
    const cut = wireLen - Math.max(0, end - at);
    if (cut > 0) taker.streamGap(this.#side, cut);
  }

  #skipTo(seq: number, taker: StreamTaker): void {
    const missing = (seq - this.next) | 0;
    if (missing <= 0) return;
    this.next = seq;
    taker.streamGap(this.#side, missing);
  }

  /** Keeps copies of those parts of a segment that are not held yet. */
  #hold(
    seq: number,
    bytes: Uint8Array,
    at: number,
    end: number,
    wireLen: number,
    taker: StreamTaker,
    budget: ByteBudget,
  ): void {
    const held = this.#held ?? [];
    this.#held = held;
    let from = 0;
    for (let i = 0; from < wireLen; i++) {
      const piece = held[i];
      const start = (seq + from) | 0;
      // Up to where nothing is held: the next piece begins there, or the segment ends.
      const room = piece === undefined ? wireLen - from : Math.min(wireLen - from, (piece.seq - start) | 0);
      if (room > 0) {
        const a = Math.min(end, at + from);
        const b = Math.min(end, a + room);
        if (!budget.take(b - a)) break;
        held.splice(i, 0, { seq: start, bytes: bytes.slice(a, b), cut: room - (b - a) });
        this.#heldBytes += b - a;
        from += room;
        continue;
      }
      const size = piece.bytes.length + piece.cut;
      const past = (piece.seq + size - start) | 0;
      if (past <= 0) continue;
      if (differs(piece, start, bytes, at + from, Math.min(end, at + from + past))) taker.streamConflict(this.#side);
      from += past;
    }
    if (held.length === 0) this.#held = null;
    else if (this.#heldBytes > heldLimit || held.length > heldPieces) {
      this.#skipTo(held[0].seq, taker);
      this.#release(taker, budget);
    }
  }

  /** Delivers what is held as far as it follows without a hole. */
  #release(taker: StreamTaker, budget: ByteBudget): void {
    while (this.#held !== null) {
      const piece = this.#held[0];
      const old = (this.next - piece.seq) | 0;
      if (old < 0) return;
      this.#held.shift();
      if (this.#held.length === 0) this.#held = null;
      this.#heldBytes -= piece.bytes.length;
      budget.give(piece.bytes.length);
      const size = piece.bytes.length + piece.cut;
      if (old < size)
        this.#deliver(piece.bytes, Math.min(old, piece.bytes.length), piece.bytes.length, size - old, taker);
    }
  }
}

/** Whether the bytes from `start` on are others than those of the piece there. */
function differs(piece: Piece, start: number, bytes: Uint8Array, at: number, end: number): boolean {
  const skip = (start - piece.seq) | 0;
  const count = Math.min(end - at, piece.bytes.length - skip);
  for (let i = 0; i < count; i++) if (bytes[at + i] !== piece.bytes[skip + i]) return true;
  return false;
}
