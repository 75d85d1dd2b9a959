// Tells detectors what the engine sees: fills the reused signals and hands them on, in an order that any input gives again.

import * as row from '../../../analysis/flows/flow-row.ts';
import { type FlowTable, type FlowTracker, flowId, type TcpAnalysis, tcpCount } from '../../../analysis/flows/index.ts';
import type { EmitOptions } from '../../../analysis/protocols/index.ts';
import { serviceNames } from '../../../analysis/servers/index.ts';
import { HostRates, VolumeMeter } from '../../../analysis/stats/index.ts';
import { type FlowVoice, howOf, nameBits, type Talks } from '../../../analysis/talks/index.ts';
import {
  type AnyEvent,
  EventPlace,
  FlowSignal,
  flowEnd,
  ipProto,
  moment,
  type Packet,
  RateSignal,
  tcpFlag,
} from '../../../core/index.ts';
import type { EvidenceFiles } from './evidence-files.ts';
import { isNotable, type Oddness } from './oddness.ts';
import { Attempts } from './rows/attempts.ts';
import { fillEnds, fillMacs, fillPlace } from './rows/signal-ends.ts';
import type { SignalTarget } from './signal-target.ts';

/** Packets in a second below which a host is not worth a signal. */
const busyPackets = 50;

/** What happened while timers ran, to be told in an order that does not depend on where rows lie. */
interface Held {
  readonly firstUs: number;
  readonly id: number;
  readonly tell: () => void;
}

export class Signals {
  readonly target: SignalTarget;
  readonly rates = new HostRates();
  /** Of all frames of a file that several threads share; null: what the engine counts is all. */
  meter: VolumeMeter | null = null;
  readonly odd: Oddness;
  readonly #table: FlowTable;
  readonly #talks: Talks;
  readonly #tcp: TcpAnalysis;
  readonly #signal = new FlowSignal();
  readonly #rate = new RateSignal();
  readonly #place = new EventPlace();
  readonly #attempts = new Attempts();
  readonly #wanted: number;
  readonly #isFirst: boolean;
  /** By row: number of the conversation's first packet, and bytes of each direction already told. */
  readonly #firstPacket: Float64Array;
  readonly #toldBytes: Float64Array;
  readonly #held: Held[] = [];
  /** Where frames are kept for alerts; null: nowhere. */
  evidence: EvidenceFiles | null = null;
  /** Timers run: what they bring about is held until they are through. */
  isHolding = false;
  /** When the flow began that ends with the input just now; else null. */
  #endingUs: number | null = null;

  /** @param isFirst the first of several threads, or the only one: tells what belongs to no flow */
  constructor(target: SignalTarget, table: FlowTable, talks: Talks, tcp: TcpAnalysis, odd: Oddness, isFirst: boolean) {
    this.target = target;
    this.odd = odd;
    this.#isFirst = isFirst;
    this.#wanted = target.moments;
    this.#table = table;
    this.#talks = talks;
    this.#tcp = tcp;
    this.#firstPacket = new Float64Array(table.capacity);
    this.#toldBytes = new Float64Array(table.capacity * 2);
  }

