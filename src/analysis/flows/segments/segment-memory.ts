// The last payloads of TCP connections, within a fixed memory, to tell whether a repetition says the same (RFC 9293
// §3.10.7.4 lets either copy win, so two different ones are read differently by different hosts: Ptacek, Newsham 1998).

import { conflictSign, type Packet } from '../../../core/index.ts';

/** Bytes remembered of all connections together, segments, and chains they are found by. */
const ringBytes = 1 << 22;
const entryCount = 1 << 14;
const chainCount = 1 << 14;
/** Bytes of one segment, and segments looked through for one. */
const segmentBytes = 2048;
const lookMost = 64;

const KEY = 0;
const BIRTH = 1;
const SEQ = 2;
const LENGTH = 3;
/** Number of the entry before in the chain, plus one. */
const BEFORE = 4;
/** IP identification << 8 | TTL. */
const PACKET = 5;
const entryWords = 6;

const packetWord = (p: Packet): number => (p.fragId << 8) | p.ttl;

/** What `compare` found. */
export const copies = { none: 0, same: 1, different: 2 } as const;

/** @param changed bits that differ between the packet words */
function signOf(changed: number, isTwin: boolean): number {
  if ((changed & 255) !== 0) return conflictSign.otherTtl;
  return changed === 0 && isTwin ? conflictSign.samePacket : 0;
}

export class SegmentMemory {
  readonly #ring = new Uint8Array(ringBytes);
  readonly #entries = new Int32Array(entryCount * entryWords);
  /** Where the bytes of each entry begin, counted from the beginning of all. */
  readonly #starts = new Float64Array(entryCount);
  readonly #chains = new Int32Array(chainCount);
  #written = 0;
  #count = 0;
  /** Of the copy that differed last: bits of conflictSign. */
  sign = 0;

  /**
   * Remembers a segment's payload as far as it was captured.
   * @param key row and direction of the connection
   * @param birth tells it from others that were on the same row
   */
  keep(key: number, birth: number, p: Packet): void {
    const length = Math.min(p.payloadEnd - p.payloadAt, p.payloadLen, segmentBytes);
    if (length <= 0) return;
    // A segment lies in one piece: what does not fit behind the last one begins at the front.
    const room = ringBytes - (this.#written % ringBytes);
    if (room < length) this.#written += room;
    const at = this.#written % ringBytes;
    this.#put(p, at, length);
    const n = this.#count++ % entryCount;
    const o = n * entryWords;
    const e = this.#entries;
    const chain = key & (chainCount - 1);
    e[o + KEY] = key;
    e[o + BIRTH] = birth;
    e[o + SEQ] = p.seq;
    e[o + LENGTH] = length;
    e[o + PACKET] = packetWord(p);
    e[o + BEFORE] = this.#chains[chain];
    this.#chains[chain] = this.#count;
    this.#starts[n] = this.#written;
    this.#written += length;
  }

  #put(p: Packet, at: number, length: number): void {
    const from = p.payloadAt;
    if (length > 64) {
      this.#ring.set(p.bytes.subarray(from, from + length), at);
      return;
    }
    for (let i = 0; i < length; i++) this.#ring[at + i] = p.bytes[from + i];
  }

  /** Compares a segment with what is remembered of the same bytes. */
  compare(key: number, birth: number, p: Packet): number {
    const e = this.#entries;
    let found: number = copies.none;
    let number = this.#chains[key & (chainCount - 1)];
    for (let i = 0; i < lookMost && this.#isHere(number); i++) {
      const n = (number - 1) % entryCount;
      const o = n * entryWords;
      number = e[o + BEFORE];
      if (e[o + KEY] !== key || e[o + BIRTH] !== (birth | 0)) continue;
      const told = this.#compareWith(e[o + SEQ], e[o + LENGTH], this.#starts[n] % ringBytes, p);
      if (told === copies.different) {
        const isTwin = e[o + SEQ] === (p.seq | 0) && e[o + LENGTH] === p.payloadLen;
        this.sign = signOf(e[o + PACKET] ^ packetWord(p), isTwin);
        return told;
      }
      if (told === copies.same) found = told;
    }
    return found;
  }

  /** Whether an entry is still what it was when its number was given, and its bytes, too. */
  #isHere(number: number): boolean {
    if (number === 0 || this.#count - number >= entryCount) return false;
    return this.#written - this.#starts[(number - 1) % entryCount] <= ringBytes;
  }

  #compareWith(seq: number, length: number, at: number, p: Packet): number {
    const ahead = (p.seq - seq) | 0;
    const have = Math.min(p.payloadEnd - p.payloadAt, p.payloadLen);
    const from = Math.max(0, ahead);
    const to = Math.min(length, ahead + have);
    if (from >= to) return copies.none;
    const b = p.bytes;
    const there = p.payloadAt - ahead;
    for (let i = from; i < to; i++) if (this.#ring[at + i] !== b[there + i]) return copies.different;
    return copies.same;
  }
}
