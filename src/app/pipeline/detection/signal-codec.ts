// Signals on their way from several analysis threads to the one place where detectors run.
//
// message   [ number | clock | first time | id ] doubles   [ kind | phase | bytes of text ] words
//           [ the record's numbers as doubles ] [ its texts, and an event's values, as JSON ] or [ a frame's bytes ]

import { Buffer } from 'node:buffer';
import {
  type AnyEvent,
  CaptureFacts,
  EventPlace,
  FlowSignal,
  HealthSignal,
  OddSignal,
  Packet,
  type QueueReader,
  type QueueWriter,
  RateSignal,
  VolumeSignal,
} from '../../../core/index.ts';

/** What a message holds. */
export const signalKind = {
  mark: 0,
  clock: 1,
  flow: 2,
  rate: 3,
  frame: 4,
  event: 5,
  whole: 6,
  odd: 7,
  facts: 8,
  health: 9,
  volume: 10,
} as const;

/**
 * Order of what one packet brings about: seconds that are over, the clock, timers, the frame itself, fragments that
 * timed out, what it says; then, after the last one, what is left.
 */
export const signalPhase = {
  rates: 0,
  facts: 1,
  clock: 2,
  timers: 3,
  frame: 4,
  expired: 5,
  packet: 6,
  lastTimers: 7,
  lastRates: 8,
  lastFacts: 9,
} as const;

/** One signal with its place in the order of all. */
export interface OrderedSignal {
  /** Packet that brought it about, and the detectors' clock at that time. */
  readonly number: number;
  readonly clockUs: number;
  readonly phase: number;
  /** Of what timers bring about: the flow's first time and id. */
  readonly firstUs: number;
  readonly id: number;
  readonly kind: number;
  readonly signal: FlowSignal | RateSignal | HealthSignal | VolumeSignal | OddSignal | CaptureFacts | Packet | null;
  readonly event: { readonly kind: string; readonly values: AnyEvent; readonly place: EventPlace } | null;
}

type Fields = Record<string, number | boolean | string>;

/** Names of a record's fields by type; they are the same for every instance. */
class Layout {
  readonly numbers: readonly string[];
  readonly flags: readonly string[];
  readonly texts: readonly string[];

  constructor(sample: object) {
    const of = (type: string): string[] =>
      Object.entries(sample).flatMap(([key, value]) => (typeof value === type ? [key] : []));
    this.numbers = of('number');
    this.flags = of('boolean');
    this.texts = of('string');
  }

  get doubles(): number {
    return this.numbers.length + this.flags.length;
  }

  write(record: object, out: Float64Array, at: number): void {
    const from = record as Fields; // the fields that the sample has
    let i = at;
    for (const key of this.numbers) out[i++] = from[key] as number;
    for (const key of this.flags) out[i++] = from[key] === true ? 1 : 0;
  }

  read<T extends object>(record: T, from: Float64Array, at: number, texts: readonly string[]): T {
    const to = record as Fields;
    let i = at;
    for (const key of this.numbers) to[key] = from[i++];
    for (const key of this.flags) to[key] = from[i++] === 1;
    for (const [n, key] of this.texts.entries()) to[key] = texts[n];
    return record;
  }

  textsOf(record: object): string[] {
    return this.texts.map((key) => (record as Fields)[key] as string);
  }
}

const layouts = {
  [signalKind.flow]: new Layout(new FlowSignal()),
  [signalKind.rate]: new Layout(new RateSignal()),
  [signalKind.event]: new Layout(new EventPlace()),
  [signalKind.odd]: new Layout(new OddSignal()),
  [signalKind.facts]: new Layout(new CaptureFacts()),
  [signalKind.health]: new Layout(new HealthSignal()),
  [signalKind.volume]: new Layout(new VolumeSignal()),
} as const;

