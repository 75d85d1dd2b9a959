// What a flow waited for between two packets: the later one tells who made it wait. Every gap of a flow's time goes to one
// reason, so that shares add up; a gap that ends with what one side sends is, but for that side's round trip, its own.

import { tcpNote } from '../flows/tcp-analysis-rules.ts';
import * as row from './health-row.ts';

const repetition = tcpNote.retransmission | tcpNote.fastRetransmission | tcpNote.spuriousRetransmission;
const probe = tcpNote.zeroWindowProbe | tcpNote.zeroWindowProbeAck;
/** A round trip this much longer than twice the base is time in queues. */
const queueUs = 10_000;
const most = 0x3fffffff;

/** Gives the time before a segment of direction `dir` to its reason. `o` is the flow's first word. */
export function charge(
  w: Int32Array,
  o: number,
  dir: number,
  originDir: number,
  note: number,
  length: number,
  gapUs: number,
): void {
  const flags = w[o];
  if ((note & probe) !== 0 || (flags & (3 * row.F_BLOCKED)) !== 0) add(w, o, row.waited.window, gapUs);
  else if ((note & repetition) !== 0) add(w, o, row.waited.loss, gapUs);
  else if ((note & tcpNote.ackLostSegment) !== 0) add(w, o, row.waited.notCaptured, gapUs);
  else {
    // Data waits for its own side's window, an ACK ends the wait of the other side's data.
    const sender = length > 0 && (flags & (row.F_BULK << dir)) !== 0 ? dir : 1 - dir;
    if ((flags & (row.F_BULK << sender)) !== 0) chargeTransfer(w, o, sender, flags, gapUs);
    else chargeTurn(w, o, dir, originDir, length, gapUs);
  }
}

function chargeTransfer(w: Int32Array, o: number, sender: number, flags: number, gapUs: number): void {
  const s = o + row.sideAt(sender);
  if ((flags & (row.F_FULL << sender)) !== 0) add(w, o, row.waited.window, gapUs);
  else if (w[s + row.S_SMOOTH] > 2 * w[s + row.S_BASE] + queueUs) add(w, o, row.waited.queue, gapUs);
  else add(w, o, row.waited.transfer, gapUs);
}

/** Nothing much is under way: someone thinks. */
function chargeTurn(w: Int32Array, o: number, dir: number, originDir: number, length: number, gapUs: number): void {
  const flags = w[o];
  const spoke = (flags >>> row.F_SPOKE_SHIFT) & 3;
  // A segment that only acknowledges or closes answers for the side whose turn it is: the one that did not speak last.
  const thinker = length > 0 || (flags & (row.F_OUT << (1 - dir))) !== 0 ? dir : spoke === 0 ? originDir : 2 - spoke;
  // Base is stored plus one; below it, all of the gap is the round trip.
  const legUs = w[o + row.sideAt(1 - thinker) + row.S_BASE] - 1;
  const thinks = thinker === originDir ? row.waited.client : row.waited.server;
  if (gapUs <= legUs) add(w, o, row.waited.roundTrips, gapUs);
  else if (legUs <= 0) add(w, o, thinks, gapUs);
  else {
    add(w, o, row.waited.roundTrips, legUs);
    add(w, o, thinks, gapUs - legUs);
  }
}

/** Adds to a counter; when it would not fit, all of them are halved. */
function add(w: Int32Array, o: number, reason: number, us: number): void {
  const shift = (w[o] >>> row.F_SHIFT_AT) & 7;
  const at = o + row.H_WAITS + reason;
  const sum = (w[at] + (us >>> shift)) | 0;
  w[at] = sum;
  if (sum > most) widen(w, o, shift);
}

/** Halves all counters; at the coarsest, four days, they stay where they are. */
function widen(w: Int32Array, o: number, shift: number): void {
  for (let i = o + row.H_WAITS; i < o + row.H_WAITS + row.waitCount; i++)
    w[i] = shift === 7 ? Math.min(w[i], most) : w[i] >>> 1;
  if (shift < 7) w[o] += 1 << row.F_SHIFT_AT;
}

/** Microseconds of a counter. */
export function waitedUs(w: Int32Array, o: number, reason: number): number {
  return w[o + row.H_WAITS + reason] * 2 ** ((w[o] >>> row.F_SHIFT_AT) & 7);
}
