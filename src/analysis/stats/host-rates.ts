// Who receives and who sends much in the second under way: the hosts with most packets, by kind of packet.
//
// Two small tables, one for receivers and one for senders, two rows a bucket, that stay in the processor's cache. A host
// that sends much keeps its row; one that is seen rarely gives way (as in HeavyKeeper, Yang et al. 2018), so that a flood
// of forged addresses cannot push out the one that matters: its victim. Counts of a host that stays are exact.

import { ipProto, type Packet, type RateSignal, tcpFlag } from '../../core/index.ts';

const buckets = 2048;
const ways = 2;
/** 64 bytes: a row is one cache line. */
const stride = 16;
const doublesPerRow = 4;
const BYTES = 0;
const FIRST_PACKET = 1;
const FIRST_US = 2;
const LAST_US = 3;
const VERSION = 0;
const ADDRESS = 1;
const CREDIT = 5;
const PACKETS = 6;
const TCP = 7;
const UDP = 8;
const ICMP = 9;
const FRAGMENTS = 10;
const SYNS = 11;
const BARE = 12;

const control = tcpFlag.syn | tcpFlag.ack;

class RateTable {
  readonly words = new Int32Array(buckets * ways * stride);
  readonly doubles = new Float64Array(buckets * ways * doublesPerRow);
  /** First words of the rows in use, in the order they were begun. */
  readonly #touched = new Int32Array(buckets * ways);
  #count = 0;
  readonly #isTo: boolean;

  constructor(isTo: boolean) {
    this.#isTo = isTo;
  }

  /** Adds a packet under one of its addresses. */
  see(p: Packet, a0: number, a1: number, a2: number, a3: number): void {
    let hash = Math.imul(a0 ^ (a1 << 7) ^ a2 ^ (a3 >>> 3), 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ a3, 0x85ebca6b);
    const first = ((hash ^ (hash >>> 14)) & (buckets - 1)) * ways;
    const w = this.words;
    let at = first * stride;
    if (!this.#isOf(at, p.ipVersion, a0, a1, a2, a3)) {
      at += stride;
      if (!this.#isOf(at, p.ipVersion, a0, a1, a2, a3)) {
        at = this.#room(first, p.ipVersion);
        if (at < 0) return;
        this.#begin(at, p, a0, a1, a2, a3);
      }
    }
    w[at + CREDIT]++;
    w[at + PACKETS]++;
    const d = (at >>> 4) * doublesPerRow;
    this.doubles[d + BYTES] += p.wireLen;
    this.doubles[d + LAST_US] = p.timeUs;
    if (p.isFragment === 1) w[at + FRAGMENTS]++;
    if (p.proto === ipProto.tcp) {
      w[at + TCP]++;
      if ((p.tcpFlags & control) === tcpFlag.syn) w[at + SYNS]++;
      else if (p.payloadLen === 0 && (p.tcpFlags & tcpFlag.syn) === 0 && p.l4Ok === 1) w[at + BARE]++;
    } else if (p.proto === ipProto.udp) w[at + UDP]++;
    else if (p.proto === ipProto.icmp || p.proto === ipProto.icmpv6) w[at + ICMP]++;
  }

  #isOf(at: number, version: number, a0: number, a1: number, a2: number, a3: number): boolean {
    const w = this.words;
    return (
      w[at + ADDRESS] === a0 &&
      w[at + ADDRESS + 3] === a3 &&
      w[at + ADDRESS + 1] === a1 &&
      w[at + ADDRESS + 2] === a2 &&
      w[at + VERSION] === version
    );
  }

  /** A row for a newcomer: a free one, or the lesser of two once it has lost its credit to those who knocked; else -1. */
  #room(first: number, version: number): number {
    const w = this.words;
    let at = first * stride;
    if (w[at + VERSION] !== 0) {
      const other = at + stride;
      if (w[other + VERSION] === 0 || w[other + CREDIT] < w[at + CREDIT]) at = other;
      if (w[at + VERSION] !== 0) return --w[at + CREDIT] > 0 ? -1 : at;
    }
    w[at + VERSION] = version;
    this.#touched[this.#count++] = at;
    return at;
  }

  #begin(at: number, p: Packet, a0: number, a1: number, a2: number, a3: number): void {
    const w = this.words;
    w[at + VERSION] = p.ipVersion;
    w[at + ADDRESS] = a0;
    w[at + ADDRESS + 1] = a1;
    w[at + ADDRESS + 2] = a2;
    w[at + ADDRESS + 3] = a3;
    // One by one: `fill` costs more than the row is worth when every packet has a new address.
    w[at + CREDIT] = 0;
    w[at + PACKETS] = 0;
    w[at + TCP] = 0;
    w[at + UDP] = 0;
    w[at + ICMP] = 0;
    w[at + FRAGMENTS] = 0;
    w[at + SYNS] = 0;
    w[at + BARE] = 0;
    const d = (at >>> 4) * doublesPerRow;
    this.doubles[d + BYTES] = 0;
    this.doubles[d + FIRST_PACKET] = p.number;
    this.doubles[d + FIRST_US] = p.timeUs;
  }

  /** Tells every host with at least `least` packets, in the order they came, and begins anew. */
  turn(signal: RateSignal, least: number, tell: (signal: RateSignal) => void): void {
    const w = this.words;
    for (let i = 0; i < this.#count; i++) {
      const at = this.#touched[i];
      if (w[at + PACKETS] >= least) {
        signal.isTo = this.#isTo;
        signal.ipVersion = w[at + VERSION];
        signal.w0 = w[at + ADDRESS];
        signal.w1 = w[at + ADDRESS + 1];
        signal.w2 = w[at + ADDRESS + 2];
        signal.w3 = w[at + ADDRESS + 3];
        signal.packets = w[at + PACKETS];
        const d = (at >>> 4) * doublesPerRow;
        signal.bytes = this.doubles[d + BYTES];
        signal.firstPacket = this.doubles[d + FIRST_PACKET];
        signal.firstUs = this.doubles[d + FIRST_US];
        signal.lastUs = this.doubles[d + LAST_US];
        signal.tcp = w[at + TCP];
        signal.udp = w[at + UDP];
        signal.icmp = w[at + ICMP];
        signal.fragments = w[at + FRAGMENTS];
        signal.syns = w[at + SYNS];
        signal.bare = w[at + BARE];
        tell(signal);
      }
      w[at + VERSION] = 0;
    }
    this.#count = 0;
  }
}

export class HostRates {
  readonly #to = new RateTable(true);
  readonly #from = new RateTable(false);

  /** Counts the outermost level of a packet. */
  see(p: Packet): void {
    this.#to.see(p, p.dst0, p.dst1, p.dst2, p.dst3);
    this.#from.see(p, p.src0, p.src1, p.src2, p.src3);
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
