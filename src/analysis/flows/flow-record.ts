// A flow's record on its way to the outputs: a copy of the row's words and what is only known at its end.
//
// message payload   [ 64 words of the row ] [ 16 words of tail ]
// tail              end, name word and service number (see analysis/talks), bytes by sequence numbers, id, and from word
//                   8 on the health of a TCP flow: known, round trips of both legs, responses, verdict and its share

import { type Flow, type QueueReader, type QueueWriter, tcpStates } from '../../core/index.ts';
import { connState } from './conn-state.ts';
import * as row from './flow-row.ts';
import { stateWords, tcpNextWord } from './tcp-analysis-rules.ts';
import { historyText } from './tcp-state.ts';

/** Words behind the row. */
const tailWords = 16;
export const flowRecordBytes = (row.FACT_WORDS + tailWords) * 4;
const T_END = row.FACT_WORDS;
const T_NAMES = row.FACT_WORDS + 1;
const T_SERVICE = row.FACT_WORDS + 2;
/** Bytes by sequence numbers of direction 0 and 1. */
const T_SEQ_BYTES = row.FACT_WORDS + 3;
/** Health: eight words, the first 0 where nothing is known. */
const T_HEALTH = row.FACT_WORDS + 8;
const healthWords = 8;
/** Double of the tail: the id under which events were told, 0 when there were none. */
const T_ID_DOUBLE = row.FACT_WORDS / 2 + 3;

/**
 * Identifier of the conversation that the row at word `o`, double `q` holds now: the same for the same input, below 2^53. High bits from the
 * time, low bits from the key, so that runs over different captures do not meet in one store.
 */
export function flowId(w: Int32Array, d: Float64Array, o: number, q: number): number {
  const firstUs = d[q + row.D_FIRST_US];
  const ms = Math.floor(firstUs / 1000);
  // The remainder, never negative; dividing two doubles with % costs ten times as much.
  const high = ms - Math.floor(ms / 0x1fffff) * 0x1fffff;
  let h = Math.imul(w[o] ^ (firstUs - ms * 1000), 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15) ^ w[o + row.W_HIGH], 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ w[o + row.W_PORTS], 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16) ^ w[o + row.W_KIND], 0x27d4eb2f);
  for (let i = 0; i < 6; i++) h = Math.imul(h ^ (h >>> 14) ^ w[o + row.W_LOW_V6 + i], 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 15) ^ w[o + row.W_TUNNEL_ID], 0x297a2d39);
  h ^= h >>> 15;
  return high * 4294967296 + (h >>> 0);
}

/** Sends the record of a row; false when the queue dropped it. */
export function sendFlowRecord(
  queue: QueueWriter,
  kind: number,
  w: Int32Array,
  r: number,
  end: number,
  names: number,
  service: number,
  toldId: number,
  health: Int32Array,
): boolean {
  const unit = queue.reserve(kind, flowRecordBytes);
  if (unit < 0) return false;
  const out = queue.words;
  const at = unit * 2;
  const o = r * row.ROW_WORDS;
  for (let i = 0; i < row.FACT_WORDS; i++) out[at + i] = w[o + i];
  out[at + T_END] = end;
  out[at + T_NAMES] = names;
  out[at + T_SERVICE] = service;
  queue.doubles[unit + T_ID_DOUBLE] = toldId;
  out[at + T_SEQ_BYTES] = seqBytes(w, o, 0);
  out[at + T_SEQ_BYTES + 1] = seqBytes(w, o, 1);
  for (let i = 0; i < healthWords; i++) out[at + T_HEALTH + i] = health[i];
  queue.commit();
  return true;
}

/** The name word and the service number of a record. */
export const recordNames = (queue: QueueReader, unit: number): number => queue.words[unit * 2 + T_NAMES];
export const recordService = (queue: QueueReader, unit: number): number => queue.words[unit * 2 + T_SERVICE];

/** Reads a record into `flow`, but for its names. */
export function readFlowRecord(queue: QueueReader, unit: number, flow: Flow): void {
  fillFlow(flow, queue.words, queue.doubles, unit * 2, unit);
  const at = unit * 2;
  flow.end = queue.words[at + T_END];
  // An earlier packet that came late moves the first time, but not the id that events have told already.
  const toldId = queue.doubles[unit + T_ID_DOUBLE];
  if (toldId !== 0) flow.id = toldId;
  const isHigh = (queue.words[at + row.W_STATE] & row.STATE_ORIGIN_HIGH) !== 0 ? 1 : 0;
  flow.oSeqBytes = exactBytes(queue.words[at + T_SEQ_BYTES + isHigh] >>> 0, flow.oPayloadBytes, flow);
  flow.rSeqBytes = exactBytes(queue.words[at + T_SEQ_BYTES + 1 - isHigh] >>> 0, flow.rPayloadBytes, flow);
  readHealth(flow, queue.words, at + T_HEALTH);
}

