// Facts on their way from the analysis thread to the main thread: what the messages in the queue hold.

import {
  flowRecordBytes,
  readFlowRecord,
  recordNames,
  recordService,
  sendFlowRecord,
} from '../../../analysis/flows/index.ts';
import {
  type Alert,
  Flow,
  flowEnd,
  type Packet,
  PacketLine,
  type QueueReader,
  type QueueWriter,
} from '../../../core/index.ts';
import type { Listening } from '../detection/index.ts';
import { SignalSender } from '../detection/signal-sender.ts';
import type { Listeners } from '../listeners.ts';
import { EventReader, EventSender, type EventWants } from './event-facts.ts';
import { eventKinds, FlowNames } from './flow-names.ts';

const KIND_FLOW = 1;
const KIND_PACKET = 2;
const KIND_ALERT = 3;
const KIND_EVENT = 4;
const KIND_SIGNAL = 5;
const KIND_OPEN_FLOW = 6;

// Words of a packet message; the first two doubles are number and time.
const P_WIRE_LEN = 4;
const P_IP_VERSION = 5;
const P_PROTO = 6;
const P_ETHER_TYPE = 7;
const P_ADDRESS = 8;
const P_PORTS = 16;
const P_TCP_FLAGS = 17;
const P_MAC = 18;
const P_HAS_MAC = 21;
const packetBytes = 88;

/** The sending side, in the analysis thread. */
export class FactSender {
  readonly #queue: QueueWriter;
  readonly #encoder = new TextEncoder();
  /** Outermost level of the packet under way: inner levels overwrite the packet itself. */
  readonly #outermost = new Int32Array(12);
  #keptNumber = -1;

  /** Null when nobody wants events. */
  readonly events: EventSender | null;

  /**
   * @param wants what of events is wanted, null for nothing
   * @param interfaceName name of a live interface by its index, null for files
   */
  constructor(
    queue: QueueWriter,
    wants: EventWants | null = null,
    interfaceName: (index: number) => string | null = () => null,
  ) {
    this.#queue = queue;
    this.events = wants === null ? null : new EventSender(queue, KIND_EVENT, eventKinds, wants, interfaceName);
  }

