// How well each TCP flow gets through: round trips, response times, shut windows, what it waits for. One call a packet,
// after the TCP analysis has judged it; works on numbers in fixed memory and allocates nothing.

import { type Packet, tcpFlag } from '../../core/index.ts';
import * as flow from '../flows/flow-row.ts';
import { lastSeenBefore, stateWords, tcpAckWord, tcpNextWord, tcpNote, windowOf } from '../flows/tcp-analysis-rules.ts';
import * as row from './health-row.ts';
import {
  endSegment,
  keepLowest,
  largeBytes,
  learnRoundTrip,
  noteAgain,
  stampAt,
  stopTiming,
  timeSegment,
} from './round-trips.ts';
import { charge } from './waiting.ts';

const repetition = tcpNote.retransmission | tcpNote.fastRetransmission | tcpNote.spuriousRetransmission;
const unlikeData = repetition | tcpNote.keepAlive | tcpNote.zeroWindowProbe | tcpNote.outOfOrder;
/** A packet again within this time is a second capture of it, not a second transmission. */
const copyUs = 1000;
const copyIds = 32;
/** Shorter gaps are left to the one that follows: within a burst nobody waits. */
const finestUs = 32;
const stallUs = 200_000;
/** A response is told at once when it took this long. */
const slowResponseUs = 500_000;
/** In 2^20 µs: about a minute. */
const tellAfter = 57;
const bits3 = 7;

/** What a segment turned out to be: new, one that was sent again, or the same packet captured twice. */
export const segmentKind = { fresh: 0, again: 1, copy: 2 } as const;

/** Hears of what should not wait for the end of a flow. */
export interface HealthListener {
  /** The flow of this row has lasted another minute. */
  healthAlive(r: number): void;
  slowResponse(r: number, us: number, p: Packet): void;
  /** The window of direction `dir` is or was shut for long. */
  stalled(r: number, dir: number, us: number, p: Packet): void;
  /** The handshake took this long to the server and back, and to the client and back (-1: not seen). */
  handshake(r: number, serverUs: number, clientUs: number): void;
  /** What direction `dir` sends took this long to its receiver and back. */
  roundTrip(r: number, dir: number, us: number): void;
  response(r: number, us: number): void;
}

/** Health of the rows of a flow table. */
export class FlowHealth {
  /** See health-row.ts; read by whoever sums up. */
  readonly words: Int32Array;
  readonly #flows: Int32Array;
  readonly #listener: HealthListener;

  /** @param flows words of the flow table's rows */
  constructor(capacity: number, flows: Int32Array, listener: HealthListener) {
    this.words = new Int32Array(capacity * row.healthWords);
    this.#flows = flows;
    this.#listener = listener;
  }

  /** Whether anything is known of a row. */
  isKnown(r: number): boolean {
    return this.words[r * row.healthWords] !== 0;
  }

  /** Reads a row ahead of time: where many are looked at together, their waits for memory overlap. */
  glance(r: number): number {
    const o = r * row.healthWords;
    return this.words[o] ^ this.words[o + 16] ^ this.words[o + 32];
  }

  /** Forgets a row: its flow is over. */
  clear(r: number): void {
    const o = r * row.healthWords;
    if (this.words[o] !== 0) this.words.fill(0, o, o + row.healthWords);
  }