function readHealth(flow: Flow, w: Int32Array, at: number): void {
  flow.hasHealth = w[at] !== 0;
  flow.serverLegUs = w[at + 1];
  flow.clientLegUs = w[at + 2];
  flow.responses = w[at + 3];
  flow.responseMeanUs = w[at + 4];
  flow.responseMostUs = w[at + 5];
  flow.verdict = w[at + 6];
  flow.verdictPercent = w[at + 7];
}

/** From the initial sequence number to the highest byte sent, modulo 2^32; SYN and FIN are no bytes. */
function seqBytes(w: Int32Array, o: number, dir: number): number {
  const next = w[o + row.W_TCP + dir * stateWords + tcpNextWord];
  if ((w[o + row.W_KIND] & 255) !== 6 || next === 0 || (w[o + row.W_EVER] & (row.EVER_BASE << dir)) === 0) return 0;
  const fin = (w[o + row.W_STATE] & (row.STATE_FIN << dir)) !== 0 ? 1 : 0;
  return Math.max(0, (next - w[o + row.W_BASE_SEQ + dir] - 1 - fin) | 0);
}

/** The span of sequence numbers where it can be true: it wraps, and of a later part the beginning is not known. */
function exactBytes(span: number, payload: number, flow: Flow): number {
  if (flow.proto !== 6) return 0;
  return flow.part > 0 || payload > 0x7fffffff || span > payload + 0x10000000 ? payload : span;
}

/** Fills a flow from a row at word `o`, double `q`: from the table itself or from a copy. */
export function fillFlow(flow: Flow, w: Int32Array, d: Float64Array, o: number, q: number): void {
  const state = w[o + row.W_STATE];
  const kind = w[o + row.W_KIND];
  const isHigh = (state & row.STATE_ORIGIN_HIGH) !== 0;
  const oDir = isHigh ? 1 : 0;
  const rDir = 1 - oDir;
  flow.ipVersion = (kind >>> 8) & 15;
  flow.proto = kind & 255;
  fillAddresses(flow, w, o, isHigh);
  const ports = w[o + row.W_PORTS];
  flow.oPort = isHigh ? ports & 0xffff : ports >>> 16;
  flow.rPort = isHigh ? ports >>> 16 : ports & 0xffff;
  flow.firstUs = d[q + row.D_FIRST_US];
  flow.lastUs = d[q + row.D_LAST_US];
  flow.closedUs = (state & row.STATE_CLOSED) !== 0 ? d[q + row.D_CLOSED_US] : 0;
  flow.oPackets = w[o + row.W_PACKETS + oDir] >>> 0;
  flow.rPackets = w[o + row.W_PACKETS + rDir] >>> 0;
  flow.oBytes = d[q + row.D_BYTES + oDir];
  flow.rBytes = d[q + row.D_BYTES + rDir];
  flow.oIpBytes = d[q + row.D_IP_BYTES + oDir];
  flow.rIpBytes = d[q + row.D_IP_BYTES + rDir];
  flow.oPayloadBytes = d[q + row.D_PAYLOAD + oDir];
  flow.rPayloadBytes = d[q + row.D_PAYLOAD + rDir];
  flow.oFlags = (w[o + row.W_FLAGS] >>> (oDir << 4)) & 0xffff;
  flow.rFlags = (w[o + row.W_FLAGS] >>> (rDir << 4)) & 0xffff;
  const oTtl = w[o + row.W_TTL] >>> (oDir << 4);
  const rTtl = w[o + row.W_TTL] >>> (rDir << 4);
  flow.oTtlMin = flow.oPackets > 0 ? 255 - (oTtl & 255) : 0;
  flow.oTtlMax = (oTtl >>> 8) & 255;
  flow.rTtlMin = flow.rPackets > 0 ? 255 - (rTtl & 255) : 0;
  flow.rTtlMax = (rTtl >>> 8) & 255;
  flow.tcpState = flow.proto === 6 ? tcpStateOf(state) : 0;
  flow.connState = connState(state, flow);
  flow.history =
    flow.proto === 6
      ? historyText(w, o, isHigh)
      : plainHistory(flow, ((state & row.STATE_FIRST_DOWN) !== 0) !== isHigh);
  flow.originRule = (state >>> row.STATE_RULE_SHIFT) & 3;
  flow.serverRttUs = w[o + row.W_SERVER_RTT];
  flow.clientRttUs = w[o + row.W_CLIENT_RTT];
  flow.handshakeRttUs = w[o + row.W_HANDSHAKE_RTT];
  flow.vlanOuter = (w[o + row.W_VLAN] & 0xffff) - 1;
  flow.vlanInner = (w[o + row.W_VLAN] >>> 16) - 1;
  flow.iface = w[o + row.W_IFACE] & 0xffff;
  flow.part = w[o + row.W_IFACE] >>> 16;
  flow.tunnelId = w[o + row.W_TUNNEL_ID] - 1;
  flow.outerId = d[q + row.D_OUTER_ID];
  flow.id = flowId(w, d, o, q);
  flow.alerted = (state & row.STATE_ALERTED) !== 0;
  fillMac(flow, w, o, state, isHigh);
}

