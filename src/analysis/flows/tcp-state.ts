// What flags say about a TCP conversation: handshake, its times, history letters, closing (RFC 9293 §3.3, §3.6).

import { type Packet, tcpFlag } from '../../core/index.ts';
import * as row from './flow-row.ts';
import { type TcpAnalysis, tcpCount, tcpNote } from './tcp-analysis.ts';

/** History letters by bit number, as Zeek writes them: handshake, data, closing. */
const letterOf = 'shadfriq';
const S = 1;
const H = 2;
const A = 4;
const D = 8;
const F = 16;
const R = 32;
/** Contradicting flags: FIN with RST, and SYN with FIN or RST. */
const I = 64;
const Q = 128;
const historyLimit = 16;
const bothBases = row.EVER_BASE | (row.EVER_BASE << 1);

/**
 * Takes one TCP segment into the row's state.
 * @returns true when this segment closed the conversation: its record is due after the linger time.
 */
export function trackTcp(w: Int32Array, d: Float64Array, r: number, dir: number, p: Packet): boolean {
  const o = r * row.ROW_WORDS;
  const flags = p.tcpFlags;
  const shift = dir << 4;
  w[o + row.W_FLAGS] |= flags << shift;
  const state = w[o + row.W_STATE];
  const isPlain = (flags & (tcpFlag.syn | tcpFlag.fin | tcpFlag.rst)) === 0;
  // The common case: an open conversation goes on and the letter for this is already written.
  if (isPlain && (state & row.STATE_ESTABLISHED) !== 0) {
    const seen = w[o + row.W_LETTERS] >>> shift;
    if ((seen & (p.payloadLen > 0 ? D : A)) !== 0 && (state & (row.STATE_FIN << (1 - dir))) === 0) return false;
  }
  return trackChange(w, d, r, dir, p);
}

function trackChange(w: Int32Array, d: Float64Array, r: number, dir: number, p: Packet): boolean {
  const o = r * row.ROW_WORDS;
  const flags = p.tcpFlags;
  const other = 1 - dir;
  let state = w[o + row.W_STATE];
  const wasClosed = (state & row.STATE_CLOSED) !== 0;
  const odd = flags & (tcpFlag.syn | tcpFlag.fin | tcpFlag.rst);
  if ((odd & (odd - 1)) !== 0) writeLetter(w, o, dir, (odd & tcpFlag.syn) !== 0 ? Q : I);
  if ((w[o + row.W_EVER] & bothBases) !== bothBases) keepBase(w, o, dir, p);
  if ((flags & tcpFlag.syn) !== 0) state = trackSyn(w, d, r, dir, p, state);
  else if ((flags & tcpFlag.ack) !== 0) {
    state |= row.STATE_ACK << dir;
    if ((state & (row.STATE_FIN << other)) !== 0) state |= row.STATE_FIN_ACKED << other;
    if ((state & row.STATE_ESTABLISHED) === 0) state = trackEstablished(w, d, r, dir, p, state);
  }
  if (p.payloadLen > 0 && (flags & tcpFlag.syn) === 0) {
    state |= row.STATE_DATA << dir;
    writeLetter(w, o, dir, D);
  } else if ((flags & (tcpFlag.syn | tcpFlag.fin | tcpFlag.rst | tcpFlag.ack)) === tcpFlag.ack)
    writeLetter(w, o, dir, A);
  if ((flags & tcpFlag.fin) !== 0) {
    if ((state & ((row.STATE_FIN << 1) | row.STATE_FIN)) === 0 && dir === 1) state |= row.STATE_FIRST_FIN_HIGH;
    state |= row.STATE_FIN << dir;
    if ((state & (row.STATE_FIN << other)) !== 0) state |= row.STATE_CLOSED;
    writeLetter(w, o, dir, F);
  }
  if ((flags & tcpFlag.rst) !== 0) {
    state |= row.STATE_RST << dir;
    if (!wasClosed) state |= row.STATE_RESET | row.STATE_CLOSED | (dir === 1 ? row.STATE_RST_HIGH : 0);
    writeLetter(w, o, dir, R);
  }
  w[o + row.W_STATE] = state;
  if (!wasClosed && (state & row.STATE_CLOSED) !== 0) d[r * row.ROW_DOUBLES + row.D_CLOSED_US] = p.timeUs;
  return !wasClosed && (state & row.STATE_CLOSED) !== 0;
}

/**
 * Keeps the initial sequence numbers as far as this segment tells them: its own, and by its acknowledgment that of the
 * other side. Of a conversation picked up in the middle they are the numbers before the first ones seen.
 */
function keepBase(w: Int32Array, o: number, dir: number, p: Packet): void {
  const ever = w[o + row.W_EVER];
  if ((ever & (row.EVER_BASE << dir)) === 0) {
    w[o + row.W_BASE_SEQ + dir] = (p.tcpFlags & tcpFlag.syn) !== 0 ? p.seq : (p.seq - 1) | 0;
    w[o + row.W_EVER] |= row.EVER_BASE << dir;
  }
  if ((ever & (row.EVER_BASE << (1 - dir))) === 0 && (p.tcpFlags & tcpFlag.ack) !== 0) {
    w[o + row.W_BASE_SEQ + 1 - dir] = (p.ack - 1) | 0;
    w[o + row.W_EVER] |= row.EVER_BASE << (1 - dir);
  }
}

