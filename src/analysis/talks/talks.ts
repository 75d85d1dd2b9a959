// The conversations of the flows that are still of interest: TCP put in order, datagrams as they are, names kept by row.

import { type AnyEvent, type Crypto, ipProto, type KeyLog, type Packet, tcpFlag } from '../../core/index.ts';
import * as row from '../flows/flow-row.ts';
import { type FlowTable, flowId } from '../flows/index.ts';
import { type EmitOptions, type Expectation, type How, hows, otherSide, type Protocol } from '../protocols/protocol.ts';
import { serviceNumberOf } from '../servers/index.ts';
import { Expectations } from './expectations.ts';
import { FirstLook, looked } from './first-look.ts';
import { FlowTalk } from './flow-talk.ts';
import type { FlowVoice } from './flow-voice.ts';
import { networkNames, Probing } from './probing.ts';
import type { ByteBudget } from './side-buffer.ts';
import { Stream } from './stream.ts';
import type { Endpoints, TalkHost } from './talk-host.ts';
import { countedOnly, weird } from './weird.ts';

export interface TalkOptions {
  readonly crypto: Crypto;
  readonly keys: KeyLog;
  /** Told for each event; null when nobody listens: then they are only counted. */
  readonly emit: ((talk: FlowVoice, kind: Protocol, event: AnyEvent, options: EmitOptions | undefined) => void) | null;
  /** Told what is for detectors alone. */
  readonly show?: (talk: FlowVoice, kind: string, event: AnyEvent) => void;
}

/** Conversations read at one time, and bytes they keep together. */
export const talkLimit = 1 << 17;
export const talkBytes = 64 << 20;
/** Different contradictions told of one flow. */
const weirdPerFlow = 8;

interface Slot {
  talk: FlowTalk;
  /** Both directions of a TCP connection, originator's first. */
  streams: readonly [Stream, Stream] | null;
}

/** Bits of a flow's name word: three names, then how the first was found, then the logins carried inside. */
export const nameBits = 9;
const howShift = 27;
const howMask = 3;
const loginShift = 29;

const serviceOf = ({ server }: FlowTalk): number => (server === null ? 0 : serviceNumberOf(server));

export class Talks implements TalkHost {
  readonly probing: Probing;
  readonly crypto: Crypto;
  readonly keys: KeyLog;
  readonly budget: ByteBudget;
  readonly store = new Map<string, unknown>();
  readonly #table: FlowTable;
  readonly #emit: TalkOptions['emit'];
  readonly #show: TalkOptions['show'];
  readonly #expectations = new Expectations();
  readonly #firstLook: FirstLook;
  readonly #slots: (Slot | null)[] = [null];
  readonly #free: number[] = [];
  /** Slot by row, and the name word of flows whose EVER_NAMED is set. */
  readonly #slotOf: Int32Array;
  readonly #nameOf: Int32Array;
  readonly #serviceOf: Int32Array;
  /** Names of IP protocols, by number. */
  readonly #networkNumbers: Uint16Array;
  readonly #idOf: Float64Array;
  #kept = 0;
  /** Events by kind, contradictions by name, talks ended by a bound; what a protocol threw, first of each. */
  readonly events = new Map<string, number>();
  readonly weirds = new Map<string, number>();
  readonly bounds = { side: 0, total: 0, repeats: 0, talks: 0, hurried: 0 };
  /** Set while a live capture's buffer is half full: counting goes before reading, so no new conversation is begun. */
  isHurried = false;
  readonly faults = new Map<string, string>();

  constructor(table: FlowTable, protocols: readonly Protocol[], options: TalkOptions) {
    this.#table = table;
    this.#emit = options.emit;
    this.#show = options.show;
    this.crypto = options.crypto;
    this.keys = options.keys;
    this.probing = new Probing([...protocols, weird]);
    this.#networkNumbers = Uint16Array.from({ length: 256 }, (_, proto) =>
      this.probing.numberOf(networkNames[proto] ?? ''),
    );
    this.#firstLook = new FirstLook(table, this.probing);
    this.#slotOf = new Int32Array(table.capacity);
    this.#nameOf = new Int32Array(table.capacity);
    this.#serviceOf = new Int32Array(table.capacity);
    this.#idOf = new Float64Array(table.capacity);
    this.budget = {
      take: (bytes) => {
        if (this.#kept + bytes > talkBytes) return false;
        this.#kept += bytes;
        return true;
      },
      give: (bytes) => {
        this.#kept -= bytes;
      },
    };
  }

