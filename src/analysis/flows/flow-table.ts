// The table of conversations: open addressing over rows in typed arrays, with a fixed bound.
//
//   index  [hash row] [0 0] [hash row] …   2^n pairs, at most half full, linear probing, backward-shift deletion
//                 └──────────┐             (Knuth 6.4, algorithm R); row + 1, 0 for none
//   rows   [ 96 words ] [ 96 words ] …     see flow-row.ts
//
// The whole hash stands in the index, so a row is read only when it is nearly sure to be the right one, and neither
// growing nor forgetting reads rows.

import { type Packet, tcpFlag } from '../../core/index.ts';
import * as row from './flow-row.ts';

/** Rows at the most: word offsets of rows stay small integers. */
export const maxFlowCapacity = 1 << 20;

/** What the table tells its owner; all calls come from inside `see`, one at a time. */
export interface FlowTableOwner {
  /** A row begins a conversation: key and first packet's times are set. */
  flowOpened(row: number, packet: Packet): void;
  /** No row is free: end or forget one (see `free`). */
  makeRoom(): void;
  /** A packet came for a row that is only remembered. */
  flowResumed(row: number, packet: Packet): void;
  /** A SYN shows that a new conversation begins on the same addresses and ports. */
  flowReused(row: number, packet: Packet): void;
}

/** Slots to begin with; doubled whenever half of them are in use. */
const firstSlots = 1 << 14;
/** First word of rows, so that lines 0 and 1 are one aligned pair: large allocations begin 16 bytes after a page. */
const padWords = 28;

/** Memory and index of the rows; what a packet means for a conversation is in flow-tracker.ts. */
export class FlowTable {
  readonly capacity: number;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly bytes: Uint8Array;
  #slots: Int32Array;
  #mask: number;
  readonly #free: Int32Array;
  #freeCount = 0;
  #nextFresh = 0;
  used = 0;

  constructor(capacity: number) {
    if (capacity < 16 || capacity > maxFlowCapacity) throw new RangeError(`flow capacity ${capacity}`);
    this.capacity = capacity;
    const memory = new ArrayBuffer(padWords * 4 + capacity * row.ROW_WORDS * 4);
    this.words = new Int32Array(memory, padWords * 4);
    this.doubles = new Float64Array(memory, padWords * 4);
    this.bytes = new Uint8Array(memory, padWords * 4);
    this.#slots = new Int32Array(firstSlots * 2);
    this.#mask = firstSlots - 1;
    this.#free = new Int32Array(capacity);
  }

  /** The row of the conversation that the key of `p` names (see orderKey); opened when there is none. */
  find(p: Packet, owner: FlowTableOwner): number {
    const slots = this.#slots;
    const mask = this.#mask;
    const w = this.words;
    const h = p.keyHash;
    for (let at = h & mask; ; at = (at + 1) & mask) {
      const entry = slots[2 * at + 1];
      if (entry === 0) break;
      if (slots[2 * at] !== h) continue;
      const o = (entry - 1) * row.ROW_WORDS;
      if (
        w[o] === p.keyLow &&
        w[o + row.W_HIGH] === p.keyHigh &&
        w[o + row.W_PORTS] === p.keyPorts &&
        w[o + row.W_KIND] === p.keyKind &&
        (p.ipVersion === 4 || sameV6(w, o, p))
      ) {
        return entry - 1;
      }
    }
    return this.#open(p, owner);
  }

