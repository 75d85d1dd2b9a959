// What is unusual about a TCP segment, by the definitions of Wireshark's `tcp.analysis` (User's Guide §7.5, as its 4.0
// behaves), built on sequence numbers (RFC 9293 §3.4), window scale (RFC 7323 §2), duplicate ACKs (RFC 5681 §2) and
// retransmission (RFC 6298).
//
// One direction of a flow is sixteen words, one cache line; the two of a row are neighbours:
//
//   ┌──────┬──────┬──────┬───────┬──────────┬──────────┬─────────┬─────────┬───────────┬──────────────┐
//   │ bits │ base │ next │ reach │ last ACK │ window+1 │ next at │ last at │ handshake │ five counts  │
//   │  0   │  1   │  2   │   3   │    4     │    5     │  6 ‥ 7  │  8 ‥ 9  │    10     │   11 ‥ 15    │
//   └──────┴──────┴──────┴───────┴──────────┴──────────┴─────────┴─────────┴───────────┴──────────────┘
//
//   base       sequence number of the SYN            next     the highest byte sent, plus one; next at: when that was
//   reach      end of what was sent without a hole   last at  time of the last segment
//   handshake  time of the last SYN, then time from it to the first ACK after it, µs modulo 2^32; in direction 0 for both
//
// All words 0 is a direction that was never heard. As in Wireshark, 0 in next, reach and last ACK means "not known".

import { type Packet, tcpFlag } from '../../core/packet.ts';

/** What `see` may say about a segment; several may be true at once. */
export const tcpNote = {
  /** Repeats bytes that were sent before, for none of the reasons told apart below; mostly the timer of RFC 6298. */
  retransmission: 1 << 0,
  /** Repeats what duplicate ACKs asked for, less than 20 ms after the last of them (RFC 5681 §3.2). */
  fastRetransmission: 1 << 1,
  /** Repeats bytes that the other side had acknowledged. */
  spuriousRetransmission: 1 << 2,
  /** Comes soon (a handshake's time, or 3 ms) after later bytes: delayed on its way, not repeated. */
  outOfOrder: 1 << 3,
  /** Acknowledges the same once more, with nothing else to say. */
  duplicateAck: 1 << 4,
  /** Begins beyond the next expected byte: something before it was not captured. */
  lostSegment: 1 << 5,
  /** Acknowledges bytes that were not captured. */
  ackLostSegment: 1 << 6,
  /** Probe with 0 or 1 byte just before the next expected one (RFC 9293 §3.8.4). */
  keepAlive: 1 << 7,
  keepAliveAck: 1 << 8,
  /** The sender of this segment has no room left. */
  zeroWindow: 1 << 9,
  /** One byte sent into a closed window, to hear whether it has opened (RFC 9293 §3.8.6.1). */
  zeroWindowProbe: 1 << 10,
  zeroWindowProbeAck: 1 << 11,
  /** Fills the receiver's window to its last byte. */
  windowFull: 1 << 12,
  /** Changes the window and nothing else. */
  windowUpdate: 1 << 13,
} as const;

/** Words of one direction. */
export const stateWords = 16;
const BASE = 1;
const NEXT = 2;
/** Word of a direction that holds the highest byte sent, plus one; 0 when not known. */
export const tcpNextWord = NEXT;
const REACH = 3;
const LAST_ACK = 4;
/** Word of a direction that holds what it acknowledged last; 0 when not known. */
export const tcpAckWord = LAST_ACK;
const WINDOW = 5;
const HANDSHAKE = 10;
/** Where five counts begin that the rules do not touch. */
export const COUNTS = 11;
/** Offsets in 64-bit words of a direction. */
const NEXT_AT = 3;
export const LAST_AT = 4;

const hasBase = 1 << 0;
/** Of direction 0 for both: a SYN was seen and its time stands in the handshake word. */
const awaitsRtt = 1 << 1;
/** Of direction 0 for both: the handshake word holds a duration. */
const hasRtt = 1 << 2;
/** The last window stood in a SYN and is not scaled. */
const plainWindow = 1 << 3;
const lastKeepAlive = 1 << 4;
const lastProbe = 1 << 5;
/** The last segment repeated bytes that were seen, whatever its time made it look like; read by analysis/health. */
export const lastSeenBefore = 1 << 7;
/** What is said of the last segment only. */
const lastOf = plainWindow | lastKeepAlive | lastProbe | lastSeenBefore;
/** The other side acknowledged more than was seen of this one, which has not moved its own ACK since. */
const ackedUnseen = 1 << 6;
/** 0: not known; 1: no scaling; n + 2: shift by n. */
const scaleAt = 8;
const scaleMask = 31 << scaleAt;
/** Duplicate ACKs in a row, up to dupMost. */
const dupAt = 16;
const dupMost = 0x7fff;
const dupMask = dupMost << dupAt;