  /** Takes one segment of direction `dir`, with what the TCP analysis noted of it; gives its `segmentKind`. */
  see(r: number, dir: number, p: Packet, note: number): number {
    const w = this.words;
    const o = r * row.healthWords;
    const length = p.payloadLen;
    if (w[o] === 0) {
      // A flood opens rows and leaves them: only data, an open conversation, or a shut window is worth memory.
      const isOpen = (this.#flows[r * flow.ROW_WORDS + flow.W_STATE] & flow.STATE_ESTABLISHED) !== 0;
      if (!isOpen && length === 0 && (p.window !== 0 || (p.tcpFlags & tcpFlag.ack) === 0)) return segmentKind.fresh;
      if ((p.tcpFlags & (tcpFlag.syn | tcpFlag.rst)) !== 0) return segmentKind.fresh;
      this.#begin(r, o, p);
    }
    const t = p.timeUs | 0;
    const gapUs = (t - w[o + row.H_LAST]) | 0;
    const s = o + row.sideAt(dir);
    if ((note & repetition) !== 0 && isCopy(w, s, p, gapUs)) {
      this.#skipCopy(o);
      return segmentKind.copy;
    }
    const originDir = (this.#flows[r * flow.ROW_WORDS + flow.W_STATE] & flow.STATE_ORIGIN_HIGH) !== 0 ? 1 : 0;
    if (gapUs >= finestUs) {
      charge(w, o, dir, originDir, note, length, gapUs);
      w[o + row.H_LAST] = t;
    }
    if (note !== 0) this.#noted(o, s, dir, p, note);
    const wasSeen = (note & tcpNote.outOfOrder) !== 0 && this.#wasSeen(r, dir);
    if (wasSeen) {
      this.#repeated(o, s, dir, p);
      if (w[s + row.S_TOP] >>> 16 < 0xffff) w[s + row.S_TOP] += 1 << 16;
    }
    this.#timeTrips(r, o, s, dir, p, note);
    if (length > 0) this.#data(r, o, s, dir, originDir, p, note);
    if ((p.window === 0 || (w[o] & (row.F_SHUT * 3)) !== 0) && (p.tcpFlags & (tcpFlag.syn | tcpFlag.rst)) === 0)
      this.#window(r, o, dir, p);
    this.#flight(r, o);
    if ((((t >>> 20) - w[o + row.H_TOLD]) & 0xfff) > tellAfter) {
      w[o + row.H_TOLD] = (w[o + row.H_TOLD] & ~0xffff) | (t >>> 20);
      this.#listener.healthAlive(r);
    }
    return wasSeen || (note & repetition) !== 0 ? segmentKind.again : segmentKind.fresh;
  }

  #begin(r: number, o: number, p: Packet): void {
    const w = this.words;
    const f = this.#flows;
    const at = r * flow.ROW_WORDS;
    const originDir = (f[at + flow.W_STATE] & flow.STATE_ORIGIN_HIGH) !== 0 ? 1 : 0;
    const t = p.timeUs | 0;
    w[o + row.H_FLAGS] = row.F_USED | (stampAt(p) >= 0 ? row.F_STAMPS : 0);
    w[o + row.H_LAST] = t;
    w[o + row.H_TOLD] = t >>> 20;
    // The handshake has timed both legs: SYN to SYN-ACK is what the originator sends, SYN-ACK to ACK the way back.
    seed(w, o + row.sideAt(originDir), f[at + flow.W_SERVER_RTT]);
    seed(w, o + row.sideAt(1 - originDir), f[at + flow.W_CLIENT_RTT]);
    if (f[at + flow.W_SERVER_RTT] >= 0)
      this.#listener.handshake(r, f[at + flow.W_SERVER_RTT], f[at + flow.W_CLIENT_RTT]);
  }

  #skipCopy(o: number): void {
    const flags = this.words[o];
    const copies = flags >>> row.F_DUPLICATES_AT;
    if (copies < 255) this.words[o] = flags + (1 << row.F_DUPLICATES_AT);
  }

  /** Whether a segment that came as soon as if it were late repeats bytes that were here before. */
  #wasSeen(r: number, dir: number): boolean {
    return (this.#flows[r * flow.ROW_WORDS + flow.W_TCP + dir * stateWords] & lastSeenBefore) !== 0;
  }

