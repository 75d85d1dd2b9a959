// Packets in, conversations out: counts, TCP state, timeouts, and the one bound that holds under floods.

import { flowEnd, ipProto, type Packet, tcpFlag } from '../../core/index.ts';
import type { EndOrder } from './end-order.ts';
import { FlowClock } from './flow-clock.ts';
import { orderKey } from './flow-key.ts';
import { isFromOriginator, originRule } from './flow-origin.ts';
import * as row from './flow-row.ts';
import { FlowTable, type FlowTableOwner, isReuse } from './flow-table.ts';
import { RowList } from './row-list.ts';
import { trackTcp } from './tcp-state.ts';
import { TimerWheel } from './timer-wheel.ts';

/** Seconds and rows; see FlowOptions of the pipeline for the user's words. */
export interface TrackerOptions {
  readonly capacity: number;
  readonly tcpIdleSec: number;
  readonly udpIdleSec: number;
  readonly otherIdleSec: number;
  readonly activeSec: number;
  readonly hashSeed: number;
}

/** Who hears of flows. Rows are valid only inside the call. */
export interface FlowListener {
  /** A conversation or a new part of one begins on this row; `isNew` is false for a part. */
  flowOpened(row: number, packet: Packet, isNew: boolean): void;
  /** The record of the row is complete; `end` indexes flowEnds. */
  flowEnded(row: number, end: number): void;
  /** A packet of a flow that was not answered before it; already counted. The last one of these brings the answer. */
  flowAdvanced(row: number, dir: number, packet: Packet): void;
  /** Nobody has answered for some seconds. Once per conversation. */
  flowSilent(row: number): void;
  /** A TCP conversation was finished or reset by this packet, after it was counted. */
  flowClosed(row: number, p: Packet): void;
  /** A packet with payload of a conversation that was silent for `idleUs`, before it is counted. */
  flowWoke(row: number, dir: number, p: Packet, idleUs: number): void;
  /** An answered flow goes on; told at the latest after each idle timeout of its protocol. */
  flowAlive(row: number): void;
}

/** Seconds an unanswered flow is waited for, and a finished one for what trails behind. */
const embryoIdleSec = 30;
/** Seconds after which an unanswered flow is called silent (Zeek's `tcp_attempt_delay`). */
const silentSec = 5;
const lingerSec = 5;
/** Silence after which a packet is told to wake a conversation. */
const wakeUs = 1e6;
/** Rows that only remember a conversation, at the most. */
const dormantLimit = 65_536;
/** Unanswered flows at the most, as a share of the capacity; a flood of forged sources stays within it. */
const embryoShare = 8;
/** Packets after which even a one-way flow is a conversation. */
const embryoPackets = 4;

export class FlowTracker implements FlowTableOwner {
  readonly table: FlowTable;
  readonly clock = new FlowClock();
  readonly #options: TrackerOptions;
  readonly #listener: FlowListener;
  readonly #wheel: TimerWheel;
  readonly #dormant: RowList;
  readonly #embryos: RowList;
  readonly #embryoLimit: number;
  readonly #due = (r: number): void => this.#look(r);
  /** Conversations by kind, and what the bound cost. */
  total = 0;
  tcp = 0;
  udp = 0;
  icmp = 0;
  resumed = 0;
  evicted = 0;

  constructor(options: TrackerOptions, listener: FlowListener) {
    this.#options = options;
    this.#listener = listener;
    this.table = new FlowTable(options.capacity);
    this.#wheel = new TimerWheel(this.table.words);
    this.#dormant = new RowList(this.table.words, row.W_NEXT, row.W_PREV);
    this.#embryos = new RowList(this.table.words, row.W_EMBRYO_NEXT, row.W_EMBRYO_PREV);
    this.#embryoLimit = Math.max(16, Math.floor(options.capacity / embryoShare));
  }

  /** Rows with a conversation that is not yet written. */
  get active(): number {
    return this.table.used - this.#dormant.count;
  }

  /** To be called with each frame's time before its levels are seen; runs timeouts that are due. */
  moveClock(p: Packet): void {
    if (p.timeUs < this.clock.nextUs && p.timeUs >= this.clock.lowUs) return;
    if (this.clock.adjust(p.timeUs)) this.#wheel.advance(this.clock.tick, this.#due);
  }