const control = tcpFlag.fin | tcpFlag.syn | tcpFlag.rst;
const synFin = tcpFlag.syn | tcpFlag.fin;
/** How late bytes may come and still count as out of order, where the handshake was not seen. */
const reorderDefaultUs = 3000;
const fastUs = 20_000;

/**
 * Learns from a segment that continues its direction in good order, and says whether it was one. Most segments are; this
 * is a shorter way to what `judge` would come to, and a third of its cost.
 */
export function passOrdinary(w: Int32Array, t: Float64Array, f: number, p: Packet): boolean {
  const seq = p.seq | 0;
  const ack = p.ack | 0;
  const flags = p.tcpFlags;
  const window = p.window;
  const len = p.payloadLen;
  if ((flags & (control | tcpFlag.ack)) !== tcpFlag.ack || seq !== w[f + NEXT] || seq === 0 || window === 0)
    return false;
  const r = f ^ stateWords;
  const bits = w[f];
  if (seq !== w[f + REACH] || ((bits | w[r]) & awaitsRtt) !== 0 || (w[r] & bits & hasBase) === 0) return false;
  const reach = w[r + REACH];
  if (reach === 0 || ((reach - ack) | 0) < 0) return false;
  const lastAck = w[f + LAST_ACK];
  if (len > 1) {
    const end = (seq + len) | 0;
    if (((end - w[r + LAST_ACK]) | 0) <= 0 || fillsWindow(w, r, end)) return false;
    w[f + NEXT] = end;
    w[f + REACH] = end;
    t[(f >> 1) + NEXT_AT] = p.timeUs;
  } else if (len === 1 || ack === lastAck) return false;
  w[f] = bits & (ack === lastAck ? ~lastOf : ~(lastOf | dupMask | ackedUnseen));
  w[f + LAST_ACK] = ack;
  w[f + WINDOW] = window + 1;
  t[(f >> 1) + LAST_AT] = p.timeUs;
  return true;
}

/** The notes of any segment; learns from it. */
export function judge(w: Int32Array, t: Float64Array, f: number, p: Packet): number {
  const r = f ^ stateWords;
  const seq = p.seq | 0;
  const ack = p.ack | 0;
  const flags = p.tcpFlags;
  const len = p.payloadLen;
  if ((flags & tcpFlag.syn) !== 0) begin(w, f, r, p);
  else if ((w[f] & w[r] & hasBase) === 0) join(w, f, r, seq, ack, flags);

  const isProbe = len === 1 && seq === w[f + NEXT] && w[r + WINDOW] === 1;
  let note = isProbe ? tcpNote.zeroWindowProbe : compare(w, f, r, p, seq, ack, len);
  if (ack !== w[f + LAST_ACK]) w[f] &= ~(dupMask | ackedUnseen);
  const reach = w[r + REACH];
  if (reach !== 0 && isAfter(ack, reach) && (flags & tcpFlag.ack) !== 0) note |= passReach(w, r);
  const end = (seq + len + ((flags & synFin) !== 0 ? 1 : 0)) | 0;
  if (end !== seq && (note & tcpNote.keepAlive) === 0) note |= findRepetition(w, t, f, r, p.timeUs, seq, len, end);
  learn(w, t, f, p, seq, end, note);
  return note;
}

/** The notes that follow from the segment before this one; zero-window probes were told apart already. */
function compare(w: Int32Array, f: number, r: number, p: Packet, seq: number, ack: number, len: number): number {
  const next = w[f + NEXT];
  const flags = p.tcpFlags;
  let note = 0;
  if (next !== 0 && isAfter(seq, next) && (flags & tcpFlag.rst) === 0) note = tcpNote.lostSegment;
  if ((flags & control) !== 0) return note;
  if (p.window === 0) note |= tcpNote.zeroWindow;
  if (len <= 1 && seq === ((next - 1) | 0)) note |= tcpNote.keepAlive;
  if (len !== 0) return fillsWindow(w, r, (seq + len) | 0) ? note | tcpNote.windowFull : note;
  return seq === next ? note | compareAck(w, f, r, ack, p.window) : note;
}

