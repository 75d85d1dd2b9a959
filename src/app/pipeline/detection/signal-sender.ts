// Stands for the detectors in a thread that shares its work with others: keeps the clock, sends everything on.

import type {
  AnyEvent,
  CaptureFacts,
  EventPlace,
  FlowSignal,
  HealthSignal,
  OddSignal,
  Packet,
  QueueWriter,
  RateSignal,
  VolumeSignal,
} from '../../../core/index.ts';
import { type SignalPlace, SignalWriter, signalKind, signalPhase } from './signal-codec.ts';
import type { Listening, SignalTarget } from './signal-target.ts';

const lateUs = 2e6;

export class SignalSender implements SignalTarget {
  readonly moments: number;
  readonly wantsOdd: boolean;
  readonly now = { timeUs: Number.NEGATIVE_INFINITY, sec: Number.NEGATIVE_INFINITY, packet: 0.5, isOver: false };
  nextUs = Number.NEGATIVE_INFINITY;
  readonly wantsHealth: boolean;
  readonly wantsVolume: boolean;
  readonly #events: ReadonlySet<string>;
  readonly #writer: SignalWriter;
  readonly #place: SignalPlace = { number: 0.5, clockUs: 0.5, phase: 0, firstUs: 0.5, id: 0.5 };
  /** The first of several threads tells what all of them see. */
  readonly #isFirst: boolean;
  #late = 0;
  #isClosing = false;

  constructor(queue: QueueWriter, message: number, listening: Listening, isFirst: boolean) {
    this.#writer = new SignalWriter(queue, message);
    this.moments = listening.moments;
    this.wantsOdd = listening.wantsOdd;
    this.#events = new Set(listening.events);
    this.wantsHealth = listening.health;
    this.wantsVolume = listening.volume;
    this.#isFirst = isFirst;
  }

  wantsEvent(kind: string): boolean {
    return this.#events.has(kind);
  }

  advance(p: { readonly timeUs: number; readonly number: number }): void {
    const { now } = this;
    now.packet = p.number;
    if (p.timeUs <= now.timeUs) {
      if (now.timeUs - p.timeUs > lateUs) this.#late++;
      return;
    }
    now.timeUs = p.timeUs;
    if (p.timeUs < this.nextUs) return;
    now.sec = Math.floor(p.timeUs / 1e6);
    this.nextUs = (now.sec + 1) * 1e6;
    if (this.#isFirst) this.#writer.moment(this.#at(signalPhase.clock), signalKind.clock);
  }

  clamp(timeUs: number): number {
    return this.now.timeUs - timeUs > lateUs ? this.now.timeUs : timeUs;
  }

  flow(signal: FlowSignal, isTimer: boolean): void {
    const place = isTimer ? this.#atTimer(signal.firstUs, signal.id) : this.#at(signalPhase.packet);
    this.#writer.record(place, signalKind.flow, signal);
  }

  rate(rate: RateSignal): void {
    const place = this.#at(this.#isClosing ? signalPhase.lastRates : signalPhase.rates);
    place.number = rate.packet;
    this.#writer.record(place, signalKind.rate, rate);
  }

  health(signal: HealthSignal, isTimer: boolean): void {
    const { firstUs, id } = signal.flow;
    this.#writer.health(isTimer ? this.#atTimer(firstUs, id) : this.#at(signalPhase.packet), signal);
  }

  volume(volume: VolumeSignal): void {
    this.#writer.record(this.#at(signalPhase.packet), signalKind.volume, volume);
  }

  frame(p: Packet): void {
    this.#writer.frame(this.#at(signalPhase.frame), p);
  }

  whole(p: Packet): void {
    this.#writer.frame(this.#at(signalPhase.packet), p, signalKind.whole);
  }

  odd(signal: OddSignal, timerUs: number | null): void {
    const place = timerUs === null ? this.#at(signalPhase.packet) : this.#at(signalPhase.expired, timerUs);
    this.#writer.record(place, signalKind.odd, signal);
  }

  /** Told with the seconds that are over, of which it belongs to the last. */
  facts(more: CaptureFacts, number: number): void {
    const place = this.#at(this.#isClosing ? signalPhase.lastFacts : signalPhase.facts);
    place.number = number;
    this.#writer.record(place, signalKind.facts, more);
  }

  event(kind: string, event: AnyEvent, place: EventPlace, timerUs: number | null): void {
    const at = timerUs === null ? this.#at(signalPhase.packet) : this.#atTimer(timerUs, place.flowId);
    this.#writer.event(at, kind, event, place);
  }

  /** Tells how far this thread is, and how many packets came late. */
  mark(): void {
    this.#writer.moment(
      this.#at(this.#isClosing ? signalPhase.lastFacts : signalPhase.packet, this.#late),
      signalKind.mark,
    );
  }

  closing(): void {
    this.#isClosing = true;
  }

  /** Detectors end where they run. */
  end(): void {
    this.mark();
  }

  #atTimer(firstUs: number, id: number): SignalPlace {
    return this.#at(this.#isClosing ? signalPhase.lastTimers : signalPhase.timers, firstUs, id);
  }

  #at(phase: number, firstUs = 0, id = 0): SignalPlace {
    const place = this.#place;
    place.number = this.now.packet;
    place.clockUs = this.now.timeUs;
    place.phase = phase;
    place.firstUs = firstUs;
    place.id = id;
    return place;
  }
}
