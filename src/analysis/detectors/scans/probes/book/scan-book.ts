// Who tries what: for each source its tries that nobody has answered, by host and by port (simple-scan, sfPortscan and
// Zeek count the same way). Several detectors read it, so that it is kept once and one attack makes one alert.
//
//   row of a source    3 hosts  ×  the different ports tried there without an answer
//                      3 ports  ×  the different hosts tried there without an answer
//                      the different (host, port) that failed
//
// A try counts from its first packet on and is taken out when it is answered, so that a fast scan shows before any
// timeout. Slots of a row belong to the source alone: what others do cannot push a scan out of it.

import { type FlowSignal, flowEnd, formatAddress, ipProto, moment, type Packet } from '../../../../../core/index.ts';
import { type DistinctPool, hashWords, type KeyTable } from '../../../../sketches/index.ts';
import type { Surroundings, Watch } from '../../../detector.ts';
import { isPortUnreachable, readQuoted } from '../../quoted.ts';
import { Failures, failureDoubles, failureWords } from './failures.ts';
import { FloodGate } from './flood-gate.ts';
import { type BookReader, Slot } from './reader.ts';
import { isCall, isGroup, isReply, keyOf } from './tries.ts';

/** Sources watched at once. With their pools 17.5 MiB at the default memory, resident only where touched. */
const sources = 8192;
const hostSlots = 3;
const portSlots = 3;
/** Words of a slot: what it is about, when it began, answers, refusals, what was told last, tries of system ports. */
const KEY = 0;
const SINCE = 1;
const ANSWERED = 2;
const REFUSED = 3;
const TOLD = 4;
const SYSTEM = 5;
const LAST = 6;
const slotWords = 7;
const slots = hostSlots + portSlots;
/** After the slots: failures, when a scan was last told, a ring's place. */
const FAILURES = slots * slotWords;
const NAMED_SEC = FAILURES + failureWords;
const LATEST_AT = NAMED_SEC + 1;
const rowWords = LATEST_AT + 1;
/** Doubles: time and packet of each slot's first try, those of failures, then packets of the latest tries. */
const latest = 8;
const FAILURE_DOUBLES = slots * 2;
const LATEST = FAILURE_DOUBLES + failureDoubles;
const rowDoubles = LATEST + latest;

/** Seconds in which unanswered tries are counted together. */
const windowSec = 300;
const sweepSec = 60;
/** A source that was named is not told again by weaker detectors for so long. */
const namedSec = 3600;
/** A UDP flow with so many packets and no answer is media or a log, no probe. */
const streamPackets = 5;
const systemPorts = 1024;

export class ScanBook {
  readonly table: KeyTable;
  readonly #pools: readonly DistinctPool[];
  readonly #failures: Failures;
  readonly #gate = new FloodGate();
  readonly #now: Surroundings['now'];
  readonly #readers: BookReader[] = [];
  readonly #slot = new Slot();
  #isWatched = false;
  #sweptSec = 0;

  constructor({ table, distinct, now }: Surroundings) {
    this.#now = now;
    this.table = table({
      capacity: sources,
      keyWords: 5,
      words: rowWords,
      doubles: rowDoubles,
      idleSec: 900,
      evicted: (row) => this.#clear(row),
    });
    this.#pools = Array.from({ length: slots }, () => distinct(this.table));
    this.#failures = new Failures(this.table, distinct(this.table), FAILURES, FAILURE_DOUBLES);
  }