  /**
   * Moves both clocks to a frame: seconds that are over come first, then what timers bring about, then the frame itself
   * when it is of note.
   */
  moveClock(flows: FlowTracker, p: Packet): void {
    const { target } = this;
    this.odd.clock(p);
    if (p.timeUs >= target.nextUs) this.#turn(p);
    else target.advance(p);
    if (p.timeUs >= flows.clock.nextUs || p.timeUs < flows.clock.lowUs) {
      this.isHolding = true;
      flows.moveClock(p);
      this.release();
    }
    if (!this.#isFirst) return;
    if (p.ipVersion !== 0) {
      this.rates.see(p);
      this.odd.count(p);
    }
    if (this.evidence !== null) this.evidence.keep(p);
    if (isNotable(p)) target.frame(p);
    if (this.meter !== null) this.meter.add(p);
  }

  /** The engine counts a share of the frames: the first thread meters all of them here, the others tell nothing. */
  meterAll(): void {
    this.meter = new VolumeMeter();
  }

  /** A second is over. */
  #turn(p: Packet): void {
    const { target } = this;
    if (this.#isFirst) this.#tellRates(p.number);
    this.odd.refresh(p.number);
    target.advance(p);
    this.#attempts.turn(target.now.sec);
  }

  #tellRates(number: number): void {
    this.#rate.sec = this.target.nextUs / 1e6 - 1;
    this.#rate.packet = number;
    this.rates.turn(this.#rate, busyPackets, (rate) => this.target.rate(rate));
  }

  opened(r: number, p: Packet): void {
    this.#firstPacket[r] = p.number;
    this.#toldBytes[2 * r] = 0;
    this.#toldBytes[2 * r + 1] = 0;
    if ((this.#wanted & moment.opened) === 0) return;
    const s = this.#fill(r, moment.opened, p);
    s.attempts = this.#attempts.add(s, this.target.now.sec);
    fillMacs(s, p);
    this.target.flow(s, false);
  }

  /** A segment, before the sequence analysis sees it. */
  segment(r: number, dir: number, p: Packet): void {
    // As an integer: a double handed over would be allocated.
    this.odd.segment(r, dir, this.#firstPacket[r] | 0, p);
  }

  /** A packet of a flow that nobody has answered so far, after it was counted. */
  advanced(r: number, dir: number, p: Packet): void {
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    const state = w[o + row.W_STATE];
    const isOriginHigh = (state & row.STATE_ORIGIN_HIGH) !== 0;
    const fromOriginator = (dir === 1) === isOriginHigh;
    const packets = w[o + row.W_PACKETS + dir];
    let what = 0;
    if (p.proto === ipProto.tcp && p.l4Ok === 1 && (state & row.STATE_ESTABLISHED) !== 0) what = moment.established;
    else if (fromOriginator) what = packets > 1 ? moment.retried : 0;
    else if (packets === 1)
      what = p.proto === ipProto.tcp && (p.tcpFlags & tcpFlag.rst) !== 0 ? moment.rejected : moment.answered;
    if ((what & this.#wanted) === 0) return;
    const s = this.#fill(r, what, p);
    if (what === moment.answered) fillMacs(s, p);
    this.target.flow(s, false);
  }

  /** A TCP conversation was closed by this packet, after it was counted. */
  closed(r: number, p: Packet): void {
    if ((this.#wanted & moment.closed) === 0) return;
    const s = this.#fill(r, moment.closed, p);
    this.#fillNames(s, r);
    this.target.flow(s, false);
  }

  /** A packet after a silence, before it is counted. */
  woke(r: number, dir: number, p: Packet, idleUs: number): void {
    if ((this.#wanted & moment.woke) === 0) return;
    const s = this.#fill(r, moment.woke, p);
    const isOriginHigh = (this.#table.words[r * row.ROW_WORDS + row.W_STATE] & row.STATE_ORIGIN_HIGH) !== 0;
    s.idleUs = idleUs;
    s.side = (dir === 1) === isOriginHigh ? 0 : 1;
    this.target.flow(s, false);
  }

  silent(r: number): void {
    this.#timed(r, moment.silent, 0);
  }

  alive(r: number): void {
    this.#timed(r, moment.alive, 0);
  }

  ended(r: number, end: number): void {
    // What was never answered and had to give way to others has no more to tell; a flood is made of these.
    if (end === flowEnd.eviction && isOneWay(this.#table.words, r * row.ROW_WORDS)) return;
    this.#timed(r, moment.ended, end);
  }

  /** What a conversation tells. */
  event(talk: FlowVoice, kind: string, event: AnyEvent, options: EmitOptions | undefined): void {
    if (!this.target.wantsEvent(kind)) return;
    if (this.isHolding) {
      const place = fillPlace(new EventPlace(), talk, options, this.target);
      this.hold(talk.firstUs, place.flowId, () => this.target.event(kind, event, place, talk.firstUs));
    } else this.target.event(kind, event, fillPlace(this.#place, talk, options, this.target), this.#endingUs);
  }

  /** Timers are through: tells what they brought about. */
  release(): void {
    this.isHolding = false;
    if (this.#held.length === 0) return;
    const held = this.#held.splice(0);
    // Stable: what belongs to one flow stays in its order.
    held.sort((a, b) => a.firstUs - b.firstUs || a.id - b.id);
    for (const { tell } of held) tell();
  }

  /** The input is over: flows end with it one by one, in an order that any input gives again, so nothing is held. */
  closing(): void {
    this.release();
    this.target.closing?.();
  }

  idOf(r: number): number {
    const { words, doubles } = this.#table;
    return this.#talks.toldId(r) || flowId(words, doubles, r * row.ROW_WORDS, r * row.ROW_DOUBLES);
  }

  ending(r: number): void {
    this.#endingUs = this.#table.doubles[r * row.ROW_DOUBLES + row.D_FIRST_US];
  }

  /** Whether a flow ends with the input. */
  get isEnding(): boolean {
    return this.#endingUs !== null;
  }

  /** After the last flow. */
  finish(): void {
    this.#endingUs = null;
    if (this.#isFirst) this.#tellRates(this.target.now.packet);
    this.odd.refresh(this.target.now.packet);
    this.target.end();
  }

  /** Keeps back what timers brought about until `release`. */
  hold(firstUs: number, id: number, tell: () => void): void {
    this.#held.push({ firstUs, id, tell });
  }

  /** A moment without a packet at hand. */
  #timed(r: number, what: number, end: number): void {
    if ((what & this.#wanted) === 0) return;
    const s = this.isHolding ? new FlowSignal() : this.#signal;
    this.#fillRow(s, r, what);
    s.timeUs = this.target.now.timeUs;
    s.packet = this.target.now.packet;
    s.end = end;
    s.isFromOriginator = false;
    s.tcpFlags = 0;
    s.payloadLen = 0;
    if (what !== moment.silent) this.#fillRecord(s, r);
    if (this.isHolding) this.hold(s.firstUs, s.id, () => this.target.flow(s, true));
    else this.target.flow(s, this.isEnding);
  }

  /** Fills a signal for other hearers: the row, its record so far, and the packet at hand. */
  fillFor(s: FlowSignal, r: number, p: Packet | null): void {
    this.#fillRow(s, r, 0);
    this.#fillCounts(s, r);
    s.timeUs = p === null ? this.target.now.timeUs : this.target.clamp(p.timeUs);
    s.packet = p === null ? this.target.now.packet : p.number;
  }

  #fill(r: number, what: number, p: Packet): FlowSignal {
    const s = this.#signal;
    this.#fillRow(s, r, what);
    s.timeUs = this.target.clamp(p.timeUs);
    s.packet = p.number;
    const isOriginHigh = (this.#table.words[r * row.ROW_WORDS + row.W_STATE] & row.STATE_ORIGIN_HIGH) !== 0;
    s.isFromOriginator = (p.keyDir === 1) === isOriginHigh;
    s.tcpFlags = p.proto === ipProto.tcp ? p.tcpFlags : 0;
    s.payloadLen = p.payloadLen;
    s.ttl = p.ttl;
    return s;
  }

  #fillRow(s: FlowSignal, r: number, what: number): void {
    const { words: w, doubles: d } = this.#table;
    const o = r * row.ROW_WORDS;
    const q = r * row.ROW_DOUBLES;
    const kind = w[o + row.W_KIND];
    const state = w[o + row.W_STATE];
    const ports = w[o + row.W_PORTS];
    const high = (state & row.STATE_ORIGIN_HIGH) !== 0 ? 1 : 0;
    clearRest(s);
    s.moment = what;
    s.id = this.#talks.toldId(r) || flowId(w, d, o, q);
    s.ipVersion = (kind >>> 8) & 15;
    s.proto = kind & 255;
    fillEnds(s, w, o, high === 1);
    s.oPort = high === 1 ? ports & 0xffff : ports >>> 16;
    s.rPort = high === 1 ? ports >>> 16 : ports & 0xffff;
    s.originRule = (state & row.STATE_RULES) >>> row.STATE_RULE_SHIFT;
    s.firstPacket = this.#firstPacket[r];
    s.firstUs = d[q + row.D_FIRST_US];
    s.lastUs = d[q + row.D_LAST_US];
    s.isInner = w[o + row.W_TUNNEL_ID] !== 0 || d[q + row.D_OUTER_ID] !== 0;
    s.isEstablished = (state & row.STATE_ESTABLISHED) !== 0;
    s.oPackets = w[o + row.W_PACKETS + high] >>> 0;
    s.rPackets = w[o + row.W_PACKETS + 1 - high] >>> 0;
    s.oBytes = d[q + row.D_BYTES + high];
    s.rBytes = d[q + row.D_BYTES + 1 - high];
    s.oPayload = d[q + row.D_PAYLOAD + high];
    s.rPayload = d[q + row.D_PAYLOAD + 1 - high];
    s.oFlags = (w[o + row.W_FLAGS] >>> (high << 4)) & 0xffff;
    s.rFlags = (w[o + row.W_FLAGS] >>> ((1 - high) << 4)) & 0xffff;
  }

  /** What only a record tells: growth since it was told last, repetitions, names. */
  #fillRecord(s: FlowSignal, r: number): void {
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    const high = (w[o + row.W_STATE] & row.STATE_ORIGIN_HIGH) !== 0 ? 1 : 0;
    const told = this.#toldBytes;
    s.oBytesSince = Math.max(0, s.oBytes - told[2 * r + high]);
    s.rBytesSince = Math.max(0, s.rBytes - told[2 * r + 1 - high]);
    told[2 * r + high] = s.oBytes;
    told[2 * r + 1 - high] = s.rBytes;
    this.#fillCounts(s, r);
  }

  #fillCounts(s: FlowSignal, r: number): void {
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    const high = (w[o + row.W_STATE] & row.STATE_ORIGIN_HIGH) !== 0 ? 1 : 0;
    s.oRetransmissions = this.#tcp.count(r, high, tcpCount.retransmissions);
    s.rRetransmissions = this.#tcp.count(r, 1 - high, tcpCount.retransmissions);
    s.handshakeRttUs = w[o + row.W_HANDSHAKE_RTT];
    s.oTtlSpread = ttlSpread(w[o + row.W_TTL] >>> (high << 4));
    s.rTtlSpread = ttlSpread(w[o + row.W_TTL] >>> ((1 - high) << 4));
    this.#fillNames(s, r);
  }

  #fillNames(s: FlowSignal, r: number): void {
    const word = this.#talks.nameWord(r);
    s.app = word === 0 ? '' : this.#talks.probing.names[word & ((1 << nameBits) - 1)];
    s.appHow = word === 0 ? '' : howOf(word);
    s.noise = this.#talks.noise(r);
    s.service = serviceNames[this.#talks.serviceNumber(r)] ?? '';
  }
}

/** What only some moments tell must not stay from another flow: whose that was depends on how the work is shared. */
function clearRest(s: FlowSignal): void {
  s.attempts = 0;
  s.idleUs = 0;
  s.side = 0;
  s.end = 0;
  s.srcMac0 = 0;
  s.srcMac1 = 0;
  s.dstMac0 = 0;
  s.dstMac1 = 0;
  s.vlan = -1;
  s.vlanInner = -1;
  s.oBytesSince = 0;
  s.rBytesSince = 0;
  s.app = '';
  s.appHow = '';
  s.noise = 0;
  s.service = '';
}

/** Unanswered, with few packets. */
const isOneWay = (w: Int32Array, o: number): boolean =>
  (w[o + row.W_STATE] & row.STATE_EMBRYO) !== 0 && (w[o + row.W_PACKETS] === 0 || w[o + row.W_PACKETS + 1] === 0);

/** Between the highest and the lowest TTL of a side, from its half of the row's word; 0 when it sent nothing. */
function ttlSpread(half: number): number {
  return (half & 0xffff) === 0 ? 0 : ((half >>> 8) & 255) + (half & 255) - 255;
}