  #open(p: Packet, owner: FlowTableOwner): number {
    const h = p.keyHash;
    if (this.#freeCount === 0 && this.#nextFresh === this.capacity) owner.makeRoom();
    if (this.used * 4 >= this.#slots.length) this.#grow();
    const w = this.words;
    let r = this.#nextFresh;
    if (this.#freeCount > 0) {
      r = this.#free[--this.#freeCount];
      w.fill(0, r * row.ROW_WORDS, (r + 1) * row.ROW_WORDS);
    } else this.#nextFresh++;
    // The free slot is looked for now: making room moved others.
    let at = h & this.#mask;
    while (this.#slots[2 * at + 1] !== 0) at = (at + 1) & this.#mask;
    this.#slots[2 * at] = h;
    this.#slots[2 * at + 1] = r + 1;
    this.used++;
    const o = r * row.ROW_WORDS;
    w[o] = p.keyLow;
    w[o + row.W_HIGH] = p.keyHigh;
    w[o + row.W_PORTS] = p.keyPorts;
    w[o + row.W_KIND] = p.keyKind;
    w[o + row.W_HASH] = h;
    if (p.ipVersion === 6) keepV6(w, o, p);
    owner.flowOpened(r, p);
    return r;
  }

  /** Doubles the index: a small one stays in the processor's cache as long as there are few flows. */
  #grow(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    const mask = old.length - 1;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === 0) continue;
      let at = old[i] & mask;
      while (slots[2 * at + 1] !== 0) at = (at + 1) & mask;
      slots[2 * at] = old[i];
      slots[2 * at + 1] = old[i + 1];
    }
    this.#slots = slots;
    this.#mask = mask;
  }

  /** The row that is probably that of a key: read from the index alone, -1 for none. */
  guess(p: Packet): number {
    return this.#slots[2 * (p.keyHash & this.#mask) + 1] - 1;
  }

  /** Forgets a row: its slot is emptied, the ones behind it move up, the row can be used again. */
  free(r: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    const w = this.words;
    let hole = w[r * row.ROW_WORDS + row.W_HASH] & mask;
    while (slots[2 * hole + 1] !== r + 1) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; slots[2 * at + 1] !== 0; at = (at + 1) & mask) {
      const home = slots[2 * at] & mask;
      // An entry may move to the hole only when its home is not between the hole and where it stands.
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        slots[2 * hole] = slots[2 * at];
        slots[2 * hole + 1] = slots[2 * at + 1];
        hole = at;
      }
    }
    slots[2 * hole + 1] = 0;
    w[r * row.ROW_WORDS + row.W_STATE] = 0;
    this.#free[this.#freeCount++] = r;
    this.used--;
  }

  /** Highest row ever used + 1: rows beyond were never touched. */
  get highWater(): number {
    return this.#nextFresh;
  }
}

/**
 * Whether a SYN begins a new conversation: the initial sequence number is another one than that of its direction so far.
 * With the same number it is the same attempt, sent again, also after a RST: a host that tries anew draws a new number
 * (RFC 9293 §3.4.1).
 */
export function isReuse(w: Int32Array, o: number, p: Packet, dir: number): boolean {
  if ((p.tcpFlags & (tcpFlag.syn | tcpFlag.ack)) !== tcpFlag.syn) return false;
  if ((w[o + row.W_EVER] & (row.EVER_BASE << dir)) === 0) return false;
  return w[o + row.W_BASE_SEQ + dir] !== p.seq;
}

function sameV6(w: Int32Array, o: number, p: Packet): boolean {
  const s = o + (p.keyDir === 0 ? row.W_LOW_V6 : row.W_HIGH_V6);
  const d = o + (p.keyDir === 0 ? row.W_HIGH_V6 : row.W_LOW_V6);
  return (
    w[s] === p.src0 &&
    w[s + 1] === p.src1 &&
    w[s + 2] === p.src2 &&
    w[d] === p.dst0 &&
    w[d + 1] === p.dst1 &&
    w[d + 2] === p.dst2
  );
}

function keepV6(w: Int32Array, o: number, p: Packet): void {
  const s = o + (p.keyDir === 0 ? row.W_LOW_V6 : row.W_HIGH_V6);
  const d = o + (p.keyDir === 0 ? row.W_HIGH_V6 : row.W_LOW_V6);
  w[s] = p.src0;
  w[s + 1] = p.src1;
  w[s + 2] = p.src2;
  w[d] = p.dst0;
  w[d + 1] = p.dst1;
  w[d + 2] = p.dst2;
}