  /** Stands for detectors that run elsewhere. */
  signalSender(listening: Listening, isFirst: boolean): SignalSender {
    return new SignalSender(this.#queue, KIND_SIGNAL, listening, isFirst);
  }

  /** @param names,service,toldId,health name word, service number and id of its conversation, and its health (see flow-record.ts) */
  flow(
    words: Int32Array,
    row: number,
    end: number,
    names: number,
    service: number,
    toldId: number,
    health: Int32Array,
  ): void {
    sendFlowRecord(this.#queue, KIND_FLOW, words, row, end, names, service, toldId, health);
  }

  /** A flow that goes on, with what its record would be now; false when the queue dropped it. */
  openFlow(
    words: Int32Array,
    row: number,
    names: number,
    service: number,
    toldId: number,
    health: Int32Array,
  ): boolean {
    return sendFlowRecord(this.#queue, KIND_OPEN_FLOW, words, row, flowEnd.open, names, service, toldId, health);
  }

  keepOutermost(p: Packet): void {
    const k = this.#outermost;
    k[0] = p.src0;
    k[1] = p.src1;
    k[2] = p.src2;
    k[3] = p.src3;
    k[4] = p.dst0;
    k[5] = p.dst1;
    k[6] = p.dst2;
    k[7] = p.dst3;
    k[8] = p.ipVersion;
    k[9] = p.proto;
    k[10] = (p.srcPort << 16) | p.dstPort;
    k[11] = p.tcpFlags;
    this.#keptNumber = p.number;
  }

  packet(p: Packet): void {
    const unit = this.#queue.reserve(KIND_PACKET, packetBytes);
    if (unit < 0) return;
    const w = this.#queue.words;
    const at = unit * 2;
    const k = this.#outermost;
    const hasLevel = this.#keptNumber === p.number;
    this.#queue.doubles[unit] = p.number;
    this.#queue.doubles[unit + 1] = p.timeUs;
    w[at + P_WIRE_LEN] = p.wireLen;
    w[at + P_IP_VERSION] = hasLevel ? k[8] : 0;
    w[at + P_PROTO] = hasLevel ? k[9] : -1;
    w[at + P_ETHER_TYPE] = p.etherType;
    for (let i = 0; i < 8; i++) w[at + P_ADDRESS + i] = k[i];
    w[at + P_PORTS] = hasLevel ? k[10] : 0;
    w[at + P_TCP_FLAGS] = hasLevel ? k[11] : 0;
    const hasMac = p.srcMacAt >= 0;
    w[at + P_HAS_MAC] = hasMac ? 1 : 0;
    const out = this.#queue.bytes;
    for (let i = 0; i < 12; i++) {
      const from = i < 6 ? p.srcMacAt + i : p.dstMacAt + i - 6;
      out[(at + P_MAC) * 4 + i] = hasMac && (i < 6 || p.dstMacAt >= 0) ? p.bytes[from] : 0;
    }
    this.#queue.commit();
  }

  alert(alert: Alert): void {
    const text = this.#encoder.encode(JSON.stringify(alert));
    const unit = this.#queue.reserve(KIND_ALERT, text.length + 4);
    if (unit < 0) return;
    this.#queue.words[unit * 2] = text.length;
    this.#queue.bytes.set(text, unit * 8 + 4);
    this.#queue.commit();
  }
}

/** The receiving side, in the main thread: hands every message to the listeners. */
export class FactReceiver {
  readonly #queue: QueueReader;
  readonly #listeners: Listeners;
  readonly #flow = new Flow();
  readonly #line = new PacketLine();
  readonly #decoder = new TextDecoder();
  readonly #events: EventReader;
  readonly #names = new FlowNames();
  readonly #signal: (unit: number) => void;
  readonly #take = (kind: number, unit: number): void => this.#hand(kind, unit);

  /** @param signal takes a message of the analysis thread for detectors, by its place in the queue */
  constructor(queue: QueueReader, listeners: Listeners, signal: (unit: number) => void = () => {}) {
    this.#signal = signal;
    this.#queue = queue;
    this.#listeners = listeners;
    this.#events = new EventReader(queue, eventKinds);
  }

  drain(): number {
    return this.#queue.drain(this.#take);
  }

  #hand(kind: number, unit: number): void {
    if (kind === KIND_FLOW || kind === KIND_OPEN_FLOW) {
      readFlowRecord(this.#queue, unit, this.#flow);
      this.#names.fill(this.#flow, recordNames(this.#queue, unit), recordService(this.#queue, unit));
      if (kind === KIND_FLOW) this.#listeners.flow?.(this.#flow);
      else this.#listeners.openFlow?.(this.#flow);
    } else if (kind === KIND_EVENT) {
      this.#listeners.event?.(this.#events.read(unit));
    } else if (kind === KIND_SIGNAL) this.#signal(unit);
    else if (kind === KIND_PACKET) {
      this.#readPacket(unit);
      this.#listeners.packet?.(this.#line);
    } else if (kind === KIND_ALERT) {
      const length = this.#queue.words[unit * 2];
      // TextDecoder refuses shared memory: the few bytes of an alert are copied first.
      const text = this.#decoder.decode(this.#queue.bytes.slice(unit * 8 + 4, unit * 8 + 4 + length));
      this.#listeners.alert?.(JSON.parse(text) as Alert); // written by FactSender.alert
    }
  }

  #readPacket(unit: number): void {
    const line = this.#line;
    const w = this.#queue.words;
    const at = unit * 2;
    line.number = this.#queue.doubles[unit];
    line.timeUs = this.#queue.doubles[unit + 1];
    line.wireLen = w[at + P_WIRE_LEN];
    line.ipVersion = w[at + P_IP_VERSION];
    line.proto = w[at + P_PROTO];
    line.etherType = w[at + P_ETHER_TYPE];
    line.src0 = w[at + P_ADDRESS];
    line.src1 = w[at + P_ADDRESS + 1];
    line.src2 = w[at + P_ADDRESS + 2];
    line.src3 = w[at + P_ADDRESS + 3];
    line.dst0 = w[at + P_ADDRESS + 4];
    line.dst1 = w[at + P_ADDRESS + 5];
    line.dst2 = w[at + P_ADDRESS + 6];
    line.dst3 = w[at + P_ADDRESS + 7];
    line.srcPort = w[at + P_PORTS] >>> 16;
    line.dstPort = w[at + P_PORTS] & 0xffff;
    line.tcpFlags = w[at + P_TCP_FLAGS];
    line.hasMac = w[at + P_HAS_MAC] === 1;
    const bytes = this.#queue.bytes;
    for (let i = 0; i < 12; i++) line.mac[i] = bytes[(at + P_MAC) * 4 + i];
  }
}

/** Room for this many flow records or lines is a sensible queue. */
export const factQueueBytes = 16384 * flowRecordBytes;
