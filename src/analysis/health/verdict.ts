// The verdict on a flow: what it waited for, as shares of its time and one sentence with the numbers (PERF-CLASS of
// detection.md §1.11, after T-RAT, Zhang et al. 2002).

import { type HealthSignal, wait, waits } from '../../core/index.ts';
import { waited } from './health-row.ts';

/** Share of repeated segments from which a transfer is limited by loss, whatever the path is like. */
const lossShare = 0.01;
/** √(3/2): segments per round trip that loss allows, times the root of its share (Mathis et al. 1997). */
const mathis = 1.22;
/** Part of what loss allows from which a transfer is held back by it. */
const nearLoss = 0.4;
/** Round trips that a transfer takes until it has left slow start. */
const startTrips = 10;

/** What a transfer of one side was like. */
export interface Transfer {
  readonly segments: number;
  readonly repeated: number;
  readonly payloadBytes: number;
  readonly maxPayload: number;
  /** The receiver's window, -1 unknown. */
  readonly window: number;
  /** Round trip of both legs without queues, and as it was; -1 unknown. */
  readonly baseUs: number;
  readonly rttUs: number;
}

/** What held a transfer up that was neither at rest, nor in a queue, nor before a full window. */
export function limitOf(t: Transfer, transferUs: number): number {
  const share = t.repeated / Math.max(1, t.segments);
  const allowed = t.repeated === 0 ? Number.POSITIVE_INFINITY : (mathis * t.maxPayload) / Math.sqrt(share);
  const perTrip = (t.payloadBytes / Math.max(1, transferUs)) * Math.max(0, t.rttUs);
  if (share >= lossShare || (t.repeated >= 2 && perTrip >= nearLoss * allowed)) return wait.loss;
  if (t.rttUs <= 0) return wait.bandwidth;
  if (t.window > 0 && perTrip >= 0.85 * t.window) return wait.receiverWindow;
  if (t.rttUs > 1.25 * t.baseUs + 2000) return wait.bandwidth;
  if (transferUs < startTrips * t.rttUs || t.segments < 20) return wait.roundTrips;
  // No loss, no queue, room in the receiver: the sender keeps no more under way than this.
  return wait.senderWindow;
}

/**
 * Fills shares and verdict of a signal whose other numbers are known.
 * @param counters microseconds by `waited` of health-row.ts
 * @param busiest the transfer of the side that sent most
 */
export function judge(s: HealthSignal, counters: ArrayLike<number>, busiest: Transfer): void {
  const out = s.waitedUs.fill(0);
  out[wait.server] = counters[waited.server];
  out[wait.client] = counters[waited.client];
  out[wait.receiverWindow] = counters[waited.window];
  out[wait.loss] = counters[waited.loss];
  out[wait.queueing] = counters[waited.queue];
  out[wait.roundTrips] = counters[waited.roundTrips];
  out[wait.notCaptured] = counters[waited.notCaptured];
  const transferUs = counters[waited.transfer];
  if (transferUs > 0) out[limitOf(busiest, transferUs + counters[waited.window])] += transferUs;
  s.totalUs = 0;
  s.verdict = -1;
  for (let i = 0; i < waits.length; i++) {
    s.totalUs += out[i];
    if (out[i] > 0 && (s.verdict < 0 || out[i] > out[s.verdict])) s.verdict = i;
  }
}

const reasons = [
  'for the server to answer',
  'for the client to go on',
  "for room in the receiver's window",
  "by the sender's own window",
  'for repetitions of lost segments',
  'in queues on the way',
  'for the bandwidth of the path',
  'for round trips',
  'for packets that we did not capture',
];

const seconds = (us: number): string => `${Number((us / 1e6).toFixed(us < 1e7 ? 2 : 0))} s`;
const millis = (us: number): string =>
  us < 0 ? '?' : us >= 1e6 ? seconds(us) : `${Number((us / 1000).toFixed(us < 10_000 ? 1 : 0))} ms`;

/** One sentence: how long it waited, for what, and the numbers behind the largest share. */
export function sentenceOf(s: HealthSignal): string {
  if (s.verdict < 0) return '';
  const order = Array.from(s.waitedUs.keys()).sort((a, b) => s.waitedUs[b] - s.waitedUs[a] || a - b);
  const parts = order
    .map((i) => ({ i, percent: Math.round((100 * s.waitedUs[i]) / s.totalUs) }))
    .filter(({ percent }, n) => n === 0 || (n < 4 && percent >= 3))
    .map(({ i, percent }) => `${percent} % ${reasons[i]}`);
  return `Of ${seconds(s.totalUs)} it waited ${parts.join(', ')}${detailOf(s)}.`;
}

function detailOf(s: HealthSignal): string {
  const repeated = s.oRepeated + s.rRepeated;
  if (s.oBlackHole || s.rBlackHole)
    return `; segments of ${Math.max(s.oMaxPayload, s.rMaxPayload)} bytes vanish while small ones pass`;
  if (s.verdict === wait.server && s.responses > 0)
    return `; ${s.responses === 1 ? 'the answer' : `${s.responses} answers`} began after ${millis(s.responseMeanUs)} on average, ${millis(s.responseMostUs)} at the most`;
  if (s.verdict === wait.loss) return `; ${repeated} of ${s.oSegments + s.rSegments} segments were repeated`;
  if (s.verdict === wait.queueing)
    return `; the round trip rose from ${millis(baseOf(s))} to ${millis(Math.max(s.serverTopUs, s.clientTopUs))}`;
  if (s.verdict === wait.receiverWindow) return windowDetail(s);
  if (s.verdict === wait.roundTrips || s.verdict === wait.senderWindow) return `; one takes ${millis(rttOf(s))}`;
  return '';
}

function windowDetail(s: HealthSignal): string {
  const window = s.oSegments > s.rSegments ? s.rWindow : s.oWindow;
  const shut = s.oShutUs + s.rShutUs;
  if (shut > 0) return `; it was shut for ${seconds(shut)}`;
  return window > 0 ? `; it is ${window} bytes for a round trip of ${millis(rttOf(s))}` : '';
}

/** Both legs as far as known. */
export const baseOf = (s: HealthSignal): number => both(s.serverBaseUs, s.clientBaseUs);
export const rttOf = (s: HealthSignal): number => both(s.serverRttUs, s.clientRttUs);

function both(a: number, b: number): number {
  return a < 0 && b < 0 ? -1 : Math.max(0, a) + Math.max(0, b);
}