/** An empty segment at the expected place, which can only speak by its window and its acknowledgment. */
function compareAck(w: Int32Array, f: number, r: number, ack: number, window: number): number {
  const sameWindow = window + 1 === w[f + WINDOW];
  if (ack !== w[f + LAST_ACK]) return 0;
  if (window === 0) return sameWindow && (w[r] & lastProbe) !== 0 ? tcpNote.zeroWindowProbeAck : 0;
  if (!sameWindow) return tcpNote.windowUpdate;
  if ((w[r] & lastKeepAlive) !== 0) return tcpNote.keepAliveAck;
  w[f] &= ~ackedUnseen;
  if (w[f] >>> dupAt < dupMost) w[f] += 1 << dupAt;
  return tcpNote.duplicateAck;
}

/**
 * An ACK beyond what was seen without a hole. Each hole is told once; where there was none, the bytes are missing at
 * the edge, and that is told once until the silent side is heard to get on (its duplicate ACKs say that it does not).
 */
function passReach(w: Int32Array, r: number): number {
  const bits = w[r];
  if (w[r + REACH] === w[r + NEXT]) {
    w[r] = bits | ackedUnseen;
    if ((bits & (ackedUnseen | dupMask)) !== 0) return 0;
  }
  w[r + REACH] = w[r + NEXT];
  return tcpNote.ackLostSegment;
}

/** For a segment that takes up sequence numbers: is it new (0), repeated in one of three ways, or late? */
function findRepetition(
  w: Int32Array,
  t: Float64Array,
  f: number,
  r: number,
  timeUs: number,
  seq: number,
  len: number,
  end: number,
): number {
  const next = w[f + NEXT];
  const lastAck = w[r + LAST_ACK];
  if (len > 0 && lastAck !== 0 && ((seq + len - lastAck) | 0) <= 0) return tcpNote.spuriousRetransmission;
  if (next === 0 || ((seq - next) | 0) >= 0) return 0;
  // It may begin with the byte of a zero-window probe, which did not move the next expected number.
  if (len > 1 && seq === ((next - 1) | 0)) return 0;
  // The clock of a capture may step back; a negative time is within no limit.
  const sinceAckUs = timeUs - t[(r >> 1) + LAST_AT];
  if (lastAck === seq && sinceAckUs >= 0 && sinceAckUs < fastUs && asksAgain(w[r])) return tcpNote.fastRetransmission;
  const lateUs = timeUs - t[(f >> 1) + NEXT_AT];
  if (end !== next && lateUs >= 0 && lateUs < reorderUs(w, f)) return tcpNote.outOfOrder;
  return tcpNote.retransmission;
}

function reorderUs(w: Int32Array, f: number): number {
  const a = f & ~stateWords;
  return (w[a] & hasRtt) !== 0 ? w[a + HANDSHAKE] >>> 0 : reorderDefaultUs;
}

/** Takes over what the next segments are compared with. */
function learn(w: Int32Array, t: Float64Array, f: number, p: Packet, seq: number, end: number, note: number): void {
  const next = w[f + NEXT];
  let bits = w[f] & ~lastOf;
  if ((note & tcpNote.zeroWindowProbe) !== 0) bits |= lastProbe;
  else {
    // Without a hole before it, and not the last byte that a keep-alive asks with.
    if (w[f + REACH] !== 0 && isAfter(w[f + REACH], seq) && isAfter(w[f + NEXT], end)) bits |= lastSeenBefore;
    if (next === 0 || isAfter(end, next)) {
      w[f + NEXT] = end;
      t[(f >> 1) + NEXT_AT] = p.timeUs;
    }
    const reach = w[f + REACH];
    if (reach === 0 || seq === reach) w[f + REACH] = w[f + NEXT];
  }
  if ((note & tcpNote.keepAlive) !== 0) bits |= lastKeepAlive;
  if ((p.tcpFlags & tcpFlag.syn) !== 0) bits |= plainWindow;
  w[f] = bits;
  const a = f & ~stateWords;
  if ((w[a] & awaitsRtt) !== 0 && (p.tcpFlags & (tcpFlag.syn | tcpFlag.ack)) === tcpFlag.ack) endHandshake(w, a, p);
  w[f + WINDOW] = p.window + 1;
  w[f + LAST_ACK] = p.ack;
  t[(f >> 1) + LAST_AT] = p.timeUs;
}