  /** Adds a reader; gives `more` and, to the first that asks, what has to be watched for all of them. */
  open(reader: BookReader, more: Watch = {}): Watch {
    this.#readers.push(reader);
    if (this.#isWatched) return more;
    this.#isWatched = true;
    const { opened, retried, answered, rejected, silent, ended } = moment;
    return {
      ...more,
      moments: opened | retried | answered | rejected | silent | ended,
      flow: (s) => this.#see(s),
      frame: (p) => {
        this.#seeFrame(p);
        more.frame?.(p);
      },
      tick: (sec) => {
        if (sec - this.#sweptSec >= sweepSec) this.#sweep(sec);
        more.tick?.(sec);
      },
      end: () => {
        this.#sweep(Number.POSITIVE_INFINITY);
        more.end?.();
      },
    };
  }

  #see(s: FlowSignal): void {
    if (s.proto !== ipProto.tcp && s.proto !== ipProto.udp) return;
    if (s.moment === moment.opened) this.#opened(s);
    else if (s.moment === moment.answered) this.#answered(s);
    else if (s.moment === moment.retried) {
      if (s.proto === ipProto.udp && s.oPackets === streamPackets) this.#answered(s);
    } else if (s.moment === moment.rejected) this.#failure(s, true);
    else if (s.moment === moment.silent) this.#failure(s, false);
    // What was never answered when the input ended has failed as far as anyone can tell.
    else if (s.end === flowEnd.shutdown && s.rPackets === 0) this.#failure(s, false);
  }

  #opened(s: FlowSignal): void {
    // Who comes for the first time has scanned nothing yet; forged sources all do.
    if (s.proto === ipProto.tcp && !isCall(s.tcpFlags)) return;
    const isCrowded = this.#gate.count(s, this.#now.sec);
    if (isCrowded || s.attempts < 2 || isGroup(s) || isReply(s)) return;
    const row = this.table.claim(this.#now.sec, keyOf(s), s.o0, s.o1, s.o2, s.o3);
    if (row < 0) return;
    this.#remember(row, s.packet);
    const host = hashWords(s.r0, s.r1, s.r2, s.r3);
    const port = hashWords(s.rPort, 0x5ca9);
    this.#try(row, this.#find(row, 0, hostSlots, host), host, port, s);
    this.#try(row, this.#find(row, hostSlots, slots, port), port, host, s);
  }

  /** Counts a try in a slot and tells readers. */
  #try(row: number, at: number, key: number, hash: number, s: FlowSignal): void {
    const w = this.table.words;
    const o = this.table.at(row) + at * slotWords;
    const isMine = w[o + SINCE] !== 0 && w[o + KEY] === key && this.#now.sec - w[o + SINCE] <= windowSec;
    if (!isMine) this.#begin(row, at, key, s);
    w[o + LAST] = this.#now.sec;
    const pool = this.#pools[at];
    if (!pool.add(row, hash)) return;
    if (s.rPort < systemPorts && at < hostSlots) w[o + SYSTEM]++;
    const count = pool.count(row);
    if (count < 2) return;
    this.table.setWorth(row, Math.max(count, this.#failures.pairs(row)));
    this.#read(row, at, count);
    for (const reader of this.#readers) {
      if (at < hostSlots) reader.host?.(s, this.#slot);
      else reader.port?.(s, this.#slot);
    }
  }

  #begin(row: number, at: number, key: number, s: FlowSignal): void {
    const w = this.table.words;
    const o = this.table.at(row) + at * slotWords;
    this.#over(row, at);
    w.fill(0, o, o + slotWords);
    w[o + KEY] = key;
    w[o + SINCE] = this.#now.sec;
    this.#pools[at].clear(row);
    const d = row * rowDoubles + at * 2;
    this.table.doubles[d] = s.timeUs;
    this.table.doubles[d + 1] = s.packet;
  }

  #read(row: number, at: number, count: number): void {
    const w = this.table.words;
    const o = this.table.at(row) + at * slotWords;
    const d = row * rowDoubles + at * 2;
    const slot = this.#slot;
    slot.row = row;
    slot.index = at;
    slot.count = count;
    slot.isHost = at < hostSlots;
    slot.system = w[o + SYSTEM];
    slot.answered = w[o + ANSWERED];
    slot.refused = w[o + REFUSED];
    slot.sinceSec = w[o + SINCE];
    slot.lastSec = w[o + LAST];
    slot.told = w[o + TOLD];
    slot.firstUs = this.table.doubles[d];
    slot.firstPacket = this.table.doubles[d + 1];
  }

  /** A row's slot for a key; else the one that is worth least. */
  #find(row: number, from: number, to: number, key: number): number {
    const w = this.table.words;
    const base = this.table.at(row);
    let least = from;
    let leastWorth = Number.POSITIVE_INFINITY;
    for (let at = from; at < to; at++) {
      const o = base + at * slotWords;
      if (w[o + SINCE] !== 0 && w[o + KEY] === key) return at;
      const isOld = w[o + SINCE] === 0 || this.#now.sec - w[o + SINCE] > windowSec;
      const worth = isOld ? -1 : this.#pools[at].count(row);
      if (worth < leastWorth || (worth === leastWorth && w[o + SINCE] < w[base + least * slotWords + SINCE])) {
        least = at;
        leastWorth = worth;
      }
    }
    return least;
  }

  /** The slot of a key that is there, -1 when there is none. */
  #known(row: number, from: number, to: number, key: number): number {
    const w = this.table.words;
    for (let at = from; at < to; at++) {
      const o = this.table.at(row) + at * slotWords;
      if (w[o + SINCE] !== 0 && w[o + KEY] === key) return at;
    }
    return -1;
  }

  #answered(s: FlowSignal): void {
    for (const reader of this.#readers) reader.outcome?.(s, true);
    const row = this.table.find(keyOf(s), s.o0, s.o1, s.o2, s.o3);
    if (row < 0) return;
    const host = hashWords(s.r0, s.r1, s.r2, s.r3);
    const port = hashWords(s.rPort, 0x5ca9);
    const w = this.table.words;
    const atHost = this.#known(row, 0, hostSlots, host);
    if (atHost >= 0) {
      const o = this.table.at(row) + atHost * slotWords;
      w[o + ANSWERED]++;
      if (this.#pools[atHost].remove(row, port) && s.rPort < systemPorts) w[o + SYSTEM]--;
    }
    const atPort = this.#known(row, hostSlots, slots, port);
    if (atPort >= 0) {
      w[this.table.at(row) + atPort * slotWords + ANSWERED]++;
      this.#pools[atPort].remove(row, host);
    }
  }

  /** An ICMP error says that a UDP port is closed. */
  #seeFrame(p: Packet): void {
    const s = isPortUnreachable(p) ? readQuoted(p) : null;
    if (s !== null && s.proto === ipProto.udp) this.#failure(s, true);
  }

