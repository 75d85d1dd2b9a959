// A flow's health in a signal's words: out of the health row, the flow row and the TCP analysis.

import type { HealthSignal } from '../../core/index.ts';
import * as flow from '../flows/flow-row.ts';
import type { FlowTable } from '../flows/index.ts';
import { type TcpAnalysis, tcpCount } from '../flows/tcp-analysis.ts';
import { stateWords, windowOf } from '../flows/tcp-analysis-rules.ts';
import * as row from './health-row.ts';
import { baseOf, judge, rttOf, sentenceOf, type Transfer } from './verdict.ts';
import { waitedUs } from './waiting.ts';

const counters = new Float64Array(row.waitCount);

export function fillHealth(s: HealthSignal, w: Int32Array, table: FlowTable, tcp: TcpAnalysis, r: number): void {
  const o = r * row.healthWords;
  const high = (table.words[r * flow.ROW_WORDS + flow.W_STATE] & flow.STATE_ORIGIN_HIGH) !== 0 ? 1 : 0;
  fillTrips(s, w, o, high);
  fillCounts(s, w, o, tcp, r, high);
  const flags = w[o];
  s.oBlackHole = (flags & (row.F_BLACK_HOLE << high)) !== 0;
  s.rBlackHole = (flags & (row.F_BLACK_HOLE << (1 - high))) !== 0;
  s.responses = w[o + row.H_TOLD] >>> 16;
  s.responseMeanUs = w[o + row.H_RESPONSE_MEAN];
  s.responseMostUs = w[o + row.H_RESPONSE_MOST];
  const tcpAt = r * flow.ROW_WORDS + flow.W_TCP;
  s.oWindow = windowOf(table.words, tcpAt + high * stateWords);
  s.rWindow = windowOf(table.words, tcpAt + (1 - high) * stateWords);
  for (let i = 0; i < row.waitCount; i++) counters[i] = waitedUs(w, o, i);
  judge(s, counters, busiestOf(s, table, r, high));
  s.sentence = sentenceOf(s);
}

const known = (stored: number): number => stored - 1;
const highest = (stored: number): number => ((stored & 0xffff) - 1) * 1024;
const lowest = (stored: number): number => Math.max(0, (stored >>> 16) - 1) << 6;

/** What the originator sends is timed on the leg to the server, what the responder sends on the leg to the client. */
function fillTrips(s: HealthSignal, w: Int32Array, o: number, high: number): void {
  const out = o + row.sideAt(high);
  const back = o + row.sideAt(1 - high);
  s.serverBaseUs = known(w[out + row.S_BASE]);
  s.serverRttUs = known(w[out + row.S_SMOOTH] || w[out + row.S_BASE]);
  s.serverTopUs = Math.max(s.serverRttUs, highest(w[out + row.S_TOP]));
  s.clientBaseUs = known(w[back + row.S_BASE]);
  s.clientRttUs = known(w[back + row.S_SMOOTH] || w[back + row.S_BASE]);
  s.clientTopUs = Math.max(s.clientRttUs, highest(w[back + row.S_TOP]));
  const stepped = (w[out + row.S_MISC] | w[back + row.S_MISC]) & row.M_STEPPED;
  s.beforeStepUs = stepped === 0 ? -1 : lowest(w[out + row.S_MIN_ID]) + lowest(w[back + row.S_MIN_ID]);
  s.samples =
    row.field(w[out + row.S_MISC], row.M_SAMPLES_AT, 31) + row.field(w[back + row.S_MISC], row.M_SAMPLES_AT, 31);
}

function fillCounts(s: HealthSignal, w: Int32Array, o: number, tcp: TcpAnalysis, r: number, high: number): void {
  const out = o + row.sideAt(high);
  const back = o + row.sideAt(1 - high);
  const copies = w[o] >>> row.F_DUPLICATES_AT;
  s.oSegments = w[out + row.S_SEGMENTS];
  s.rSegments = w[back + row.S_SEGMENTS];
  s.isDoubled = copies === 255 || (copies >= 8 && copies * 10 >= s.oSegments + s.rSegments);
  const o1 = tcp.count(r, high, tcpCount.retransmissions);
  const r1 = tcp.count(r, 1 - high, tcpCount.retransmissions);
  // The capture's own copies look like repetitions.
  const ofO = s.isDoubled ? o1 : Math.min(copies, o1);
  const oSoon = w[out + row.S_TOP] >>> 16;
  const rSoon = w[back + row.S_TOP] >>> 16;
  s.oRepeated = o1 - ofO + oSoon;
  s.rRepeated = s.isDoubled ? 0 : Math.max(0, r1 - (copies - ofO)) + rSoon;
  s.oOutOfOrder = Math.max(0, tcp.count(r, high, tcpCount.outOfOrder) - oSoon);
  s.rOutOfOrder = Math.max(0, tcp.count(r, 1 - high, tcpCount.outOfOrder) - rSoon);
  s.oLost = tcp.count(r, high, tcpCount.lostSegments);
  s.rLost = tcp.count(r, 1 - high, tcpCount.lostSegments);
  s.oDuplicateAcks = tcp.count(r, high, tcpCount.duplicateAcks);
  s.rDuplicateAcks = tcp.count(r, 1 - high, tcpCount.duplicateAcks);
  s.oDuplicateRuns = row.field(w[out + row.S_MISC], row.M_DUPLICATE_RUNS_AT, 255);
  s.rDuplicateRuns = row.field(w[back + row.S_MISC], row.M_DUPLICATE_RUNS_AT, 255);
  s.oUnanswered = row.field(w[out + row.S_MISC], row.M_RUN_MOST_AT, 7);
  s.rUnanswered = row.field(w[back + row.S_MISC], row.M_RUN_MOST_AT, 7);
  s.oMaxPayload = w[out + row.S_SIZES] >>> 16;
  s.rMaxPayload = w[back + row.S_SIZES] >>> 16;
  s.oInFlight = (w[out + row.S_SIZES] & 0xffff) << 8;
  s.rInFlight = (w[back + row.S_SIZES] & 0xffff) << 8;
  const shut = w[o] & (row.F_SHUT * 3);
  const lastUs = shut === 0 ? 0 : Math.max(0, (w[o + row.H_LAST] - w[o + row.H_SHUT_SINCE]) | 0);
  s.oShutUs = w[out + row.S_SHUT] + ((shut & (row.F_SHUT << high)) !== 0 ? lastUs : 0);
  s.rShutUs = w[back + row.S_SHUT] + ((shut & (row.F_SHUT << (1 - high))) !== 0 ? lastUs : 0);
}

/** The transfer of the side that sent most. */
function busiestOf(s: HealthSignal, table: FlowTable, r: number, high: number): Transfer {
  const q = r * flow.ROW_DOUBLES + flow.D_PAYLOAD;
  const isOrigin = table.doubles[q + high] > table.doubles[q + 1 - high];
  return {
    segments: isOrigin ? s.oSegments : s.rSegments,
    repeated: isOrigin ? s.oRepeated : s.rRepeated,
    payloadBytes: table.doubles[q + (isOrigin ? high : 1 - high)],
    maxPayload: isOrigin ? s.oMaxPayload : s.rMaxPayload,
    window: isOrigin ? s.rWindow : s.oWindow,
    baseUs: baseOf(s),
    rttUs: rttOf(s),
  };
}
