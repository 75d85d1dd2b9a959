// IP fragments put together again (RFC 791 §3.2, RFC 8200 §4.5), within a fixed memory, first copy kept.
//
//   entry   addresses, id, protocol │ ports once known │ what is covered, 1 bit for 8 bytes │ header + data
//
// Fragments that come before the first one of their datagram are counted as pending; they join the flow when it is known.

import { Packet } from '../../core/index.ts';

/** Datagrams under way, bytes held for them, and seconds of packet time until one is given up (RFC 791 says 15 to 120). */
export const entryLimit = 4096;
const memoryLimit = 32 << 20;
const timeoutUs = 60e6;
const slotCount = 16384;
const maxDatagram = 65535;

/** One datagram under way. Objects are made once and reused. */
export class FragmentEntry {
  /** Its place among all entries, from 1. */
  index = 0;
  hash = 0;
  ipVersion = 0;
  proto = 0;
  id = 0;
  readonly address = new Int32Array(8);
  startUs = 0;
  /** Transport known: 0 not yet, 1 yes. */
  known = 0;
  srcPort = 0;
  dstPort = 0;
  icmpType = 0;
  icmpCode = 0;
  /** Fragments counted before the transport was known. */
  pendingPackets = 0;
  pendingBytes = 0;
  pendingIpBytes = 0;
  /** Data bytes in all, -1 until the last fragment came. */
  total = -1;
  covered = 0;
  /** Highest end of what came so far. */
  reach = 0;
  headerLen = 0;
  /** IP header of the first fragment (60 bytes of room), then data; null while memory is short or nothing came. */
  data: Uint8Array | null = null;
  readonly cover = new Int32Array(256);
}

const headerRoom = 64;

/**
 * What a fragment contradicts, as bits: bytes that came before with other contents, only in part bytes that came before
 * (what RFC 5722 forbids; whole ones are mere repetitions), an end of the datagram other than the one known.
 */
export const fragmentOdd = { conflict: 1, overlap: 2, end: 4 } as const;

/** What `see` found. */
export const fragmentFate = { waiting: 0, known: 1, complete: 2 } as const;

export class FragmentTable {
  readonly #entries: FragmentEntry[] = [];
  readonly #free: FragmentEntry[] = [];
  /** Order of arrival, for giving up the oldest. */
  readonly #order = new Map<FragmentEntry, true>();
  readonly #slots = new Int32Array(slotCount);
  readonly #pools: Uint8Array[][] = [[], [], []];
  #held = 0;
  /** Called for an entry that is given up with fragments whose flow never became known. */
  readonly #abandoned: (entry: FragmentEntry) => void;
  /** Entry of the last `see`. */
  entry: FragmentEntry = new FragmentEntry();
  /** The datagram, after fate `complete`: bytes, at, end set; decode with decodeIp. */
  readonly whole = new Packet();
  /** What the fragment of the last `see` contradicts: bits of fragmentOdd. */
  odd = 0;
  /** Hears of a datagram that did not become whole in time. */
  timedOut: ((entry: FragmentEntry) => void) | null = null;
  overlaps = 0;
  timeouts = 0;
  tooLong = 0;

  constructor(abandoned: (entry: FragmentEntry) => void) {
    this.#abandoned = abandoned;
  }

  get count(): number {
    return this.#order.size;
  }

  get heldBytes(): number {
    return this.#held;
  }

  /**
   * Takes a fragment (p.isFragment is 1). When the datagram's transport is known, its ports are set on `p` with
   * l4Ok = 2. `dataAt` is where its data begins in p.bytes, -1 when that cannot be told. With `complete`, `whole` holds the datagram until the next call, and `entry` is already released.
   */
  see(p: Packet, dataAt: number): number {
    this.odd = 0;
    this.expire(p.timeUs);
    const entry = this.#find(p);
    this.entry = entry;
    if (p.fragOffset === 0 && p.l4Ok !== 0 && entry.known === 0) {
      entry.known = 1;
      entry.srcPort = p.srcPort;
      entry.dstPort = p.dstPort;
      entry.icmpType = p.icmpType;
      entry.icmpCode = p.icmpCode;
      entry.proto = p.proto;
    }
    const isWhole = this.#store(entry, p, dataAt);
    if (entry.known === 1) this.#label(entry, p);
    else if (!isWhole) {
      entry.pendingPackets++;
      entry.pendingBytes += p.wireLen;
      entry.pendingIpBytes += p.ipLen;
    }
    if (isWhole) {
      this.#build(entry, p);
      this.#release(entry);
      return fragmentFate.complete;
    }
    return entry.known === 1 ? fragmentFate.known : fragmentFate.waiting;
  }