  #failure(s: FlowSignal, isRefused: boolean): void {
    if (s.proto === ipProto.tcp && !isCall(s.oFlags)) return;
    if (this.#gate.isCrowded(s) || isGroup(s) || isReply(s)) return;
    for (const reader of this.#readers) reader.outcome?.(s, false);
    const row = this.table.claim(this.#now.sec, keyOf(s), s.o0, s.o1, s.o2, s.o3);
    if (row < 0) return;
    const host = hashWords(s.r0, s.r1, s.r2, s.r3);
    if (isRefused) this.#refused(row, host, hashWords(s.rPort, 0x5ca9));
    if (!this.#failures.add(s, row, host, this.#now.sec)) return;
    for (const reader of this.#readers) reader.failure?.(s, row);
  }

  #refused(row: number, host: number, port: number): void {
    const atHost = this.#known(row, 0, hostSlots, host);
    if (atHost >= 0) this.table.words[this.table.at(row) + atHost * slotWords + REFUSED]++;
    const atPort = this.#known(row, hostSlots, slots, port);
    if (atPort >= 0) this.table.words[this.table.at(row) + atPort * slotWords + REFUSED]++;
  }

  #remember(row: number, packet: number): void {
    const o = this.table.at(row) + LATEST_AT;
    const place = this.table.words[o] & (latest - 1);
    this.table.doubles[row * rowDoubles + LATEST + place] = packet;
    this.table.words[o] = place + 1;
  }

  #clear(row: number): void {
    for (let at = 0; at < slots; at++) this.#over(row, at);
    for (const pool of this.#pools) pool.clear(row);
    this.#failures.clear(row);
  }

  /** Notes what was told of a slot, so that it is told again only when it has doubled. */
  setTold(slot: Slot): void {
    this.table.words[this.table.at(slot.row) + slot.index * slotWords + TOLD] = slot.count;
  }

  /** A scan of this row's source was told: weaker detectors keep quiet about it. */
  setNamed(row: number): void {
    this.table.words[this.table.at(row) + NAMED_SEC] = this.#now.sec;
  }

  /** Whether a scan of this source and transport was told lately. */
  isNamed(s: FlowSignal): boolean {
    const row = this.rowOf(s.proto, s.ipVersion, s.o0, s.o1, s.o2, s.o3);
    return row >= 0 && this.isRowNamed(row);
  }

  /** The row of a source, -1 when it has none. */
  rowOf(proto: number, ipVersion: number, w0: number, w1: number, w2: number, w3: number): number {
    return this.table.find((proto << 8) | ipVersion, w0, w1, w2, w3);
  }

  isRowNamed(row: number): boolean {
    const sec = this.table.words[this.table.at(row) + NAMED_SEC];
    return sec !== 0 && this.#now.sec - sec <= namedSec;
  }

  /** What failed of a source within a quarter of an hour. */
  get failures(): Failures {
    return this.#failures;
  }

  /** Packets of the latest tries of a source, in order. */
  latestPackets(row: number): number[] {
    const from = row * rowDoubles + LATEST;
    return [...this.table.doubles.subarray(from, from + latest)].filter((n) => n > 0).sort((a, b) => a - b);
  }

  sourceOf(row: number): string {
    const { table } = this;
    const ipVersion = table.key(row, 0) & 255;
    return formatAddress(ipVersion, table.key(row, 1), table.key(row, 2), table.key(row, 3), table.key(row, 4));
  }

  protoOf(row: number): number {
    return this.table.key(row, 0) >>> 8;
  }

  /** Gives up slots of which something was told and whose window is over. */
  #sweep(sec: number): void {
    this.#sweptSec = sec;
    const w = this.table.words;
    for (let row = 0; row < this.table.capacity; row++) {
      if (!this.table.isUsed(row)) continue;
      for (let at = 0; at < slots; at++) {
        const o = this.table.at(row) + at * slotWords;
        if (w[o + TOLD] === 0 || sec - w[o + SINCE] <= windowSec) continue;
        this.#over(row, at);
        w.fill(0, o, o + slotWords);
        this.#pools[at].clear(row);
      }
    }
  }

  #over(row: number, at: number): void {
    const o = this.table.at(row) + at * slotWords;
    if (this.table.words[o + TOLD] === 0) return;
    this.#read(row, at, this.#pools[at].count(row));
    for (const reader of this.#readers) reader.over?.(this.#slot, this.table.words[o + KEY]);
  }
}

/** The book of a run, made by the first detector that asks. */
export function scanBook(around: Surroundings): ScanBook {
  return around.shared('scan.book', () => new ScanBook(around));
}
