// Round trips of a flow while it goes on: from here to a segment's receiver and back with its acknowledgment.
//
// Two segments of a direction are timed at once: enough for a sample or two in each round trip. With timestamps (RFC 7323)
// the echo tells which transmission was acknowledged, as pping measures; without, what was repeated is not timed (Karn,
// RFC 6298 §3). Only segments with data are timed: what answers them comes without waiting for an application.

import type { Packet } from '../../core/index.ts';
import * as row from './health-row.ts';

/** From this size on a segment is large: it is what a smaller MTU on the way would stop. */
export const largeBytes = 1200;
/** A sample beyond twice the base and this much, without data in bulk, holds a delayed ACK or an application's time. */
const delayedUs = 10_000;
/** No round trip: the capture's clock jumped. */
const mostUs = 60e6;
const bits3 = 7;
const bits5 = 31;

/** Offset of the timestamp option's first value in the frame, -1 when there is none in what was captured. */
export function stampAt(p: Packet): number {
  const b = p.bytes;
  const from = p.l4At + 20;
  const end = Math.min(p.l4At + p.tcpHeaderLen, p.end);
  if (end - from < 10) return -1;
  // The usual layout: NOP, NOP, timestamps.
  if (b[from] === 1 && b[from + 1] === 1 && b[from + 2] === 8 && end - from >= 12) return from + 4;
  for (let o = from; o < end; ) {
    const kind = b[o];
    if (kind === 0) return -1;
    if (kind === 1) o++;
    else if (kind === 8) return o + 10 <= end && b[o + 1] === 10 ? o + 2 : -1;
    else if (o + 1 >= end || b[o + 1] < 2) return -1;
    else o += b[o + 1];
  }
  return -1;
}

function word(b: Uint8Array, at: number): number {
  return (b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3];
}

/** Begins to time a data segment of the direction at word `s`, when there is room. `stamp` as stampAt, -1 to go by numbers. */
export function timeSegment(w: Int32Array, s: number, p: Packet, stamp: number): void {
  const ring = w[s + row.S_MISC] & row.M_RING;
  if (ring === 3) return;
  // The second place holds the segment that was sent again last, as long as it is not acknowledged.
  if (ring === 1 && row.field(w[s + row.S_MISC], row.M_RUN_AT, bits3) !== 0) return;
  const key = stamp >= 0 ? word(p.bytes, stamp) : (p.seq + p.payloadLen) | 0;
  const slot = ring & 1;
  if (ring !== 0 && w[s + row.S_KEYS + 1 - slot] === key) return;
  w[s + row.S_KEYS + slot] = key;
  w[s + row.S_TIMES + slot] = p.timeUs | 0;
  const large = 1 << (row.M_LARGE_AT + slot);
  w[s + row.S_MISC] = (w[s + row.S_MISC] & ~large) | (1 << slot) | (p.payloadLen >= largeBytes ? large : 0);
}

/** Notes that a segment was sent again; returns how often in a row. Its place in the ring is needed to know it by. */
export function noteAgain(w: Int32Array, s: number, seq: number): number {
  const misc = w[s + row.S_MISC];
  const before = row.field(misc, row.M_RUN_AT, bits3);
  const run = before > 0 && w[s + row.S_KEYS + 1] === (seq | 0) ? Math.min(bits3, before + 1) : 1;
  w[s + row.S_KEYS + 1] = seq;
  const most = Math.max(run, row.field(misc, row.M_RUN_MOST_AT, bits3));
  w[s + row.S_MISC] = row.withField(row.withField(misc, row.M_RUN_AT, bits3, run), row.M_RUN_MOST_AT, bits3, most) & ~2;
  return run;
}

/** Forgets what is timed: it was sent again. */
export function stopTiming(w: Int32Array, s: number): void {
  w[s + row.S_MISC] &= ~row.M_RING;
}

/**
 * Twice the round trip that the acknowledgment `p` ends for the direction at word `s`, microseconds, plus one when the
 * segment was large; -1 when it ends none.
 * Of two segments acknowledged at once the later one counts: its ACK was not held back.
 */