function trackSyn(w: Int32Array, d: Float64Array, r: number, dir: number, p: Packet, before: number): number {
  const o = r * row.ROW_WORDS;
  const q = r * row.ROW_DOUBLES;
  const isAnswer = (p.tcpFlags & tcpFlag.ack) !== 0;
  const originDir = isAnswer ? 1 - dir : dir;
  let state = before;
  // The handshake tells the originator; a later SYN of a closed or confused conversation does not change it.
  if ((state & (row.STATE_SYN | (row.STATE_SYN << 1) | row.STATE_SYN_ACK | (row.STATE_SYN_ACK << 1))) === 0) {
    state &= ~(row.STATE_ORIGIN_HIGH | (3 << row.STATE_RULE_SHIFT));
    if (originDir === 1) state |= row.STATE_ORIGIN_HIGH;
  }
  if (isAnswer) {
    const synUs = d[q + row.D_SYN_US];
    if (synUs > 0) keepLowest(w, o + row.W_SERVER_RTT, p.timeUs - synUs);
    d[q + row.D_SYN_ACK_US] = p.timeUs;
    writeLetter(w, o, dir, H);
    return state | (row.STATE_SYN_ACK << dir);
  }
  d[q + row.D_SYN_US] = p.timeUs;
  writeLetter(w, o, dir, S);
  return state | (row.STATE_SYN << dir);
}

/** An ACK while the conversation is not yet open: it completes the handshake, or shows one that was open before. */
function trackEstablished(w: Int32Array, d: Float64Array, r: number, dir: number, p: Packet, state: number): number {
  const o = r * row.ROW_WORDS;
  const q = r * row.ROW_DOUBLES;
  const originDir = (state & row.STATE_ORIGIN_HIGH) !== 0 ? 1 : 0;
  const sawSyn = (state & (row.STATE_SYN << originDir)) !== 0;
  const sawSynAck = (state & (row.STATE_SYN_ACK << (1 - originDir))) !== 0;
  if (sawSynAck && dir === originDir) {
    const synAckUs = d[q + row.D_SYN_ACK_US];
    keepLowest(w, o + row.W_CLIENT_RTT, p.timeUs - synAckUs);
    if (sawSyn) keepLowest(w, o + row.W_HANDSHAKE_RTT, p.timeUs - d[q + row.D_SYN_US]);
    return state | row.STATE_ESTABLISHED;
  }
  const anySyn = row.STATE_SYN | (row.STATE_SYN << 1) | row.STATE_SYN_ACK | (row.STATE_SYN_ACK << 1);
  // Picked up in the middle: open as soon as both sides acknowledge.
  if ((state & anySyn) === 0 && (state & (row.STATE_ACK << (1 - dir))) !== 0) return state | row.STATE_ESTABLISHED;
  return state;
}

/** Keeps the lowest time in microseconds; negative ones (clocks of merged files) are not times. */
function keepLowest(w: Int32Array, at: number, us: number): void {
  if (us < 0 || us > 0x7fffffff) return;
  if (w[at] < 0 || us < w[at]) w[at] = us;
}

/** Appends a letter the first time it is due in that direction: capital for direction 0, small for 1. */
function writeLetter(w: Int32Array, o: number, dir: number, letter: number): void {
  const bit = letter << (dir << 4);
  if ((w[o + row.W_LETTERS] & bit) !== 0) return;
  w[o + row.W_LETTERS] |= bit;
  appendLetter(w, o, dir, letterOf.charCodeAt(31 - Math.clz32(letter)));
}

const repeated = 0x74; // t
const zeroWindow = 0x77; // w
const gap = 0x67; // g
const repetition = tcpNote.retransmission | tcpNote.fastRetransmission | tcpNote.spuriousRetransmission;
/** Notes of the TCP analysis that have a letter. */
export const historyNotes = repetition | tcpNote.zeroWindow | tcpNote.ackLostSegment;

/** Appends the letters of what the TCP analysis noted: the first time, the tenth, the hundredth, as Zeek does. */
export function noteHistory(w: Int32Array, r: number, dir: number, note: number, counts: TcpAnalysis, p: Packet): void {
  const o = r * row.ROW_WORDS;
  if ((note & repetition) !== 0 && p.payloadLen > 0 && isPowerOfTen(counts.count(r, dir, tcpCount.retransmissions)))
    appendLetter(w, o, dir, repeated);
  if ((note & tcpNote.zeroWindow) !== 0 && isPowerOfTen(counts.count(r, dir, tcpCount.zeroWindows)))
    appendLetter(w, o, dir, zeroWindow);
  // What is missing was sent by the other side.
  if ((note & tcpNote.ackLostSegment) !== 0 && (w[o + row.W_EVER] & (row.EVER_GAP << (1 - dir))) === 0) {
    w[o + row.W_EVER] |= row.EVER_GAP << (1 - dir);
    appendLetter(w, o, 1 - dir, gap);
  }
}

function isPowerOfTen(n: number): boolean {
  return n === 1 || n === 10 || n === 100 || n === 1000 || n === 10_000;
}

/** @param small code of the small letter */
function appendLetter(w: Int32Array, o: number, dir: number, small: number): void {
  const length = (w[o + row.W_LETTERS] >>> 8) & 31;
  if (length >= historyLimit) return;
  const code = small - (dir === 0 ? 32 : 0);
  w[o + row.W_HISTORY + (length >> 2)] |= code << ((length & 3) << 3);
  w[o + row.W_LETTERS] += 1 << 8;
}

/** The history text, capital letters for the originator; it begins with `^` when the first packet came from the responder. */
export function historyText(w: Int32Array, o: number, originIsHigh: boolean): string {
  const isFlipped = ((w[o + row.W_STATE] & row.STATE_FIRST_DOWN) !== 0) !== originIsHigh;
  let text = isFlipped ? '^' : '';
  for (let i = 0; i < ((w[o + row.W_LETTERS] >>> 8) & 31); i++) {
    const code = (w[o + row.W_HISTORY + (i >> 2)] >>> ((i & 3) << 3)) & 255;
    text += String.fromCharCode(originIsHigh ? code ^ 32 : code);
  }
  return text;
}
