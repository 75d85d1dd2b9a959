// Who talks: packets and bytes per address, in a table of fixed size.
//
// A row is found once per flow and then used by number, so a packet costs one cache line. Rows that no flow uses give
// way when the table is full, the quietest of a few first; what they counted is added to `others`. Such rows wait in a
// queue, so that finding one costs the same however many are in use: a flood of forged sources asks for each packet.

import { formatAddress, type TalkerRow } from '../../core/index.ts';

const rowWords = 32;
const rowDoubles = 16;
// line 0: what every packet touches
const W_ADDRESS = 0;
/** Flows that use the row, and whether it stands in the queue of those that may give way. */
const W_REFS = 4;
const queued = 1 << 30;
const W_VERSION = 5;
const D_PACKETS = 3;
const D_BYTES = 4;
/** Packets at which the next alert is due. */
const D_ALERT_AT = 5;
const D_FIRST_PACKET = 6;
const D_FIRST_US = 7;
// line 1
const D_PACKETS_IN = 8;
const D_BYTES_IN = 9;
const W_HASH = 20;

/**
 * Slots of the index to begin with; doubled whenever half of them are in use. Two words each, row and hash: rows that
 * are only passed on the way are not touched.
 */
const firstSlots = 1 << 12;

/** Rows that are compared before one gives way; and packets so few that it need not be compared. */
const candidates = 8;
const quietPackets = 2;

/** Row 0 stands for every address that found no place. */
export const otherHosts = 0;

export class HostTable {
  readonly capacity: number;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  #slots: Int32Array;
  /** For word positions: even ones only. */
  #mask: number;
  #nextFresh = 1;
  /**
   * A ring of rows that no flow used when they came to it, the longest unused first; each row at most once. One that is
   * used again stays and is passed over when its turn comes.
   */
  readonly #queue: Int32Array;
  #queueFrom = 0;
  #queueLength = 0;
  used = 0;
  evicted = 0;
  /** Packets of a source at which the first alert is due; Infinity when never. */
  readonly #threshold: number;

  constructor(capacity: number, threshold: number) {
    this.capacity = capacity;
    const memory = new ArrayBuffer(capacity * rowWords * 4 + 64);
    // Rows begin on a cache line: large allocations begin 16 bytes after one.
    this.words = new Int32Array(memory, 48);
    this.doubles = new Float64Array(memory, 48);
    this.#slots = new Int32Array(2 * firstSlots);
    this.#mask = 2 * firstSlots - 2;
    this.#queue = new Int32Array(capacity);
    this.#threshold = threshold > 0 ? threshold + 1 : Number.POSITIVE_INFINITY;
    this.doubles[D_ALERT_AT] = Number.POSITIVE_INFINITY;
  }

  /** Gives the row of an address, making one; a flow that keeps it says so with `hold` and `letGo`. */
  find(version: number, a0: number, a1: number, a2: number, a3: number): number {
    let h = Math.imul(a0, 0x9e3779b1) ^ Math.imul(a3, 0x85ebca6b) ^ Math.imul(a1 ^ (a2 << 1), 0xc2b2ae35) ^ version;
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
    h ^= h >>> 13;
    const w = this.words;
    for (let at = (h << 1) & this.#mask; this.#slots[at] !== 0; at = (at + 2) & this.#mask) {
      if (this.#slots[at + 1] !== h) continue;
      const r = this.#slots[at];
      const o = r * rowWords;
      if (w[o] === a0 && w[o + 1] === a1 && w[o + 2] === a2 && w[o + 3] === a3 && w[o + W_VERSION] === version) {
        return r;
      }
    }
    if (this.used * 4 >= this.#slots.length) this.#grow();
    const r = this.#take();
    if (r === otherHosts) return r;
    const o = r * rowWords;
    const q = r * rowDoubles;
    w[o] = a0;
    w[o + 1] = a1;
    w[o + 2] = a2;
    w[o + 3] = a3;
    w[o + W_VERSION] = version;
    w[o + W_HASH] = h;
    this.doubles[q + D_ALERT_AT] = this.#threshold;
    this.#enqueue(r);
    putSlot(this.#slots, this.#mask, r, h);
    this.used++;
    return r;
  }

  /** Doubles the index: a small one stays in the processor's cache as long as there are few hosts. */
  #grow(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length - 2;
    for (let at = 0; at < old.length; at += 2) if (old[at] !== 0) putSlot(slots, mask, old[at], old[at + 1]);
    this.#slots = slots;
    this.#mask = mask;
  }

  #take(): number {
    if (this.#nextFresh < this.capacity) return this.#nextFresh++;
    return this.#makeRoom();
  }

  /** Frees the quietest of a few rows that no flow uses; row 0 when all of them are in use. */
  #makeRoom(): number {
    const best = this.#quietest();
    if (best === otherHosts) return otherHosts;
    const w = this.words;
    const d = this.doubles;
    this.evicted++;
    const q = best * rowDoubles;
    d[D_PACKETS] += d[q + D_PACKETS];
    d[D_BYTES] += d[q + D_BYTES];
    d[D_PACKETS_IN] += d[q + D_PACKETS_IN];
    d[D_BYTES_IN] += d[q + D_BYTES_IN];
    this.#unindex(best);
    w.fill(0, best * rowWords, (best + 1) * rowWords);
    this.used--;
    return best;
  }

  /** Takes the quietest of the first few out of the queue; the others go to its end. */
  #quietest(): number {
    const w = this.words;
    const d = this.doubles;
    let best = otherHosts;
    let fewest = Number.POSITIVE_INFINITY;
    for (let seen = 0; seen < candidates && this.#queueLength > 0; ) {
      const r = this.#dequeue();
      if (w[r * rowWords + W_REFS] !== 0) continue;
      seen++;
      const packets = d[r * rowDoubles + D_PACKETS] + d[r * rowDoubles + D_PACKETS_IN];
      if (packets < fewest) {
        if (best !== otherHosts) this.#enqueue(best);
        fewest = packets;
        best = r;
        if (packets <= quietPackets) break;
      } else this.#enqueue(r);
    }
    return best;
  }

