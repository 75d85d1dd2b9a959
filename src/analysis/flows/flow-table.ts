// The table of conversations: open addressing over rows in typed arrays, with a fixed bound.
//
//   index  [tag|row] [0] [tag|row] …      2^n slots, at most half full, linear probing, backward-shift deletion (Knuth 6.4, algorithm R)
//               └────────────┐
//   rows   [ 96 words ] [ 96 words ] …    see flow-row.ts
//
// A slot holds 11 bits of the hash and row + 1, so a probe reads a row only when it is nearly sure to be the right one.

import { type Packet, tcpFlag } from '../../core/index.ts';
import * as row from './flow-row.ts';

/** Rows at the most: 20 bits and the value 0 for an empty slot must fit beside the tag. */
export const maxFlowCapacity = 1 << 20;
const rowMask = 0x1fffff;

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
  readonly #seed: number;
  readonly #free: Int32Array;
  #freeCount = 0;
  #nextFresh = 0;
  used = 0;

  /** @param seed makes the placement unguessable for who wants to fill one corner of the index. */
  constructor(capacity: number, seed: number) {
    if (capacity < 16 || capacity > maxFlowCapacity) throw new RangeError(`flow capacity ${capacity}`);
    this.capacity = capacity;
    const memory = new ArrayBuffer(padWords * 4 + capacity * row.ROW_WORDS * 4);
    this.words = new Int32Array(memory, padWords * 4);
    this.doubles = new Float64Array(memory, padWords * 4);
    this.bytes = new Uint8Array(memory, padWords * 4);
    this.#slots = new Int32Array(firstSlots);
    this.#mask = firstSlots - 1;
    this.#seed = seed | 0;
    this.#free = new Int32Array(capacity);
  }

  /**
   * Finds the conversation of the level that `p` holds, or opens it.
   * @param low,high,ports,kind the ordered key (see flow-key.ts)
   * @returns the row.
   */
  find(low: number, high: number, ports: number, kind: number, p: Packet, dir: number, owner: FlowTableOwner): number {
    const isV6 = (kind & 0xf00) === 0x600;
    const h = hashKey(
      low,
      high,
      ports,
      kind,
      isV6 ? foldV6(p.src0 ^ p.dst0, p.src1 ^ p.dst1, p.src2 ^ p.dst2) : 0,
      this.#seed,
    );
    const slots = this.#slots;
    const mask = this.#mask;
    const w = this.words;
    const tag = h >>> 21;
    for (let at = h & mask; ; at = (at + 1) & mask) {
      const slot = slots[at];
      if (slot === 0) break;
      if (slot >>> 21 !== tag) continue;
      const o = ((slot & rowMask) - 1) * row.ROW_WORDS;
      if (
        w[o] === low &&
        w[o + row.W_HIGH] === high &&
        w[o + row.W_PORTS] === ports &&
        w[o + row.W_KIND] === kind &&
        (!isV6 || sameV6(w, o, p, dir))
      ) {
        return (slot & rowMask) - 1;
      }
    }
    return this.#open(low, high, ports, kind, h, p, dir, owner);
  }

  #open(
    low: number,
    high: number,
    ports: number,
    kind: number,
    h: number,
    p: Packet,
    dir: number,
    owner: FlowTableOwner,
  ): number {
    if (this.#freeCount === 0 && this.#nextFresh === this.capacity) owner.makeRoom();
    if (this.used * 2 >= this.#slots.length) this.#grow();
    const w = this.words;
    let r = this.#nextFresh;
    if (this.#freeCount > 0) {
      r = this.#free[--this.#freeCount];
      w.fill(0, r * row.ROW_WORDS, (r + 1) * row.ROW_WORDS);
    } else this.#nextFresh++;
    // The free slot is looked for now: making room moved others.
    let at = h & this.#mask;
    while (this.#slots[at] !== 0) at = (at + 1) & this.#mask;
    this.#slots[at] = ((h >>> 21) << 21) | (r + 1);
    this.used++;
    const o = r * row.ROW_WORDS;
    w[o] = low;
    w[o + row.W_HIGH] = high;
    w[o + row.W_PORTS] = ports;
    w[o + row.W_KIND] = kind;
    w[o + row.W_HASH] = h;
    if ((kind & 0xf00) === 0x600) keepV6(w, o, p, dir);
    owner.flowOpened(r, p);
    return r;
  }

  /** Doubles the index: a small one stays in the processor's cache as long as there are few flows. */
  #grow(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length - 1;
    for (let i = 0; i < old.length; i++) {
      const slot = old[i];
      if (slot === 0) continue;
      let at = this.words[((slot & rowMask) - 1) * row.ROW_WORDS + row.W_HASH] & mask;
      while (slots[at] !== 0) at = (at + 1) & mask;
      slots[at] = slot;
    }
    this.#slots = slots;
    this.#mask = mask;
  }

  /** The row that is probably that of a key: a guess from the index alone, -1 for none. See FlowWarmer. */
  guess(low: number, high: number, ports: number, kind: number, fold: number): number {
    return (this.#slots[hashKey(low, high, ports, kind, fold, this.#seed) & this.#mask] & rowMask) - 1;
  }

  /** Forgets a row: its slot is emptied, the ones behind it move up, the row can be used again. */
  free(r: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    const w = this.words;
    const h = w[r * row.ROW_WORDS + row.W_HASH];
    let hole = h & mask;
    while ((slots[hole] & rowMask) - 1 !== r) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; slots[at] !== 0; at = (at + 1) & mask) {
      const home = w[((slots[at] & rowMask) - 1) * row.ROW_WORDS + row.W_HASH] & mask;
      // An entry may move to the hole only when its home is not between the hole and where it stands.
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        slots[hole] = slots[at];
        hole = at;
      }
    }
    slots[hole] = 0;
    w[r * row.ROW_WORDS + row.W_STATE] = 0;
    this.#free[this.#freeCount++] = r;
    this.used--;
  }

  /** Highest row ever used + 1: rows beyond were never touched. */
  get highWater(): number {
    return this.#nextFresh;
  }
}