  #label(entry: FragmentEntry, p: Packet): void {
    p.proto = entry.proto;
    p.srcPort = entry.srcPort;
    p.dstPort = entry.dstPort;
    p.icmpType = entry.icmpType;
    p.icmpCode = entry.icmpCode;
    p.l4Ok = 2;
    if (p.fragOffset !== 0) p.payloadLen = 0;
  }

  #find(p: Packet): FragmentEntry {
    // IPv4 tells datagrams apart by protocol too; IPv6 does not (RFC 8200 §4.5).
    const proto = p.ipVersion === 4 ? p.proto : 0;
    let h = Math.imul(p.src0 ^ p.src3, 0x9e3779b1) ^ Math.imul(p.dst0 ^ p.dst3, 0x85ebca6b);
    h = Math.imul(h ^ p.fragId, 0xc2b2ae35) ^ Math.imul(p.src1 ^ p.src2 ^ p.dst1 ^ p.dst2, 0x27d4eb2f) ^ proto;
    h ^= h >>> 15;
    let at = h & (slotCount - 1);
    for (; this.#slots[at] !== 0; at = (at + 1) & (slotCount - 1)) {
      const entry = this.#entries[this.#slots[at] - 1];
      if (entry.hash === h && isSame(entry, p, proto)) return entry;
    }
    if (this.#order.size >= entryLimit) {
      this.#giveUpOldest();
      at = h & (slotCount - 1);
      while (this.#slots[at] !== 0) at = (at + 1) & (slotCount - 1);
    }
    const entry = this.#take();
    entry.hash = h;
    entry.ipVersion = p.ipVersion;
    entry.proto = p.proto;
    entry.id = p.fragId;
    entry.startUs = p.timeUs;
    entry.address.set([p.src0, p.src1, p.src2, p.src3, p.dst0, p.dst1, p.dst2, p.dst3]);
    this.#slots[at] = entry.index;
    this.#order.set(entry, true);
    return entry;
  }

  #take(): FragmentEntry {
    const entry = this.#free.pop() ?? this.#grow();
    entry.known = 0;
    entry.pendingPackets = 0;
    entry.pendingBytes = 0;
    entry.pendingIpBytes = 0;
    entry.total = -1;
    entry.covered = 0;
    entry.reach = 0;
    entry.headerLen = 0;
    entry.cover.fill(0);
    return entry;
  }

  #grow(): FragmentEntry {
    const entry = new FragmentEntry();
    this.#entries.push(entry);
    entry.index = this.#entries.length;
    return entry;
  }

  /** Copies what is new of the fragment's data; true when nothing is missing any more. */
  #store(entry: FragmentEntry, p: Packet, dataAt: number): boolean {
    const ipEnd = p.l3At + p.ipLen;
    const length = ipEnd - dataAt;
    const isLast = p.moreFragments === 0;
    // A fragment that was cut by the snap length, or whose length is impossible, cannot complete anything.
    if (dataAt < 0 || length <= 0 || ipEnd > p.l3End || (!isLast && (length & 7) !== 0)) return false;
    const to = p.fragOffset + length;
    if (to > maxDatagram) {
      this.tooLong++;
      return false;
    }
    const data = this.#room(entry, headerRoom + to);
    if (data === null) return false;
    if (p.fragOffset === 0) keepHeader(entry, data, p, dataAt);
    this.#checkEnd(entry, to, isLast);
    const before = entry.covered;
    const old = this.#copy(entry, data, p, dataAt, ipEnd);
    if (old > 0) {
      this.overlaps++;
      if (entry.covered > before) this.odd |= fragmentOdd.overlap;
    }
    if (to > entry.reach) entry.reach = to;
    if (isLast && entry.total < 0) entry.total = to;
    return entry.total >= 0 && entry.headerLen > 0 && entry.covered === (entry.total + 7) >> 3;
  }

  /** Keeps the units that are new and compares the others; gives how many were old. */
  #copy(entry: FragmentEntry, data: Uint8Array, p: Packet, dataAt: number, ipEnd: number): number {
    const b = p.bytes;
    let old = 0;
    for (let unit = p.fragOffset >> 3, from = dataAt; from < ipEnd; unit++, from += 8) {
      const bit = 1 << (unit & 31);
      const to = headerRoom + unit * 8;
      const n = Math.min(8, ipEnd - from);
      if ((entry.cover[unit >> 5] & bit) !== 0) {
        old++;
        const known = Math.min(n, entry.reach - unit * 8);
        for (let i = 0; i < known; i++) if (data[to + i] !== b[from + i]) this.odd |= fragmentOdd.conflict;
        continue;
      }
      entry.cover[unit >> 5] |= bit;
      entry.covered++;
      for (let i = 0; i < n; i++) data[to + i] = b[from + i];
    }
    return old;
  }

  /** All fragments of a datagram agree where it ends. */
  #checkEnd(entry: FragmentEntry, to: number, isLast: boolean): void {
    if (entry.total >= 0 ? to > entry.total || (isLast && to !== entry.total) : isLast && to < entry.reach)
      this.odd |= fragmentOdd.end;
  }

  #room(entry: FragmentEntry, bytes: number): Uint8Array | null {
    const have = entry.data;
    if (have !== null && have.length >= bytes) return have;
    const size = bytes <= 4096 ? 0 : bytes <= 16384 ? 1 : 2;
    const length = size === 0 ? 4096 : size === 1 ? 16384 : maxDatagram + 1 + headerRoom;
    let data = this.#pools[size].pop();
    if (data === undefined) {
      while (this.#held + length > memoryLimit && this.#order.size > 1) this.#giveUpOldest(entry);
      data = this.#pools[size].pop();
      if (data === undefined) {
        if (this.#held + length > memoryLimit) return null;
        data = new Uint8Array(length);
        this.#held += length;
      }
    }
    if (have !== null) {
      data.set(have);
      this.#giveBack(have);
    }
    entry.data = data;
    return data;
  }

  #giveBack(data: Uint8Array): void {
    const pool = this.#pools[data.length === 4096 ? 0 : data.length === 16384 ? 1 : 2];
    // A few buffers are kept for the next datagrams, the rest goes back to the heap and out of the count.
    if (pool.length < 64) pool.push(data);
    else this.#held -= data.length;
  }

  /** Makes a plain datagram of header and data. */
  #build(entry: FragmentEntry, p: Packet): void {
    const data = entry.data as Uint8Array; // present: #store said the datagram is complete
    const at = headerRoom - entry.headerLen;
    const length = entry.ipVersion === 4 ? entry.headerLen + entry.total : entry.total;
    const lengthAt = entry.ipVersion === 4 ? at + 2 : at + 4;
    data[lengthAt] = length >> 8;
    data[lengthAt + 1] = length & 255;
    const whole = this.whole;
    whole.bytes = data;
    whole.at = at;
    whole.end = headerRoom + entry.total;
    whole.wireLen = whole.end - at;
    whole.timeUs = p.timeUs;
    whole.number = p.number;
    whole.linkType = p.linkType;
    whole.iface = p.iface;
    whole.level = p.level;
    whole.problem = 0;
  }

  /** Gives up what has waited too long; each fragment that is seen does so. */
  expire(nowUs: number): void {
    for (const entry of this.#order.keys()) {
      if (nowUs - entry.startUs <= timeoutUs) return;
      this.timedOut?.(entry);
      this.#giveUp(entry);
    }
  }

  #giveUpOldest(except?: FragmentEntry): void {
    for (const entry of this.#order.keys()) {
      if (entry === except) continue;
      this.#giveUp(entry);
      return;
    }
  }

  #giveUp(entry: FragmentEntry): void {
    this.timeouts++;
    if (entry.pendingPackets > 0) this.#abandoned(entry);
    this.#release(entry);
  }

  #release(entry: FragmentEntry): void {
    const mask = slotCount - 1;
    const slots = this.#slots;
    let hole = entry.hash & mask;
    while (this.#entries[slots[hole] - 1] !== entry) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; slots[at] !== 0; at = (at + 1) & mask) {
      const home = this.#entries[slots[at] - 1].hash & mask;
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        slots[hole] = slots[at];
        hole = at;
      }
    }
    slots[hole] = 0;
    if (entry.data !== null) this.#giveBack(entry.data);
    entry.data = null;
    this.#order.delete(entry);
    this.#free.push(entry);
  }

  /** Gives up everything: at the end of the input. */
  close(): void {
    for (const entry of [...this.#order.keys()]) this.#giveUp(entry);
  }
}

function isSame(entry: FragmentEntry, p: Packet, proto: number): boolean {
  const a = entry.address;
  return (
    entry.id === p.fragId &&
    entry.ipVersion === p.ipVersion &&
    (p.ipVersion === 6 || entry.proto === proto) &&
    a[0] === p.src0 &&
    a[1] === p.src1 &&
    a[2] === p.src2 &&
    a[3] === p.src3 &&
    a[4] === p.dst0 &&
    a[5] === p.dst1 &&
    a[6] === p.dst2 &&
    a[7] === p.dst3
  );
}

/** Keeps the header of the first fragment so that it ends where the data begins, without its marks of fragmentation. */
function keepHeader(entry: FragmentEntry, data: Uint8Array, p: Packet, dataAt: number): void {
  if (entry.headerLen > 0) return;
  const b = p.bytes;
  if (p.ipVersion === 4) {
    entry.headerLen = (b[p.l3At] & 15) * 4;
    const at = headerRoom - entry.headerLen;
    for (let i = 0; i < entry.headerLen; i++) data[at + i] = b[p.l3At + i];
    data[at + 6] = 0;
    data[at + 7] = 0;
    return;
  }
  entry.headerLen = 40;
  const at = headerRoom - 40;
  for (let i = 0; i < 40; i++) data[at + i] = b[p.l3At + i];
  // The fragment header, 8 bytes in front of the data, names what follows it.
  data[at + 6] = b[dataAt - 8];
}