const headDoubles = 4;
const headBytes = headDoubles * 8 + 16;
const H_KIND = 8;
const H_PHASE = 9;
const H_TEXT = 10;
const payloadDouble = headBytes / 8;
/** Numbers of a frame: time, link type, interface, wire length. */
const frameDoubles = 4;

/** Kinds that are one record of numbers and texts each. */
type RecordKind =
  | typeof signalKind.flow
  | typeof signalKind.rate
  | typeof signalKind.odd
  | typeof signalKind.facts
  | typeof signalKind.volume;
const isRecord = (kind: number): kind is RecordKind =>
  kind === signalKind.flow ||
  kind === signalKind.rate ||
  kind === signalKind.odd ||
  kind === signalKind.facts ||
  kind === signalKind.volume;

function emptyRecord(kind: RecordKind): FlowSignal | RateSignal | OddSignal | CaptureFacts | VolumeSignal {
  if (kind === signalKind.flow) return new FlowSignal();
  if (kind === signalKind.rate) return new RateSignal();
  if (kind === signalKind.volume) return new VolumeSignal();
  return kind === signalKind.odd ? new OddSignal() : new CaptureFacts();
}

/** Where a message stands in the order of all. */
export interface SignalPlace {
  number: number;
  clockUs: number;
  phase: number;
  firstUs: number;
  id: number;
}

/** The sending side. */
export class SignalWriter {
  readonly #queue: QueueWriter;
  readonly #message: number;
  readonly #text: Buffer;

  constructor(queue: QueueWriter, message: number) {
    this.#queue = queue;
    this.#message = message;
    this.#text = Buffer.from(queue.bytes.buffer, queue.bytes.byteOffset, queue.bytes.length);
  }

  record(place: SignalPlace, kind: RecordKind, record: object): void {
    const layout = layouts[kind];
    const texts = layout.texts.length === 0 ? '' : JSON.stringify(layout.textsOf(record));
    this.#put(place, kind, layout.doubles, texts, (at) => layout.write(record, this.#queue.doubles, at));
  }

  /** Health with the flow it is about: one after the other, then what it waited for. */
  health(place: SignalPlace, s: HealthSignal): void {
    const own = layouts[signalKind.health];
    const flow = layouts[signalKind.flow];
    const text = JSON.stringify([...own.textsOf(s), ...flow.textsOf(s.flow)]);
    this.#put(place, signalKind.health, own.doubles + flow.doubles + s.waitedUs.length, text, (at) => {
      own.write(s, this.#queue.doubles, at);
      flow.write(s.flow, this.#queue.doubles, at + own.doubles);
      this.#queue.doubles.set(s.waitedUs, at + own.doubles + flow.doubles);
    });
  }

  event(place: SignalPlace, kind: string, values: AnyEvent, where: EventPlace): void {
    const layout = layouts[signalKind.event];
    const text = JSON.stringify([...layout.textsOf(where), kind, values]);
    this.#put(place, signalKind.event, layout.doubles, text, (at) => layout.write(where, this.#queue.doubles, at));
  }

  /** A moment without a signal: how far this thread is, or where the clock turned. */
  moment(place: SignalPlace, kind: typeof signalKind.mark | typeof signalKind.clock): void {
    this.#put(place, kind, 0, '', () => {});
  }

  frame(place: SignalPlace, p: Packet, kind: number = signalKind.frame): void {
    const length = p.end - p.at;
    const unit = this.#head(place, kind, frameDoubles * 8 + length);
    if (unit < 0) return;
    const { doubles: d, bytes } = this.#queue;
    const at = unit + payloadDouble;
    d[at] = p.timeUs;
    d[at + 1] = p.linkType;
    d[at + 2] = p.iface;
    d[at + 3] = p.wireLen;
    bytes.set(p.bytes.subarray(p.at, p.end), (at + frameDoubles) * 8);
    this.#queue.words[unit * 2 + H_TEXT] = length;
    this.#queue.commit();
  }