/** Hash of an ordered key; `fold` mixes in what IPv6 addresses have beyond their last words, the same both ways. */
function hashKey(low: number, high: number, ports: number, kind: number, fold: number, seed: number): number {
  let h = Math.imul(low ^ seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15) ^ high, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ ports ^ fold, 0xc2b2ae35);
  h ^= (h >>> 16) ^ Math.imul(kind, 0x9e3779b1);
  return h ^ (h >>> 15);
}

/** Whether a SYN begins a new conversation: its sequence number is another one, or the former one was closed. */
export function isReuse(w: Int32Array, o: number, p: Packet, dir: number): boolean {
  if ((p.tcpFlags & (tcpFlag.syn | tcpFlag.ack)) !== tcpFlag.syn) return false;
  const ever = w[o + row.W_EVER];
  if ((ever & (row.EVER_SYN << dir)) === 0) return false;
  return w[o + row.W_SYN_SEQ + dir] !== p.seq || (ever & row.EVER_FIN_OR_RST) !== 0;
}

/** Mixes the first three words of two IPv6 addresses, given xor-ed with each other, so that direction does not matter. */
export function foldV6(x0: number, x1: number, x2: number): number {
  return Math.imul(x0, 0x9e3779b1) ^ Math.imul(x1, 0x85ebca6b) ^ Math.imul(x2, 0xc2b2ae35);
}

function sameV6(w: Int32Array, o: number, p: Packet, dir: number): boolean {
  const s = o + (dir === 0 ? row.W_LOW_V6 : row.W_HIGH_V6);
  const d = o + (dir === 0 ? row.W_HIGH_V6 : row.W_LOW_V6);
  return (
    w[s] === p.src0 &&
    w[s + 1] === p.src1 &&
    w[s + 2] === p.src2 &&
    w[d] === p.dst0 &&
    w[d + 1] === p.dst1 &&
    w[d + 2] === p.dst2
  );
}

function keepV6(w: Int32Array, o: number, p: Packet, dir: number): void {
  const s = o + (dir === 0 ? row.W_LOW_V6 : row.W_HIGH_V6);
  const d = o + (dir === 0 ? row.W_HIGH_V6 : row.W_LOW_V6);
  w[s] = p.src0;
  w[s + 1] = p.src1;
  w[s + 2] = p.src2;
  w[d] = p.dst0;
  w[d + 1] = p.dst1;
  w[d + 2] = p.dst2;
}