  /** Sets the flow key of the level that `p` holds. */
  prepare(p: Packet): void {
    orderKey(p, this.#options.hashSeed);
  }

  /**
   * Counts one level of a packet.
   * @param p a decoded level (verdict leaf or tunnel) with its key set by `prepare`
   * @returns row << 1 | direction
   */
  see(p: Packet): number {
    const r = this.table.find(p, this);
    this.#count(r, p.keyDir, p);
    return (r << 1) | p.keyDir;
  }

  #count(r: number, dir: number, p: Packet): void {
    const w = this.table.words;
    const d = this.table.doubles;
    const o = r * row.ROW_WORDS;
    const q = r * row.ROW_DOUBLES;
    let state = w[o + row.W_STATE];
    if (p.proto === ipProto.tcp && (p.tcpFlags & tcpFlag.syn) !== 0 && isReuse(w, o, p, dir)) {
      this.flowReused(r, p);
      state = w[o + row.W_STATE];
    } else if ((state & row.STATE_DORMANT) !== 0) {
      this.flowResumed(r, p);
      state = w[o + row.W_STATE];
    }
    const idleUs = p.timeUs - d[q + row.D_LAST_US];
    if (idleUs >= wakeUs && p.payloadLen > 0 && (state & row.STATE_EMBRYO) === 0)
      this.#listener.flowWoke(r, dir, p, idleUs);
    w[o + row.W_PACKETS + dir]++;
    d[q + row.D_BYTES + dir] += p.wireLen;
    d[q + row.D_IP_BYTES + dir] += p.ipLen;
    const timeUs = p.timeUs;
    if (timeUs > d[q + row.D_LAST_US]) d[q + row.D_LAST_US] = timeUs;
    else if (timeUs < d[q + row.D_FIRST_US]) d[q + row.D_FIRST_US] = timeUs;
    w[o + row.W_TICK] = this.clock.tick;
    d[q + row.D_PAYLOAD + dir] += p.payloadLen;
    const shift = dir << 4;
    const ttls = w[o + row.W_TTL];
    const low = 255 - p.ttl;
    const high = p.ttl;
    if (low > ((ttls >>> shift) & 255) || high > ((ttls >>> (shift + 8)) & 255))
      widenTtl(w, o + row.W_TTL, shift, p.ttl);
    let isClosed = false;
    if (p.proto === ipProto.tcp && p.l4Ok === 1) {
      isClosed = trackTcp(w, d, r, dir, p);
      if (isClosed) this.#wheelAgain(r, lingerSec);
      state = w[o + row.W_STATE];
    }
    if ((state & row.STATE_EMBRYO) !== 0) {
      this.#listener.flowAdvanced(r, dir, p);
      this.#confirm(r, p);
    }
    if (isClosed) this.#listener.flowClosed(r, p);
  }

