// Who receives and who sends much in the second under way: the hosts with most packets, by kind of packet.
//
// Two small tables, one for receivers and one for senders, two rows a bucket, that stay in the processor's cache. A host
// that sends much keeps its row; one that is seen rarely gives way (as in HeavyKeeper, Yang et al. 2018), so that a flood
// of forged addresses cannot push out the one that matters: its victim. Counts of a host that stays are exact.

import type { Packet, RateSignal } from '../../core/index.ts';
import * as row from './host-rate-row.ts';

/** The word that counts packets like this one. */
function kindOf(p: Packet): number {
  if (p.proto === row.tcp) {
    if ((p.tcpFlags & row.synAndAck) === row.syn) return row.kindSyn;
    return p.payloadLen === 0 && (p.tcpFlags & row.syn) === 0 && p.l4Ok === 1 ? row.kindBare : row.kindTcp;
  }
  if (p.proto === row.udp) return row.kindUdp;
  return p.proto === row.icmp || p.proto === row.icmpv6 ? row.kindIcmp : row.kindOther;
}

class RateTable {
  readonly words = new Int32Array(row.buckets * row.ways * row.stride);
  readonly doubles = new Float64Array(row.buckets * row.ways * row.doublesPerRow);
  /** First words of the rows in use, in the order they were begun. */
  readonly #touched = new Int32Array(row.buckets * row.ways);
  #count = 0;
  /** By bucket, whose packet found no room last. */
  readonly #asked = new Int32Array(row.buckets);
  /** The row that was used last: packets come in bursts. */
  #last = 0;
  readonly #isTo: boolean;

  constructor(isTo: boolean) {
    this.#isTo = isTo;
  }

  /** Adds a packet of a kind under one of its addresses. */
  see(p: Packet, kind: number, a0: number, a1: number, a2: number, a3: number): void {
    const w = this.words;
    const version = p.ipVersion;
    let at = this.#last;
    if (!this.#isOf(at, version, a0, a1, a2, a3)) {
      const first = Math.imul(a0 ^ a1 ^ Math.imul(a2 ^ a3, 0x85ebca6b), 0x9e3779b1) >>> row.bucketShift;
      at = first * row.ways * row.stride;
      if (!this.#isOf(at, version, a0, a1, a2, a3) && !this.#isOf(at + row.stride, version, a0, a1, a2, a3)) {
        at = this.#room(at, a0 ^ a3);
        if (at < 0) return;
        this.#begin(at, p, a0, a1, a2, a3);
      } else if (!this.#isOf(at, version, a0, a1, a2, a3)) at += row.stride;
      this.#last = at;
    }
    w[at + row.PACKETS]++;
    w[at + kind]++;
    if (p.isFragment === 1) w[at + row.FRAGMENTS]++;
    const d = (at >>> 4) * row.doublesPerRow;
    this.doubles[d + row.BYTES] += p.wireLen;
    this.doubles[d + row.LAST_US] = p.timeUs;
  }

  #isOf(at: number, version: number, a0: number, a1: number, a2: number, a3: number): boolean {
    const w = this.words;
    // One branch instead of five.
    return (
      ((w[at] ^ a0) | (w[at + 1] ^ a1) | (w[at + 2] ^ a2) | (w[at + 3] ^ a3) | (w[at + row.VERSION] ^ version)) === 0
    );
  }

  /**
   * A row for a newcomer: a free one, or the lesser of two once it was asked for as often as it was used; else -1. Who
   * comes only once in between others is not heard: forged sources.
   */
  #room(first: number, who: number): number {
    const w = this.words;
    if (w[first + row.VERSION] === 0) return this.#touch(first);
    const other = first + row.stride;
    if (w[other + row.VERSION] === 0) return this.#touch(other);
    const bucket = first >>> row.bucketAt;
    if (this.#asked[bucket] !== who) {
      this.#asked[bucket] = who;
      return -1;
    }
    const mine = w[first + row.PACKETS] - w[first + row.KNOCKS];
    const theirs = w[other + row.PACKETS] - w[other + row.KNOCKS];
    const at = theirs < mine ? other : first;
    w[at + row.KNOCKS]++;
    return Math.min(mine, theirs) > 1 ? -1 : at;
  }

  #touch(at: number): number {
    this.#touched[this.#count++] = at;
    return at;
  }

  #begin(at: number, p: Packet, a0: number, a1: number, a2: number, a3: number): void {
    const w = this.words;
    w[at + row.ADDRESS] = a0;
    w[at + row.ADDRESS + 1] = a1;
    w[at + row.ADDRESS + 2] = a2;
    w[at + row.ADDRESS + 3] = a3;
    w[at + row.VERSION] = p.ipVersion;
    // One by one: `fill` costs more than the row is worth when every packet has a new address.
    for (let i = at + row.PACKETS; i <= at + row.kindIcmp; i++) w[i] = 0;
    const d = (at >>> 4) * row.doublesPerRow;
    this.doubles[d + row.BYTES] = 0;
    this.doubles[d + row.FIRST_PACKET] = p.number;
    this.doubles[d + row.FIRST_US] = p.timeUs;
  }

  /** Tells every host with at least `least` packets, in the order they came, and begins anew. */
  turn(signal: RateSignal, least: number, tell: (signal: RateSignal) => void): void {
    const w = this.words;
    for (let i = 0; i < this.#count; i++) {
      const at = this.#touched[i];
      if (w[at + row.PACKETS] >= least) {
        signal.isTo = this.#isTo;
        signal.ipVersion = w[at + row.VERSION];
        signal.w0 = w[at + row.ADDRESS];
        signal.w1 = w[at + row.ADDRESS + 1];
        signal.w2 = w[at + row.ADDRESS + 2];
        signal.w3 = w[at + row.ADDRESS + 3];
        signal.packets = w[at + row.PACKETS];
        const d = (at >>> 4) * row.doublesPerRow;
        signal.bytes = this.doubles[d + row.BYTES];
        signal.firstPacket = this.doubles[d + row.FIRST_PACKET];
        signal.firstUs = this.doubles[d + row.FIRST_US];
        signal.lastUs = this.doubles[d + row.LAST_US];
        signal.tcp = w[at + row.kindTcp] + w[at + row.kindSyn] + w[at + row.kindBare];
        signal.udp = w[at + row.kindUdp];
        signal.icmp = w[at + row.kindIcmp];
        signal.fragments = w[at + row.FRAGMENTS];
        signal.syns = w[at + row.kindSyn];
        signal.bare = w[at + row.kindBare];
        tell(signal);
      }
      w[at + row.VERSION] = 0;
    }
    this.#count = 0;
  }
}

export class HostRates {
  readonly #to = new RateTable(true);
  readonly #from = new RateTable(false);

  /** Counts the outermost level of a packet. */
  see(p: Packet): void {
    const kind = kindOf(p);
    this.#to.see(p, kind, p.dst0, p.dst1, p.dst2, p.dst3);
    this.#from.see(p, kind, p.src0, p.src1, p.src2, p.src3);
  }

  /**
   * Ends a second.
   * @param signal filled and told for each host, receivers first; `sec` and `packet` are set by the caller
   * @param least packets below which a host is not told
   */
  turn(signal: RateSignal, least: number, tell: (signal: RateSignal) => void): void {
    this.#to.turn(signal, least, tell);
    this.#from.turn(signal, least, tell);
  }
}