  #noted(o: number, s: number, dir: number, p: Packet, note: number): void {
    const w = this.words;
    if ((note & (repetition | tcpNote.outOfOrder)) !== 0) {
      if ((w[o] & row.F_STAMPS) === 0) stopTiming(w, s);
      if (p.payloadLen > 0 && (note & repetition) !== 0) this.#repeated(o, s, dir, p);
    }
    if ((note & tcpNote.duplicateAck) === 0) return;
    const run = row.field(w[s + row.S_MISC], row.M_DUPLICATE_AT, 3) + 1;
    w[s + row.S_MISC] = row.withField(w[s + row.S_MISC], row.M_DUPLICATE_AT, 3, run);
    if (run !== 3) return;
    const runs = row.field(w[s + row.S_MISC], row.M_DUPLICATE_RUNS_AT, 255);
    w[s + row.S_MISC] = row.withField(w[s + row.S_MISC], row.M_DUPLICATE_RUNS_AT, 255, runs + 1);
  }

  #repeated(o: number, s: number, dir: number, p: Packet): void {
    const w = this.words;
    w[o] |= row.F_RETRIED;
    const run = noteAgain(w, s, p.seq);
    const passed = row.F_BIG_PASSED << dir;
    const isSmallThrough = row.field(w[s + row.S_MISC], row.M_SAMPLES_AT, 31) > 0;
    if (run >= 3 && p.payloadLen >= largeBytes && (w[o] & passed) === 0 && isSmallThrough)
      w[o] |= row.F_BLACK_HOLE << dir;
  }

  /** Ends what this segment acknowledges, and begins to time it. */
  #timeTrips(r: number, o: number, s: number, dir: number, p: Packet, note: number): void {
    const w = this.words;
    const other = o + row.sideAt(1 - dir);
    const awaited = (w[other + row.S_MISC] & row.M_RING) !== 0;
    const isTimed = p.payloadLen > 0 && (note & unlikeData) === 0 && wantsTime(w, s);
    if (!awaited && !isTimed) return;
    const stamp = (w[o] & row.F_STAMPS) === 0 ? -1 : stampAt(p);
    if ((w[o] & row.F_STAMPS) !== 0 && stamp < 0) return;
    if (awaited && (p.tcpFlags & tcpFlag.ack) !== 0) {
      const ended = endSegment(w, other, p, stamp);
      if (ended >= 0) {
        w[other + row.S_MISC] &= ~runBits;
        if ((ended & 1) !== 0) w[o] |= row.F_BIG_PASSED << (1 - dir);
        this.#sample(r, o, other, 1 - dir, ended >> 1, p.payloadLen > 0);
      }
    }
    if (isTimed) timeSegment(w, s, p, stamp);
  }

  /** A round trip of what direction `dir` (at word `s`) sends. */
  #sample(r: number, o: number, s: number, dir: number, us: number, isAnswer: boolean): void {
    const w = this.words;
    const isBulk = (w[o] & (row.F_BULK << dir)) !== 0;
    const flight = Math.min(0xffff, Math.max(0, this.#inFlight(r, dir)) >> 8);
    const shift = dir << 4;
    const calm = (w[o + row.H_CALM_FLIGHT] >>> shift) & 0xffff;
    if (!learnRoundTrip(w, s, us, isBulk, isAnswer, flight, calm)) return;
    const base = w[s + row.S_BASE] - 1;
    if (flight > calm && us <= base + base / 4 + 1000)
      w[o + row.H_CALM_FLIGHT] = (w[o + row.H_CALM_FLIGHT] & ~(0xffff << shift)) | (flight << shift);
    this.#listener.roundTrip(r, dir, us);
  }

  #data(r: number, o: number, s: number, dir: number, originDir: number, p: Packet, note: number): void {
    const w = this.words;
    w[s + row.S_SEGMENTS]++;
    if (p.ipVersion === 4) w[s + row.S_MIN_ID] = (w[s + row.S_MIN_ID] & ~0xffff) | ipId(p);
    const sizes = w[s + row.S_SIZES];
    if (p.payloadLen > sizes >>> 16) w[s + row.S_SIZES] = (Math.min(0xffff, p.payloadLen) << 16) | (sizes & 0xffff);
    if ((note & unlikeData) !== 0) return;
    const spoke = (w[o] >>> row.F_SPOKE_SHIFT) & 3;
    w[o] = (w[o] & ~(3 << row.F_SPOKE_SHIFT)) | ((dir + 1) << row.F_SPOKE_SHIFT);
    if (dir === originDir) {
      w[o] = (w[o] | row.F_AWAITS) & (spoke === dir + 1 ? -1 : ~row.F_RETRIED);
      w[o + row.H_REQUEST] = p.timeUs | 0;
    } else if ((w[o] & row.F_AWAITS) !== 0) this.#responded(r, o, originDir, p);
  }

  /** The first data of an answer. */
  #responded(r: number, o: number, originDir: number, p: Packet): void {
    const w = this.words;
    const isClean = (w[o] & row.F_RETRIED) === 0;
    w[o] &= ~(row.F_AWAITS | row.F_RETRIED);
    const tookUs = ((p.timeUs | 0) - w[o + row.H_REQUEST]) | 0;
    if (!isClean || tookUs < 0) return;
    const us = Math.max(0, tookUs - Math.max(0, w[o + row.sideAt(originDir) + row.S_BASE] - 1));
    const count = w[o + row.H_TOLD] >>> 16;
    if (count < 0xffff) w[o + row.H_TOLD] += 1 << 16;
    w[o + row.H_RESPONSE_MEAN] += Math.round((us - w[o + row.H_RESPONSE_MEAN]) / (count + 1));
    if (us > w[o + row.H_RESPONSE_MOST]) w[o + row.H_RESPONSE_MOST] = us;
    this.#listener.response(r, us);
    if (us >= slowResponseUs) this.#listener.slowResponse(r, us, p);
  }

  /** Times shut windows: of this side, and whether the other side's is still shut. */
  #window(r: number, o: number, dir: number, p: Packet): void {
    const w = this.words;
    const t = p.timeUs | 0;
    const own = row.F_SHUT << dir;
    if ((w[o] & own) === 0 && p.window === 0) {
      if ((w[o] & (row.F_SHUT * 3)) === 0) w[o + row.H_SHUT_SINCE] = t;
      w[o] |= own;
      return;
    }
    const shutDir = (w[o] & own) !== 0 ? dir : 1 - dir;
    const us = (t - w[o + row.H_SHUT_SINCE]) | 0;
    const isOpen = shutDir === dir && p.window !== 0;
    if (isOpen) {
      const s = o + row.sideAt(dir);
      if (us > 0) w[s + row.S_SHUT] = Math.min(0x7fffffff, w[s + row.S_SHUT] + us);
      w[o] &= ~own;
    }
    const told = (w[o] & row.F_STALL_TOLD) !== 0;
    if (us >= stallUs && us !== 0 && (isOpen || !told)) {
      w[o] |= row.F_STALL_TOLD;
      this.#listener.stalled(r, shutDir, us, p);
    }
    if (isOpen) w[o] &= ~row.F_STALL_TOLD;
  }

  #inFlight(r: number, dir: number): number {
    const at = r * flow.ROW_WORDS + flow.W_TCP + dir * stateWords;
    return underWay(this.#flows, at, r * flow.ROW_WORDS + flow.W_TCP + (1 - dir) * stateWords);
  }

  /** What each side has under way now, for the time until the next packet. */
  #flight(r: number, o: number): void {
    const w = this.words;
    const f = this.#flows;
    const at = r * flow.ROW_WORDS + flow.W_TCP;
    let flags = w[o] & ~row.F_FLIGHT;
    if (w[o + side0 + row.S_SIZES] !== 0) flags |= sideFlight(w, f, o + side0, at, at + stateWords);
    if (w[o + side1 + row.S_SIZES] !== 0) flags |= sideFlight(w, f, o + side1, at + stateWords, at) << 1;
    w[o] = flags;
  }
}