  #put(place: SignalPlace, kind: number, doubles: number, text: string, write: (at: number) => void): void {
    const unit = this.#head(place, kind, doubles * 8 + text.length * 3);
    if (unit < 0) return;
    const at = unit + payloadDouble;
    write(at);
    const textBytes = text === '' ? 0 : this.#text.write(text, (at + doubles) * 8, 'utf8');
    this.#queue.words[unit * 2 + H_TEXT] = textBytes;
    this.#queue.shrink(headBytes + doubles * 8 + textBytes);
    this.#queue.commit();
  }

  #head(place: SignalPlace, kind: number, payloadBytes: number): number {
    const unit = this.#queue.reserve(this.#message, headBytes + payloadBytes);
    if (unit < 0) return -1;
    const { doubles: d, words: w } = this.#queue;
    d[unit] = place.number;
    d[unit + 1] = place.clockUs;
    d[unit + 2] = place.firstUs;
    d[unit + 3] = place.id;
    w[unit * 2 + H_KIND] = kind;
    w[unit * 2 + H_PHASE] = place.phase;
    return unit;
  }
}

/** Copies a message out of the queue. */
export function readSignal(queue: QueueReader, text: Buffer, unit: number): OrderedSignal {
  const { doubles: d, words: w } = queue;
  const kind = w[unit * 2 + H_KIND];
  const at = unit + payloadDouble;
  const length = w[unit * 2 + H_TEXT];
  const head = {
    number: d[unit],
    clockUs: d[unit + 1],
    phase: w[unit * 2 + H_PHASE],
    firstUs: d[unit + 2],
    id: d[unit + 3],
    kind,
  };
  const textAt = (doubles: number): string => text.toString('utf8', (at + doubles) * 8, (at + doubles) * 8 + length);
  if (isRecord(kind)) {
    const layout = layouts[kind];
    const texts = length === 0 ? [] : (JSON.parse(textAt(layout.doubles)) as string[]);
    return { ...head, signal: layout.read(emptyRecord(kind), d, at, texts), event: null };
  }
  if (kind === signalKind.event) {
    const layout = layouts[kind];
    const all = JSON.parse(textAt(layout.doubles)) as [...string[], AnyEvent]; // written by SignalWriter.event
    const values = all.pop() as AnyEvent;
    const name = all.pop() as string;
    const place = layout.read(new EventPlace(), d, at, all as string[]);
    return { ...head, signal: null, event: { kind: name, values, place } };
  }
  if (kind === signalKind.health) {
    const health = new HealthSignal();
    const doubles = healthDoubles(health);
    return { ...head, signal: readHealth(health, d, at, JSON.parse(textAt(doubles)) as string[]), event: null };
  }
  if (kind === signalKind.frame || kind === signalKind.whole)
    return { ...head, signal: frameOf(queue, head.number, at, length), event: null };
  return { ...head, signal: null, event: null };
}

const healthDoubles = (s: HealthSignal): number =>
  layouts[signalKind.health].doubles + layouts[signalKind.flow].doubles + s.waitedUs.length;

function readHealth(s: HealthSignal, d: Float64Array, at: number, texts: readonly string[]): HealthSignal {
  const own = layouts[signalKind.health];
  const flow = layouts[signalKind.flow];
  own.read(s, d, at, texts);
  flow.read(s.flow, d, at + own.doubles, texts.slice(own.texts.length));
  for (let i = 0; i < s.waitedUs.length; i++) s.waitedUs[i] = d[at + own.doubles + flow.doubles + i];
  return s;
}

/** The frame, to be decoded again. */
function frameOf({ doubles: d, bytes }: QueueReader, number: number, at: number, length: number): Packet {
  const p = new Packet();
  p.bytes = bytes.slice((at + frameDoubles) * 8, (at + frameDoubles) * 8 + length);
  p.end = length;
  p.number = number;
  p.timeUs = d[at];
  p.linkType = d[at + 1];
  p.iface = d[at + 2];
  p.wireLen = d[at + 3];
  return p;
}