function fillAddresses(flow: Flow, w: Int32Array, o: number, isHigh: boolean): void {
  const near = isHigh ? row.W_HIGH : row.W_LOW;
  const far = isHigh ? row.W_LOW : row.W_HIGH;
  if (flow.ipVersion !== 6) {
    flow.o0 = w[o + near];
    flow.r0 = w[o + far];
    flow.o1 = 0;
    flow.o2 = 0;
    flow.o3 = 0;
    flow.r1 = 0;
    flow.r2 = 0;
    flow.r3 = 0;
    return;
  }
  const nearV6 = o + (isHigh ? row.W_HIGH_V6 : row.W_LOW_V6);
  const farV6 = o + (isHigh ? row.W_LOW_V6 : row.W_HIGH_V6);
  flow.o0 = w[nearV6];
  flow.o1 = w[nearV6 + 1];
  flow.o2 = w[nearV6 + 2];
  flow.o3 = w[o + near];
  flow.r0 = w[farV6];
  flow.r1 = w[farV6 + 1];
  flow.r2 = w[farV6 + 2];
  flow.r3 = w[o + far];
}

/** The row keeps the first frame's source first; the flow wants the originator first. */
function fillMac(flow: Flow, w: Int32Array, o: number, state: number, isHigh: boolean): void {
  flow.hasMac = (state & row.STATE_HAS_MAC) !== 0;
  if (!flow.hasMac) return;
  const firstDown = (state & row.STATE_FIRST_DOWN) !== 0;
  const swap = firstDown !== isHigh;
  for (let i = 0; i < 12; i++) {
    const from = swap ? (i + 6) % 12 : i;
    flow.mac[i] = (w[o + row.W_MAC + (from >> 2)] >>> ((from & 3) << 3)) & 255;
  }
}

/** `D` and `d` for what was sent, as Zeek writes for UDP. */
function plainHistory(flow: Flow, isFlipped: boolean): string {
  return (isFlipped ? '^' : '') + (flow.oPackets > 0 ? 'D' : '') + (flow.rPackets > 0 ? 'd' : '');
}

/** EVE's word for where a TCP conversation stands; indexes tcpStates. */
function tcpStateOf(state: number): number {
  const finLow = (state & row.STATE_FIN) !== 0;
  const finHigh = (state & (row.STATE_FIN << 1)) !== 0;
  const firstIsHigh = (state & row.STATE_FIRST_FIN_HIGH) !== 0;
  let word: (typeof tcpStates)[number] = 'none';
  if ((state & row.STATE_RESET) !== 0) word = 'closed';
  else if (finLow && finHigh) word = closingState(state, firstIsHigh);
  else if (finLow || finHigh) {
    const originIsHigh = (state & row.STATE_ORIGIN_HIGH) !== 0;
    const acked = (state & (row.STATE_FIN_ACKED << (finHigh ? 1 : 0))) !== 0;
    // Told from the client's side: its own FIN first, or the server's.
    word = finHigh === originIsHigh ? (acked ? 'fin_wait2' : 'fin_wait1') : 'close_wait';
  } else if ((state & row.STATE_ESTABLISHED) !== 0) word = 'established';
  else if ((state & (row.STATE_SYN_ACK | (row.STATE_SYN_ACK << 1))) !== 0) word = 'syn_recv';
  else if ((state & (row.STATE_SYN | (row.STATE_SYN << 1))) !== 0) word = 'syn_sent';
  return tcpStates.indexOf(word);
}

function closingState(state: number, firstIsHigh: boolean): 'last_ack' | 'closing' | 'closed' {
  const firstAcked = (state & (row.STATE_FIN_ACKED << (firstIsHigh ? 1 : 0))) !== 0;
  const secondAcked = (state & (row.STATE_FIN_ACKED << (firstIsHigh ? 0 : 1))) !== 0;
  if (firstAcked && secondAcked) return 'closed';
  return firstAcked ? 'last_ack' : 'closing';
}