const ipId = (p: Packet): number => (p.bytes[p.l3At + 4] << 8) | p.bytes[p.l3At + 5];

/**
 * Whether a repetition is the same packet captured again: its IP identification is not later than that of the one before
 * (a host gives each transmission its own), or it comes too soon for anyone to have asked for it.
 */
function isCopy(w: Int32Array, s: number, p: Packet, gapUs: number): boolean {
  const id = p.ipVersion === 4 ? ipId(p) : 0;
  // Copies of another interface come some packets later; what is sent anew has a later identification.
  if (id !== 0) return (((w[s + row.S_MIN_ID] & 0xffff) - id) & 0xffff) <= copyIds;
  const base = w[s + row.S_BASE];
  return gapUs < copyUs && (base === 0 || gapUs <= base >> 1);
}

/** Whether a segment of the direction at word `s` is to be timed: after the first 31, one in eight. */
function wantsTime(w: Int32Array, s: number): boolean {
  const misc = w[s + row.S_MISC];
  if ((misc & row.M_RING) === row.M_RING) return false;
  return (misc & samplesFull) !== samplesFull || (w[s + row.S_SEGMENTS] & 7) === 0;
}

const samplesFull = 31 << row.M_SAMPLES_AT;
const side0 = 16;
const side1 = 28;
const runBits = bits3 << row.M_RUN_AT;

/** Bytes of the direction at word `at` of the flow row that the one at `back` has not acknowledged; -1 when not known. */
function underWay(f: Int32Array, at: number, back: number): number {
  const acked = f[back + tcpAckWord];
  const next = f[at + tcpNextWord];
  if (acked === 0 || next === 0) return -1;
  const bytes = (next - acked) | 0;
  return bytes > 0 && bytes < 0x3fffffff ? bytes : 0;
}

/** Flags of direction 0 for the one at word `s` of the health row. */
function sideFlight(w: Int32Array, f: Int32Array, s: number, at: number, back: number): number {
  const sizes = w[s + row.S_SIZES];
  const largest = sizes >>> 16;
  const window = windowOf(f, back);
  const bytes = underWay(f, at, back);
  if (bytes < 0) return 0;
  if (bytes === 0) {
    if ((w[s + row.S_MISC] & runBits) !== 0) w[s + row.S_MISC] &= ~runBits;
    return (window === 0 ? row.F_BLOCKED : 0) | (largest >= largeBytes ? row.F_BIG_PASSED : 0);
  }
  const flight = bytes >> 8 < 0xffff ? bytes >> 8 : 0xffff;
  if (flight > (sizes & 0xffff)) w[s + row.S_SIZES] = (sizes & ~0xffff) | flight;
  const bulk = bytes > largest ? row.F_OUT | row.F_BULK : row.F_OUT;
  if (window === 0) return bulk | row.F_BLOCKED;
  return window > 0 && (window - bytes < largest || bytes > window - window / 10) ? bulk | row.F_FULL : bulk;
}

function seed(w: Int32Array, s: number, us: number): void {
  if (us < 0) return;
  keepLowest(w, s, us);
  w[s + row.S_BASE] = us + 1;
}