export function endSegment(w: Int32Array, s: number, p: Packet, stamp: number): number {
  const now = p.timeUs | 0;
  const echo = stamp >= 0 ? word(p.bytes, stamp + 4) : 0;
  let best = -1;
  for (let slot = 0; slot < 2; slot++) {
    if ((w[s + row.S_MISC] & (1 << slot)) === 0) continue;
    const key = w[s + row.S_KEYS + slot];
    const passed = stamp >= 0 ? (echo - key) | 0 : (p.ack - key) | 0;
    if (passed < 0) continue;
    const large = (w[s + row.S_MISC] >>> (row.M_LARGE_AT + slot)) & 1;
    w[s + row.S_MISC] &= ~(1 << slot);
    // An echo of a later timestamp says nothing of this one.
    if (stamp >= 0 && passed !== 0) continue;
    const tookUs = (now - w[s + row.S_TIMES + slot]) | 0;
    if (tookUs >= 0 && tookUs < mostUs && (best < 0 || tookUs < best >> 1)) best = 2 * tookUs + large;
  }
  return best;
}

/**
 * Takes a round trip into the averages of the direction at word `s`.
 * @param isBulk more than one segment was under way: the ACK came without waiting; @param isAnswer it came with data
 * @param flight bytes under way, in 256 bytes; @param calm the most of them while the round trip was short
 * @returns whether it counts
 */
export function learnRoundTrip(
  w: Int32Array,
  s: number,
  us: number,
  isBulk: boolean,
  isAnswer: boolean,
  flight: number,
  calm: number,
): boolean {
  const base = w[s + row.S_BASE] - 1;
  if (!isBulk && (base < 0 ? isAnswer : us > 2 * base + delayedUs)) return false;
  const misc = w[s + row.S_MISC];
  const samples = row.field(misc, row.M_SAMPLES_AT, bits5);
  if (base < 0 || us < base) w[s + row.S_BASE] = us + 1;
  keepLowest(w, s, us);
  const before = w[s + row.S_SMOOTH] - 1;
  const smooth = samples === 0 || before < 0 ? us : before + Math.round((us - before) / 8);
  w[s + row.S_SMOOTH] = smooth + 1;
  if (samples >= 4) keepHighest(w, s, smooth);
  w[s + row.S_MISC] = row.withField(misc, row.M_SAMPLES_AT, bits5, samples + 1);
  if (isBulk) followStep(w, s, us, smooth, flight, calm);
  return true;
}

function keepHighest(w: Int32Array, s: number, us: number): void {
  const top = Math.min(0xfffe, us >> 10) + 1;
  if (top > (w[s + row.S_TOP] & 0xffff)) w[s + row.S_TOP] = (w[s + row.S_TOP] & ~0xffff) | top;
}

/** Takes a round trip into the lowest ever. */
export function keepLowest(w: Int32Array, s: number, us: number): void {
  const before = w[s + row.S_MIN_ID] >>> 16;
  const now = Math.min(0xfffe, us >> 6) + 1;
  if (before === 0 || now < before) w[s + row.S_MIN_ID] = (w[s + row.S_MIN_ID] & 0xffff) | (now << 16);
}

/** Seven samples in a row that are longer, alike, and not for more bytes under way: not a queue, the path has changed. */
function followStep(w: Int32Array, s: number, us: number, smooth: number, flight: number, calm: number): void {
  const misc = w[s + row.S_MISC];
  const base = w[s + row.S_BASE] - 1;
  const isLonger = us > base + base / 2 + 5000 && flight <= calm + calm / 4 + 12;
  if (!isLonger) {
    if (row.field(misc, row.M_STEP_AT, bits3) !== 0) w[s + row.S_MISC] = row.withField(misc, row.M_STEP_AT, bits3, 0);
    return;
  }
  const run = row.field(misc, row.M_STEP_AT, bits3) + 1;
  w[s + row.S_MISC] = row.withField(misc, row.M_STEP_AT, bits3, run);
  if (run < bits3 || Math.abs(us - smooth) > us / 2) return;
  w[s + row.S_MISC] = row.withField(misc, row.M_STEP_AT, bits3, 0) | row.M_STEPPED;
  w[s + row.S_BASE] = us + 1;
  w[s + row.S_SMOOTH] = us + 1;
}