/** The first segment after the SYNs that acknowledges ends the handshake, whichever side sent it. */
function endHandshake(w: Int32Array, a: number, p: Packet): void {
  const rttUs = (p.timeUs - (w[a + HANDSHAKE] >>> 0)) | 0;
  if (rttUs === 0) return;
  w[a + HANDSHAKE] = rttUs;
  w[a] = (w[a] & ~awaitsRtt) | hasRtt;
}

/** A SYN: starts over when it is of another conversation than the one known, then takes its options and its time. */
function begin(w: Int32Array, f: number, r: number, p: Packet): void {
  const isAnswer = (p.tcpFlags & tcpFlag.ack) !== 0;
  if (!isAnswer && (w[f] & hasBase) !== 0 && (p.seq | 0) !== w[f + BASE]) {
    w.fill(0, f, f + COUNTS);
    w.fill(0, r, r + COUNTS);
  }
  w[f] |= hasBase;
  w[f + BASE] = p.seq;
  const a = f & ~stateWords;
  if (!isAnswer && (w[a] & hasRtt) === 0) {
    w[a] |= awaitsRtt;
    w[a + HANDSHAKE] = p.timeUs;
  }
  const shift = windowScale(p);
  if (shift >= 0) setScale(w, f, isAnswer && scale(w[r]) === 1 ? 1 : shift + 2);
  else if (scale(w[f]) === 0) {
    // One SYN without the option rules scaling out for both sides.
    setScale(w, f, 1);
    setScale(w, r, 1);
  }
}

/** A conversation joined in the middle: the SYN of each side would have stood one before what it sends now. */
function join(w: Int32Array, f: number, r: number, seq: number, ack: number, flags: number): void {
  if ((w[f] & hasBase) === 0) {
    w[f] |= hasBase;
    w[f + BASE] = seq - 1;
  }
  if ((w[r] & hasBase) === 0 && (flags & tcpFlag.ack) !== 0) {
    w[r] |= hasBase;
    w[r + BASE] = ack - 1;
  }
}

/** True when sequence number `a` comes after `b` (RFC 9293 §3.4); of two that are half the space apart, each does. */
function isAfter(a: number, b: number): boolean {
  return ((b - a) | 0) < 0;
}

/** True when a direction with these bits has asked for a repetition: by two duplicate ACKs, or by an ACK left behind. */
function asksAgain(bits: number): boolean {
  return bits >>> dupAt >= 2 || (bits & ackedUnseen) !== 0;
}

function scale(bits: number): number {
  return (bits & scaleMask) >> scaleAt;
}

function setScale(w: Int32Array, at: number, value: number): void {
  w[at] = (w[at] & ~scaleMask) | (value << scaleAt);
}

/** True when `end` is the last byte that the receiver's last window allows, its scale being known. */
function fillsWindow(w: Int32Array, r: number, end: number): boolean {
  if (scale(w[r]) === 0) return false;
  const window = windowOf(w, r);
  return window >= 0 && end === ((w[r + LAST_ACK] + window) | 0);
}

/** The window that the direction at word `r` told last, in bytes; -1 when its scale is not known, 0 is 0 all the same. */
export function windowOf(w: Int32Array, r: number): number {
  const bits = w[r];
  const known = scale(bits);
  const window = w[r + WINDOW] - 1;
  if (known === 0) return window === 0 ? 0 : -1;
  return (bits & plainWindow) !== 0 || known === 1 ? window : window << (known - 2);
}

/** Shift of the window scale option of a SYN, at most 14 (RFC 7323 §2.3); -1 when there is none in what was captured. */
function windowScale(p: Packet): number {
  const b = p.bytes;
  const end = Math.min(p.l4At + p.tcpHeaderLen, p.end);
  let o = p.l4At + 20;
  while (o < end) {
    const kind = b[o];
    if (kind === 0) return -1;
    if (kind === 1) {
      o++;
      continue;
    }
    if (o + 1 >= end || b[o + 1] < 2) return -1;
    if (kind === 3 && b[o + 1] === 3) return o + 2 < end ? Math.min(b[o + 2], 14) : -1;
    o += b[o + 1];
  }
  return -1;
}