  #enqueue(r: number): void {
    const at = this.#queueFrom + this.#queueLength++;
    this.#queue[at < this.capacity ? at : at - this.capacity] = r;
    this.words[r * rowWords + W_REFS] |= queued;
  }

  #dequeue(): number {
    const r = this.#queue[this.#queueFrom];
    this.#queueFrom = this.#queueFrom + 1 === this.capacity ? 0 : this.#queueFrom + 1;
    this.#queueLength--;
    this.words[r * rowWords + W_REFS] &= ~queued;
    return r;
  }

  #unindex(r: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    let hole = (this.words[r * rowWords + W_HASH] << 1) & mask;
    while (slots[hole] !== r) hole = (hole + 2) & mask;
    for (let at = (hole + 2) & mask; slots[at] !== 0; at = (at + 2) & mask) {
      const home = (slots[at + 1] << 1) & mask;
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        slots[hole] = slots[at];
        slots[hole + 1] = slots[at + 1];
        hole = at;
      }
    }
    slots[hole] = 0;
  }

  hold(r: number): void {
    this.words[r * rowWords + W_REFS]++;
  }

  letGo(r: number): void {
    if (--this.words[r * rowWords + W_REFS] === 0) this.#enqueue(r);
  }

  /**
   * Adds packets that the host sent.
   * @returns how many more may come until an alert is due, 65535 at the most: 0 or less when it is due now (see
   *   `alerted`). A small integer, so that no number is allocated for it.
   */
  told(r: number, packets: number): number {
    const q = r * rowDoubles;
    const d = this.doubles;
    const sum = d[q + D_PACKETS] + packets;
    d[q + D_PACKETS] = sum;
    return Math.min(d[q + D_ALERT_AT] - sum, 65535) | 0;
  }

  /** Adds what a flow that ended brought besides: bytes sent, and what the host received. */
  exchanged(r: number, bytesOut: number, packetsIn: number, bytesIn: number): void {
    const q = r * rowDoubles;
    const d = this.doubles;
    d[q + D_BYTES] += bytesOut;
    d[q + D_PACKETS_IN] += packetsIn;
    d[q + D_BYTES_IN] += bytesIn;
  }

  /** Remembers where a host was first seen. */
  begin(r: number, packet: number, timeUs: number): void {
    const q = r * rowDoubles;
    if (this.doubles[q + D_FIRST_PACKET] !== 0) return;
    this.doubles[q + D_FIRST_PACKET] = packet;
    this.doubles[q + D_FIRST_US] = timeUs;
  }

  /** Sets when the next alert of this host is due: at ten times what it has now. */
  alerted(r: number): void {
    const q = r * rowDoubles;
    this.doubles[q + D_ALERT_AT] = this.doubles[q + D_PACKETS] * 10;
  }

  /** Highest row ever used + 1: rows beyond were never touched. */
  get highWater(): number {
    return this.#nextFresh;
  }

  packets(r: number): number {
    return this.doubles[r * rowDoubles + D_PACKETS];
  }

  firstPacket(r: number): number {
    return this.doubles[r * rowDoubles + D_FIRST_PACKET];
  }

  firstUs(r: number): number {
    return this.doubles[r * rowDoubles + D_FIRST_US];
  }

  address(r: number): string {
    const w = this.words;
    const o = r * rowWords + W_ADDRESS;
    return formatAddress(w[r * rowWords + W_VERSION], w[o], w[o + 1], w[o + 2], w[o + 3]);
  }

  /** The hosts that sent most bytes, most first. `open` adds what flows that have not ended brought each row. */
  top(count: number, open: OpenTraffic): TalkerRow[] {
    const d = this.doubles;
    const best: number[] = [];
    const sent = (r: number): number => d[r * rowDoubles + D_BYTES] + open[r * openWidth + openField.bytesOut];
    let least = 0;
    for (let r = 1; r < this.#nextFresh; r++) {
      const bytes = sent(r);
      if (bytes === 0 || (best.length === count && bytes <= least)) continue;
      let at = best.length;
      while (at > 0 && sent(best[at - 1]) < bytes) at--;
      best.splice(at, 0, r);
      if (best.length > count) best.pop();
      least = sent(best[best.length - 1]);
    }
    return best.map((r) => {
      const q = r * rowDoubles;
      const at = r * openWidth;
      return {
        ip: this.address(r),
        packets: d[q + D_PACKETS] + open[at + openField.packetsOut],
        bytes: sent(r),
        packetsReceived: d[q + D_PACKETS_IN] + open[at + openField.packetsIn],
        bytesReceived: d[q + D_BYTES_IN] + open[at + openField.bytesIn],
      };
    });
  }
}

/** Puts a row into the next free slot of an index. */
function putSlot(slots: Int32Array, mask: number, r: number, hash: number): void {
  let at = (hash << 1) & mask;
  while (slots[at] !== 0) at = (at + 2) & mask;
  slots[at] = r;
  slots[at + 1] = hash;
}

/** What flows that have not ended bring each host: `openWidth` numbers a row of the host table. */
export type OpenTraffic = Float64Array;
export const openWidth = 4;
/** Packets sent are those that the host was not yet told of. */
export const openField = { packetsOut: 0, bytesOut: 1, packetsIn: 2, bytesIn: 3 } as const;