  /** Takes a flow out of the embryos once it was answered, or goes on long enough to be no forgery. */
  #confirm(r: number, p: Packet): void {
    const w = this.table.words;
    const o = r * row.ROW_WORDS;
    const state = w[o + row.W_STATE];
    const there = w[o + row.W_PACKETS];
    const back = w[o + row.W_PACKETS + 1];
    const sawSyn = (state & (row.STATE_SYN | (row.STATE_SYN << 1))) !== 0;
    const isAnswered =
      there > 0 && back > 0 && (p.proto !== ipProto.tcp || !sawSyn || (state & row.STATE_ESTABLISHED) !== 0);
    if (!isAnswered && there + back < embryoPackets) return;
    this.#embryos.remove(r);
    w[o + row.W_STATE] = state & ~row.STATE_EMBRYO;
  }

  flowOpened(r: number, p: Packet): void {
    const w = this.table.words;
    const o = r * row.ROW_WORDS;
    this.total++;
    // Without ports (cut off, or in a datagram that never became whole) it cannot be told from others: no TCP or UDP one.
    if (p.proto === ipProto.tcp && p.l4Ok !== 0) this.tcp++;
    else if (p.proto === ipProto.udp && p.l4Ok !== 0) this.udp++;
    else if (p.proto === ipProto.icmp || p.proto === ipProto.icmpv6) this.icmp++;
    // The list is bounded before the row joins it: the oldest unanswered flow gives way, never an answered one.
    if (this.#embryos.count >= this.#embryoLimit) this.#evict(this.#embryos.first());
    w[o + row.W_STATE] = row.STATE_USED | row.STATE_EMBRYO;
    this.#embryos.append(r);
    this.#begin(r, p);
    this.#listener.flowOpened(r, p, true);
  }

  /** Sets what a new part starts from: times, direction of the first packet, originator by rule. */
  #begin(r: number, p: Packet): void {
    const w = this.table.words;
    const d = this.table.doubles;
    const o = r * row.ROW_WORDS;
    const q = r * row.ROW_DOUBLES;
    d[q + row.D_FIRST_US] = p.timeUs;
    d[q + row.D_LAST_US] = p.timeUs;
    w[o + row.W_SERVER_RTT] = -1;
    w[o + row.W_CLIENT_RTT] = -1;
    w[o + row.W_HANDSHAKE_RTT] = -1;
    w[o + row.W_TICK] = this.clock.tick;
    const isDown = p.keyDir === 1;
    const originIsHigh = isFromOriginator(p) ? isDown : !isDown;
    w[o + row.W_STATE] |=
      (isDown ? row.STATE_FIRST_DOWN : 0) |
      (originIsHigh ? row.STATE_ORIGIN_HIGH : 0) |
      (originRule(p) << row.STATE_RULE_SHIFT);
    this.#wheel.link(r, Math.min(silentSec, this.#idleSec(r)));
  }

  flowResumed(r: number, p: Packet): void {
    this.#dormant.remove(r);
    this.resumed++;
    this.#clearPart(r);
    this.#begin(r, p);
    this.#listener.flowOpened(r, p, false);
  }

  flowReused(r: number, p: Packet): void {
    const w = this.table.words;
    const o = r * row.ROW_WORDS;
    const state = w[o + row.W_STATE];
    if ((state & row.STATE_DORMANT) !== 0) this.#dormant.remove(r);
    else {
      this.#wheel.unlink(r);
      this.#listener.flowEnded(r, (state & row.STATE_CLOSED) !== 0 ? closedEnd(state) : flowEnd.tcpReuse);
    }
    this.#clearPart(r);
    w[o + row.W_EVER] = 0;
    w[o + row.W_IFACE] = 0;
    w.fill(0, o + row.W_TCP, o + row.ROW_WORDS);
    this.total++;
    this.tcp++;
    this.#begin(r, p);
    this.#listener.flowOpened(r, p, true);
  }

  /** Counters and state of a row to zero; key, hash, hosts, embryo links and what was ever seen stay. */
  #clearPart(r: number): void {
    const w = this.table.words;
    const o = r * row.ROW_WORDS;
    w.fill(0, o + row.D_LAST_US * 2, o + row.W_HASH);
    w[o + row.W_STATE] &= row.STATE_USED | row.STATE_EMBRYO;
    w.fill(0, o + row.W_FLAGS, o + row.W_NEXT);
    w.fill(0, o + row.D_SYN_US * 2, o + row.W_SLOT);
    w.fill(0, o + row.W_HISTORY, o + row.W_MAC);
    w[o + row.W_IFACE] += 1 << 16;
  }

  /** Seconds without a packet after which the row's record is written. */
  #idleSec(r: number): number {
    const w = this.table.words;
    const o = r * row.ROW_WORDS;
    const state = w[o + row.W_STATE];
    if ((state & row.STATE_CLOSED) !== 0) return lingerSec;
    const proto = w[o + row.W_KIND] & 255;
    const options = this.#options;
    const full =
      proto === ipProto.tcp ? options.tcpIdleSec : proto === ipProto.udp ? options.udpIdleSec : options.otherIdleSec;
    const isHalfOpen = proto === ipProto.tcp && (state & row.STATE_EMBRYO) !== 0;
    return isHalfOpen ? Math.min(embryoIdleSec, full) : full;
  }

  /** A row's time in the wheel has come: end it, end a part of it, or wait for the rest. */
  #look(r: number): void {
    const w = this.table.words;
    const o = r * row.ROW_WORDS;
    const state = w[o + row.W_STATE];
    const idle = (this.clock.tick - w[o + row.W_TICK]) & 0x3fffffff;
    const limit = this.#idleSec(r);
    if (idle >= limit) {
      this.#end(r, (state & row.STATE_CLOSED) !== 0 ? closedEnd(state) : flowEnd.timeout);
      return;
    }
    if ((state & row.STATE_EMBRYO) === 0) this.#listener.flowAlive(r);
    else if (idle >= silentSec && (w[o + row.W_EVER] & row.EVER_SILENT) === 0 && isUnanswered(w, o)) {
      w[o + row.W_EVER] |= row.EVER_SILENT;
      this.#listener.flowSilent(r);
    }
    let wait = limit - idle;
    const active = this.#options.activeSec;
    if (active > 0) {
      const age = Math.floor((this.clock.nextUs - this.table.doubles[r * row.ROW_DOUBLES + row.D_FIRST_US]) / 1e6);
      if (age >= active) {
        this.#splitPart(r);
        wait = Math.min(limit, active);
      } else wait = Math.min(wait, active - age);
    }
    this.#wheel.link(r, wait);
  }

  /** Writes a record of what there is so far and counts on from zero; state and originator stay. */
  #splitPart(r: number): void {
    const w = this.table.words;
    const d = this.table.doubles;
    const o = r * row.ROW_WORDS;
    const q = r * row.ROW_DOUBLES;
    this.#listener.flowEnded(r, flowEnd.activeTimeout);
    w.fill(0, o + row.W_PACKETS, o + row.W_HASH);
    d[q + row.D_PAYLOAD] = 0;
    d[q + row.D_PAYLOAD + 1] = 0;
    d[q + row.D_FIRST_US] = d[q + row.D_LAST_US];
    w[o + row.W_IFACE] += 1 << 16;
  }

  #wheelAgain(r: number, seconds: number): void {
    this.#wheel.unlink(r);
    this.#wheel.link(r, seconds);
  }

  /** Writes the record and keeps the row as a memory of the conversation. */
  #end(r: number, end: number): void {
    const w = this.table.words;
    const o = r * row.ROW_WORDS;
    this.#listener.flowEnded(r, end);
    if ((w[o + row.W_STATE] & row.STATE_EMBRYO) !== 0) this.#embryos.remove(r);
    w[o + row.W_STATE] = (w[o + row.W_STATE] & ~row.STATE_EMBRYO) | row.STATE_DORMANT;
    if (this.#dormant.count >= dormantLimit) this.#forget(this.#dormant.first());
    this.#dormant.append(r);
  }

  /** Forgets a dormant row. */
  #forget(r: number): void {
    this.#dormant.remove(r);
    this.table.free(r);
  }

  /** Writes the record of a live row early and forgets it. */
  #evict(r: number): void {
    const state = this.table.words[r * row.ROW_WORDS + row.W_STATE];
    this.#wheel.unlink(r);
    if ((state & row.STATE_EMBRYO) !== 0) this.#embryos.remove(r);
    this.evicted++;
    this.#listener.flowEnded(r, flowEnd.eviction);
    this.table.free(r);
  }

  #hand = 0;

  /** Frees one row: the oldest memory, else the oldest unanswered flow, else the stalest of a few live ones. */
  makeRoom(): void {
    if (this.#dormant.count > 0) this.#forget(this.#dormant.first());
    else if (this.#embryos.count > 0) this.#evict(this.#embryos.first());
    else this.#evict(this.#stalest());
  }

  #stalest(): number {
    const w = this.table.words;
    let best = this.#hand;
    let bestIdle = -1;
    for (let i = 0; i < 16; i++) {
      const r = this.#hand;
      this.#hand = (this.#hand + 1) % this.table.capacity;
      const idle = (this.clock.tick - w[r * row.ROW_WORDS + row.W_TICK]) & 0x3fffffff;
      if (idle > bestIdle) {
        best = r;
        bestIdle = idle;
      }
    }
    return best;
  }

  /** Ends every flow that is not yet written: in row order, or in the one that is asked for. */
  shutdown(order: EndOrder | null = null): void {
    const w = this.table.words;
    const rows: number[] = [];
    for (let r = 0; r < this.table.highWater; r++) {
      const state = w[r * row.ROW_WORDS + row.W_STATE];
      if ((state & row.STATE_USED) !== 0 && (state & row.STATE_DORMANT) === 0) rows.push(r);
    }
    if (order !== null) this.#sort(rows, order);
    for (const r of rows) {
      const state = w[r * row.ROW_WORDS + row.W_STATE];
      order?.ending(r);
      this.#listener.flowEnded(r, (state & row.STATE_CLOSED) !== 0 ? closedEnd(state) : flowEnd.shutdown);
      w[r * row.ROW_WORDS + row.W_STATE] = state | row.STATE_WRITTEN;
    }
  }

  /** By beginning, then by id: an order that does not depend on where rows lie. */
  #sort(rows: number[], order: EndOrder): void {
    const d = this.table.doubles;
    const first = (r: number): number => d[r * row.ROW_DOUBLES + row.D_FIRST_US];
    rows.sort((a, b) => first(a) - first(b) || order.idOf(a) - order.idOf(b));
  }
}

/** Whether only one side has sent anything so far. */
function isUnanswered(w: Int32Array, o: number): boolean {
  return w[o + row.W_PACKETS] === 0 || w[o + row.W_PACKETS + 1] === 0;
}

function closedEnd(state: number): number {
  return (state & row.STATE_RESET) !== 0 ? flowEnd.rst : flowEnd.fin;
}

function widenTtl(w: Int32Array, at: number, shift: number, ttl: number): void {
  const now = w[at];
  const low = Math.max((now >>> shift) & 255, 255 - ttl);
  const high = Math.max((now >>> (shift + 8)) & 255, ttl);
  w[at] = (now & ~(0xffff << shift)) | (low << shift) | (high << (shift + 8));
}
