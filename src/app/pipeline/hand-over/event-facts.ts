// Events on their way from the analysis thread to the main thread.
//
// message   [ time | flow id ] doubles  [ kind | version<<8|proto | ports | 8 address words | line bytes | values bytes ]
//           [ EVE line with line feed ] [ values as JSON ]

import { Buffer } from 'node:buffer';
import { type EmitOptions, otherSide, type Protocol } from '../../../analysis/protocols/index.ts';
import type { FlowVoice } from '../../../analysis/talks/index.ts';
import { type AnyEvent, EventFact, type FactKind, type QueueReader, type QueueWriter } from '../../../core/index.ts';
import { type EveEnvelope, eveEnvelope, eveEvent } from '../../../output/sinks/index.ts';

const E_KIND = 4;
const E_PROTO = 5;
const E_PORTS = 6;
const E_WORDS = 7;
const E_LINE = 15;
const E_VALUES = 16;
const headBytes = 17 * 4;

export interface EventWants {
  /** EVE lines are written. */
  readonly eve: boolean;
  /** Logs or a store want the values. */
  readonly values: boolean;
  /** Packet numbers are those of a file, and worth telling. */
  readonly numbers: boolean;
}

/** The sending side. */
export class EventSender {
  readonly #queue: QueueWriter;
  readonly #message: number;
  readonly #text: Buffer;
  readonly #kinds: ReadonlyMap<FactKind, number>;
  readonly #wants: EventWants;
  readonly #interfaceName: (index: number) => string | null;

  /** @param message number of an event's message in the queue */
  constructor(
    queue: QueueWriter,
    message: number,
    kinds: readonly FactKind[],
    wants: EventWants,
    interfaceName: (index: number) => string | null,
  ) {
    this.#queue = queue;
    this.#message = message;
    this.#text = Buffer.from(queue.bytes.buffer, queue.bytes.byteOffset, queue.bytes.length);
    this.#kinds = new Map(kinds.map((kind, index) => [kind, index]));
    this.#wants = wants;
    this.#interfaceName = interfaceName;
  }

  send(talk: FlowVoice, kind: Protocol, event: AnyEvent, options: EmitOptions | undefined): void {
    const only = options?.only;
    if (only === 'step') return;
    const timeUs = options?.timeUs ?? talk.timeUs;
    const logical = options?.side ?? 0;
    const side = talk.isSwapped ? otherSide(logical) : logical;
    let line = '';
    if (this.#wants.eve && only !== 'log') {
      const packet = this.#wants.numbers ? talk.packet : 0;
      line = `${eveEvent(this.#envelope(talk), kind, event, timeUs, side, packet)}\n`;
    }
    const values = this.#wants.values && only !== 'eve' ? JSON.stringify(event) : '';
    if (line !== '' || values !== '') this.#put(talk, kind, timeUs, line, values);
  }

  #envelope(talk: FlowVoice): EveEnvelope {
    // Kept here and nowhere else: see FlowVoice.envelope.
    const known = talk.envelope as EveEnvelope | null;
    if (known !== null) return known;
    const made = eveEnvelope(talk.ends, this.#interfaceName(talk.ends.iface));
    talk.envelope = made;
    return made;
  }

  #put(talk: FlowVoice, kind: FactKind, timeUs: number, line: string, values: string): void {
    // A UTF-16 unit is at most three bytes of UTF-8.
    const unit = this.#queue.reserve(this.#message, headBytes + (line.length + values.length) * 3);
    if (unit < 0) return;
    const { words: w, doubles: d } = this.#queue;
    const at = unit * 2;
    const { ends, isSwapped } = talk;
    d[unit] = timeUs;
    d[unit + 1] = ends.flowId;
    w[at + E_KIND] = this.#kinds.get(kind) ?? -1;
    w[at + E_PROTO] = ends.proto | (ends.ipVersion << 8);
    w[at + E_PORTS] = isSwapped ? (ends.rPort << 16) | ends.oPort : (ends.oPort << 16) | ends.rPort;
    for (let i = 0; i < 4; i++) {
      w[at + E_WORDS + i] = (isSwapped ? ends.rWords : ends.oWords)[i];
      w[at + E_WORDS + 4 + i] = (isSwapped ? ends.oWords : ends.rWords)[i];
    }
    const from = unit * 8 + headBytes;
    const lineBytes = line === '' ? 0 : this.#text.write(line, from, 'utf8');
    const valuesBytes = values === '' ? 0 : this.#text.write(values, from + lineBytes, 'utf8');
    w[at + E_LINE] = lineBytes;
    w[at + E_VALUES] = valuesBytes;
    this.#queue.shrink(headBytes + lineBytes + valuesBytes);
    this.#queue.commit();
  }
}

/** The receiving side: fills one fact, again and again. */
export class EventReader {
  readonly #queue: QueueReader;
  readonly #text: Buffer;
  readonly #kinds: readonly FactKind[];
  readonly fact = new EventFact();

  constructor(queue: QueueReader, kinds: readonly FactKind[]) {
    this.#queue = queue;
    this.#text = Buffer.from(queue.bytes.buffer, queue.bytes.byteOffset, queue.bytes.length);
    this.#kinds = kinds;
  }

  read(unit: number): EventFact {
    const { words: w, doubles: d, bytes } = this.#queue;
    const { fact } = this;
    const at = unit * 2;
    fact.kind = this.#kinds[w[at + E_KIND]];
    fact.timeUs = d[unit];
    fact.flowId = d[unit + 1];
    fact.proto = w[at + E_PROTO] & 255;
    fact.ipVersion = w[at + E_PROTO] >>> 8;
    fact.oPort = w[at + E_PORTS] >>> 16;
    fact.rPort = w[at + E_PORTS] & 0xffff;
    for (let i = 0; i < 8; i++) fact.words[i] = w[at + E_WORDS + i];
    const from = unit * 8 + headBytes;
    const lineEnd = from + w[at + E_LINE];
    fact.line = bytes.subarray(from, lineEnd);
    fact.valuesJson = w[at + E_VALUES] === 0 ? '' : this.#text.toString('utf8', lineEnd, lineEnd + w[at + E_VALUES]);
    return fact;
  }
}