  /** Conversations that are read now, and bytes they keep. */
  get active(): number {
    return this.#slots.length - 1 - this.#free.length;
  }
  get kept(): number {
    return this.#kept;
  }

  /** A flow, or a part of one, begins: from now on its bytes are wanted. */
  opened(r: number, proto: number): void {
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    w[o + row.W_EVER] &= ~row.EVER_TOLD;
    this.#firstLook.begin(r);
    if (proto === ipProto.tcp || proto === ipProto.udp) w[o + row.W_STATE] |= row.STATE_TALKS;
  }

  /** A packet of a flow with STATE_TALKS. */
  see(r: number, dir: number, p: Packet): void {
    let at = this.#slotOf[r];
    const isHigh = (this.#table.words[r * row.ROW_WORDS + row.W_STATE] & row.STATE_ORIGIN_HIGH) !== 0;
    const side = (dir === 1) === isHigh ? 0 : 1;
    if (at === 0) {
      at = this.#meet(r, dir, side, p);
      if (at === 0) return;
    }
    const slot = this.#slots[at];
    if (slot === null) return;
    const { talk, streams } = slot;
    talk.timeUs = p.timeUs;
    talk.packet = p.number;
    if (streams === null) {
      if (p.payloadLen > 0)
        talk.datagram(side, p.bytes, p.payloadAt, Math.max(p.payloadAt, p.payloadEnd), p.payloadLen);
    } else {
      if (p.payloadLen > 0 && (p.tcpFlags & tcpFlag.rst) === 0) {
        const seq = (p.tcpFlags & tcpFlag.syn) !== 0 ? (p.seq + 1) | 0 : p.seq;
        const end = Math.max(p.payloadAt, p.payloadEnd);
        streams[side].segment(seq, p.bytes, p.payloadAt, end, p.payloadLen, talk, this.budget);
      }
      const other = streams[otherSide(side)];
      if (other.isWaiting && (p.tcpFlags & tcpFlag.ack) !== 0) other.acknowledged(p.ack, talk, this.budget);
    }
    if (talk.isOver) this.#close(r, at);
    else if (talk.isResting && streams === null) {
      this.#close(r, at);
      this.#table.words[r * row.ROW_WORDS + row.W_STATE] |= row.STATE_TALKS;
    }
  }

  /** A flow's record is about to be written: its conversation ends. */
  ended(r: number): void {
    const at = this.#slotOf[r];
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    const wasWanted = w[o + row.W_STATE] < 0;
    w[o + row.W_STATE] &= ~row.STATE_TALKS;
    const slot = this.#slots[at];
    if (at === 0 || slot === null || slot === undefined) {
      // Over before it was known: what it said so far told nothing.
      if (wasWanted && (w[o + row.W_EVER] & row.EVER_NAMED) === 0 && this.#firstLook.hasLooked(r)) this.#namePort(r);
      return;
    }
    if (slot.streams !== null) for (const stream of slot.streams) stream.end(slot.talk, this.budget);
    slot.talk.finish();
    this.#close(r, at);
  }

  /** The name word of a row: see `nameBits`; 0 when its flow has none. */
  nameWord(r: number): number {
    const at = this.#slotOf[r];
    const slot = at === 0 ? null : this.#slots[at];
    if (slot !== null && slot !== undefined) return wordOf(slot.talk);
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    if ((w[o + row.W_EVER] & row.EVER_NAMED) !== 0) return this.#nameOf[r];
    return this.#networkNumbers[w[o + row.W_KIND] & 255];
  }

  /** The id under which a row's events were told or packets kept, 0 when there was nothing of it. */
  toldId(r: number): number {
    return (this.#table.words[r * row.ROW_WORDS + row.W_EVER] & row.EVER_TOLD) !== 0 ? this.#idOf[r] : 0;
  }

  /** The id of a row's conversation, which from now on stays the same, also when an earlier packet comes late. */
  tellId(r: number): number {
    const { words: w, doubles: d } = this.#table;
    const o = r * row.ROW_WORDS;
    if ((w[o + row.W_EVER] & row.EVER_TOLD) === 0) {
      this.#idOf[r] = flowId(w, d, o, r * row.ROW_DOUBLES);
      w[o + row.W_EVER] |= row.EVER_TOLD;
    }
    return this.#idOf[r];
  }

  /** How near what the responder says first is to noise, 0 to 1; 0 where somebody knows it. */
  noise(r: number): number {
    return this.#firstLook.noise(r);
  }

  /** Number of the service that a row's flow was asked for, 0 when it is not known. */
  serviceNumber(r: number): number {
    const slot = this.#slots[this.#slotOf[r]];
    if (slot !== null && slot !== undefined) return serviceOf(slot.talk);
    const isNamed = (this.#table.words[r * row.ROW_WORDS + row.W_EVER] & row.EVER_NAMED) !== 0;
    return isNamed ? this.#serviceOf[r] : 0;
  }

  /** A packet of a row without a conversation: gives the slot of the one it needs, 0 when it needs none. */
  #meet(r: number, dir: number, side: 0 | 1, p: Packet): number {
    const isReset = p.proto === ipProto.tcp && (p.tcpFlags & tcpFlag.rst) !== 0;
    if (p.payloadLen <= 0 || p.l4Ok === 0 || isReset) return 0;
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    if (this.isHurried) {
      this.bounds.hurried++;
      return 0;
    }
    // What is known or announced needs no look.
    if ((w[o + row.W_EVER] & row.EVER_NAMED) !== 0 || this.#expectations.size > 0) return this.#open(r, p);
    const verdict = this.#firstLook.look(r, dir, side, p);
    if (verdict === looked.wait) return 0;
    if (verdict === looked.over) {
      this.#namePort(r);
      return 0;
    }
    const at = this.#open(r, p);
    const { found } = this.#firstLook;
    if (at !== 0 && found !== null) this.#slots[at]?.talk.open(found.name, 'pattern');
    return at;
  }

  /** Nobody knows what the flow says: it gets the name of its port, if there is one, and is left alone. */
  #namePort(r: number): void {
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    w[o + row.W_STATE] &= ~row.STATE_TALKS;
    const number = this.probing.numberOf(this.#firstLook.nameOfPorts(r) ?? '');
    if (number === 0) return;
    this.#nameOf[r] = number | (hows.indexOf('port') << howShift);
    this.#serviceOf[r] = 0;
    w[o + row.W_EVER] |= row.EVER_NAMED;
  }

  #open(r: number, p: Packet): number {
    const at = this.#free.pop() ?? this.#slots.length;
    if (at > talkLimit) {
      this.bounds.talks++;
      this.#table.words[r * row.ROW_WORDS + row.W_STATE] &= ~row.STATE_TALKS;
      return 0;
    }
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    const ends = this.#endpoints(r);
    const talk = new FlowTalk(this, ends);
    const slot: Slot = { talk, streams: null };
    if (ends.proto === ipProto.tcp) slot.streams = this.#streams(r);
    this.#slots[at] = slot;
    this.#slotOf[r] = at;
    talk.timeUs = p.timeUs;
    talk.packet = p.number;
    talk.earlier = (w[o + row.W_PACKETS] >>> 0) + (w[o + row.W_PACKETS + 1] >>> 0) - 1;
    const expected = this.#expectations.take(ends, p.timeUs);
    if (expected !== null) talk.open(expected.protocol, 'handshake', expected.given);
    // A conversation that fell silent goes on in the protocol it was in.
    else if ((w[o + row.W_EVER] & row.EVER_NAMED) !== 0) {
      const word = this.#nameOf[r];
      const how = howOf(word);
      if (how !== 'port') talk.open(this.probing.names[word & ((1 << nameBits) - 1)], how);
    }
    return at;
  }

  /** Streams begin behind the SYN where it was seen, else with the first bytes that come. */
  #streams(r: number): readonly [Stream, Stream] {
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    const isHigh = (w[o + row.W_STATE] & row.STATE_ORIGIN_HIGH) !== 0;
    const streams = [new Stream(0), new Stream(1)] as const;
    const isFirstPart = w[o + row.W_IFACE] >>> 16 === 0;
    for (let dir = 0; dir < 2; dir++) {
      if (!isFirstPart || (w[o + row.W_EVER] & (row.EVER_BASE << dir)) === 0) continue;
      const side = (dir === 1) === isHigh ? 0 : 1;
      // A side that was passed over goes on where it is.
      if (!this.#firstLook.hasPassed(r, side)) streams[side].start((w[o + row.W_BASE_SEQ + dir] + 1) | 0);
    }
    return streams;
  }

  #endpoints(r: number): Endpoints {
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    const kind = w[o + row.W_KIND];
    const isHigh = (w[o + row.W_STATE] & row.STATE_ORIGIN_HIGH) !== 0;
    const low = wordsOf(w, o + row.W_LOW, o + row.W_LOW_V6, kind);
    const high = wordsOf(w, o + row.W_HIGH, o + row.W_HIGH_V6, kind);
    const ports = w[o + row.W_PORTS];
    return {
      flowId: this.tellId(r),
      proto: kind & 255,
      ipVersion: (kind >>> 8) & 15,
      oWords: isHigh ? high : low,
      rWords: isHigh ? low : high,
      oPort: isHigh ? ports & 0xffff : ports >>> 16,
      rPort: isHigh ? ports >>> 16 : ports & 0xffff,
      iface: w[o + row.W_IFACE] & 0xffff,
      vlanOuter: (w[o + row.W_VLAN] & 0xffff) - 1,
      vlanInner: (w[o + row.W_VLAN] >>> 16) - 1,
    };
  }

  #close(r: number, at: number): void {
    const slot = this.#slots[at];
    if (slot === null) return;
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    const word = wordOf(slot.talk);
    if (word !== 0) {
      this.#nameOf[r] = word;
      this.#serviceOf[r] = serviceOf(slot.talk);
      w[o + row.W_EVER] |= row.EVER_NAMED;
    }
    // What was said tells better who asked than ports or order do; a handshake is not overruled.
    const state = w[o + row.W_STATE];
    if (slot.talk.isSwapped && (state & row.STATE_RULES) !== 0) w[o + row.W_STATE] = state ^ row.STATE_ORIGIN_HIGH;
    slot.talk.release();
    if (slot.streams !== null) for (const stream of slot.streams) stream.drop(this.budget);
    this.#slots[at] = null;
    this.#slotOf[r] = 0;
    this.#free.push(at);
    w[o + row.W_STATE] &= ~row.STATE_TALKS;
  }

  // --- what conversations tell -----------------------------------------------------------------------------------

  emitted(talk: FlowVoice, protocol: Protocol, event: AnyEvent, options: EmitOptions | undefined): void {
    this.events.set(protocol.name, (this.events.get(protocol.name) ?? 0) + 1);
    this.#emit?.(talk, protocol, event, options);
  }

  shown(talk: FlowVoice, kind: string, event: AnyEvent): void {
    this.#show?.(talk, kind, event);
  }

  weird(talk: FlowVoice, name: string, detail: string | undefined): void {
    const protocol = talk.protocol?.name ?? 'tcp';
    const key = `${protocol}.${name}`;
    if (this.weirds.size < 1024 || this.weirds.has(key)) this.weirds.set(key, (this.weirds.get(key) ?? 0) + 1);
    if (this.#emit === null || countedOnly.has(name)) return;
    if (talk.weirds.includes(name) || talk.weirds.length >= weirdPerFlow) return;
    talk.weirds = [...talk.weirds, name];
    const layer = 'proto_parser';
    const event = { type: 'applayer', name, layer, protocol, ...(detail === undefined ? {} : { detail }) };
    this.#emit(talk, weird, event, undefined);
  }

  expected(talk: FlowVoice, expectation: Expectation): void {
    this.#expectations.add(talk, expectation);
  }

  threw(protocol: Protocol, error: unknown): void {
    if (this.faults.has(protocol.name)) return;
    this.faults.set(protocol.name, error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  bounded(bound: 'side' | 'total' | 'repeats'): void {
    this.bounds[bound]++;
  }
}

function wordOf(talk: FlowVoice): number {
  const { apps, how, logins } = talk;
  if (apps.length === 0 || how === null) return 0;
  const names = apps[0] | ((apps[1] ?? 0) << nameBits) | ((apps[2] ?? 0) << (2 * nameBits));
  return names | (hows.indexOf(how) << howShift) | (logins << loginShift);
}

function wordsOf(w: Int32Array, at: number, atV6: number, kind: number): [number, number, number, number] {
  if (((kind >>> 8) & 15) !== 6) return [w[at], 0, 0, 0];
  return [w[atV6], w[atV6 + 1], w[atV6 + 2], w[at]];
}

/** How the first name of a name word was found. */
export const howOf = (word: number): How => hows[(word >>> howShift) & howMask];

/** Logins of a name word, as bits in the order of carriedLogins. */
export const loginsOf = (word: number): number => word >>> loginShift;
