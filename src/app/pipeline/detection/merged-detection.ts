// Detectors behind several analysis threads: puts the signals of all in the order one thread would have told them.
//
// Each thread of a file run sees every frame, so all have the same clock and numbers; each tells the flows it counts, the
// first one also what belongs to no flow. A signal is told once no thread can still bring an earlier one. Live, the kernel
// spreads packets and numbers are each thread's own: signals are told as they come.

import { Buffer } from 'node:buffer';
import type { Detection } from '../../../analysis/detectors/index.ts';
import { decode, decodeIp } from '../../../capture/wire/index.ts';
import {
  CaptureFacts,
  FlowSignal,
  HealthSignal,
  moment,
  OddSignal,
  Packet,
  type QueueReader,
  RateSignal,
  VolumeSignal,
} from '../../../core/index.ts';
import { Attempts } from './rows/attempts.ts';
import { type OrderedSignal, readSignal, signalKind } from './signal-codec.ts';

/** Signals kept of one thread before it has to wait for the others. */
const aheadLimit = 200_000;

interface Lane {
  readonly text: Buffer;
  readonly queue: QueueReader;
  waiting: OrderedSignal[];
  /** Place of the next one in `waiting`. */
  next: number;
  isDone: boolean;
}

export class MergedDetection {
  readonly #detection: Detection;
  readonly #inOrder: boolean;
  readonly #lanes: Lane[];
  /** Each thread knows only what was opened in its share of the flows. */
  readonly #attempts = new Attempts();
  #late = 0;

  /** @param inOrder all threads see every frame */
  constructor(detection: Detection, queues: readonly QueueReader[], inOrder: boolean) {
    this.#detection = detection;
    this.#inOrder = inOrder;
    this.#lanes = queues.map((queue) => ({
      queue,
      text: Buffer.from(queue.bytes.buffer, queue.bytes.byteOffset, queue.bytes.length),
      waiting: [],
      next: 0,
      isDone: false,
    }));
  }

  /** Takes a message of a thread. */
  take(index: number, unit: number): void {
    const lane = this.#lanes[index];
    const signal = readSignal(lane.queue, lane.text, unit);
    if (!this.#inOrder) this.#tell(signal);
    else lane.waiting.push(signal);
  }

  /** Whether a thread is so far ahead of another one that its messages should wait in its queue. */
  isAhead(index: number): boolean {
    const { waiting, next } = this.#lanes[index];
    return (
      waiting.length - next > aheadLimit &&
      this.#lanes.some((lane) => !lane.isDone && lane.next === lane.waiting.length)
    );
  }

  /** Nothing more comes from a thread. */
  done(index: number): void {
    this.#lanes[index].isDone = true;
  }

  /** Tells what can be told. */
  run(): void {
    for (let lane = this.#first(); lane !== null; lane = this.#first()) this.#tell(lane.waiting[lane.next++]);
    this.#tidy();
  }

  /** The thread whose next signal is the earliest; null while one may still bring an earlier one, or none has any. */
  #first(): Lane | null {
    let first: Lane | null = null;
    for (const lane of this.#lanes) {
      if (lane.next === lane.waiting.length) {
        if (lane.isDone) continue;
        return null;
      }
      if (first === null || isBefore(lane.waiting[lane.next], first.waiting[first.next])) first = lane;
    }
    return first;
  }

  /** Gives back what was told. */
  #tidy(): void {
    for (const lane of this.#lanes) {
      if (lane.next < 1024 && lane.next < lane.waiting.length) continue;
      lane.waiting = lane.waiting.slice(lane.next);
      lane.next = 0;
    }
  }

  #tell({ kind, number, clockUs, firstUs, signal, event }: OrderedSignal): void {
    const detection = this.#detection;
    // Threads of a file see every packet, and each tells how many came late.
    if (kind === signalKind.mark) this.#late = Math.max(this.#late, firstUs);
    detection.advance({ timeUs: clockUs, number });
    detection.late = this.#late;
    this.#attempts.turn(detection.now.sec);
    if (signal instanceof FlowSignal) this.#tellFlow(signal);
    else if (signal instanceof RateSignal) detection.rate(signal);
    else if (signal instanceof OddSignal) detection.odd(signal);
    else if (signal instanceof HealthSignal) detection.health(signal);
    else if (signal instanceof VolumeSignal) detection.volume(signal);
    else if (signal instanceof CaptureFacts) detection.facts(signal);
    else if (signal instanceof Packet) this.#tellPacket(kind, signal);
    else if (event !== null) detection.event(event.kind, event.values, event.place);
    else if (kind !== signalKind.clock && kind !== signalKind.mark) throw new Error(`signal of kind ${kind}`);
  }

  #tellFlow(s: FlowSignal): void {
    if (s.moment === moment.opened) s.attempts = this.#attempts.add(s, this.#detection.now.sec);
    this.#detection.flow(s);
  }

  #tellPacket(kind: number, p: Packet): void {
    if (kind === signalKind.whole) {
      decodeIp(p, p.at, p.end);
      this.#detection.whole(p);
      return;
    }
    decode(p);
    this.#detection.frame(p);
  }
}

/** By packet, then by phase, then (timers) by the flow's beginning; what one thread told stays in its order. */
function isBefore(a: OrderedSignal, b: OrderedSignal): boolean {
  if (a.number !== b.number) return a.number < b.number;
  if (a.phase !== b.phase) return a.phase < b.phase;
  if (a.firstUs !== b.firstUs) return a.firstUs < b.firstUs;
  return a.id < b.id;
}
