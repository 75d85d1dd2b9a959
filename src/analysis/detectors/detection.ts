// Runs detectors: opens each, tells it what it asked for, and passes on its evidence.

import {
  type AnyEvent,
  addFacts,
  CaptureFacts,
  type EventPlace,
  type Evidence,
  type FlowSignal,
  type HealthSignal,
  isLocalAddress,
  isNamed,
  type OddSignal,
  type Packet,
  type RateSignal,
  type VolumeSignal,
} from '../../core/index.ts';
import { DistinctPool, KeyTable, type KeyTableOptions } from '../sketches/index.ts';
import { type DetectionOptions, defaultDetectBytes } from './detection-options.ts';
import type { Detector, DetectorOptions, Moment, Surroundings, Watch } from './detector.ts';
import { IntelLists, type IntelSource } from './intel/lists.ts';

/** What one detector keeps. */
export interface Occupancy {
  readonly detector: string;
  readonly rows: number;
  readonly capacity: number;
  readonly bytes: number;
  readonly evictions: number;
  /** First-comers that found no room. */
  readonly refusals: number;
}

interface Opened {
  /** For a learner the detector that asked for it first. */
  readonly detector: Detector;
  readonly watch: Watch;
  readonly tables: KeyTable[];
  readonly pools: DistinctPool[];
  /** What it threw first; it is not called again after that. */
  fault: string | null;
}

/** A packet later than this is counted at the clock. */
const lateUs = 2e6;

/** One of a detector's calls. */
interface Called<T extends unknown[]> {
  readonly opened: Opened;
  readonly call: (...given: T) => void;
}

type Call<T extends unknown[]> = readonly Called<T>[];

export class Detection {
  readonly #opened: Opened[] = [];
  /** What detectors share and learns from signals: told before them. */
  readonly #learners: Opened[] = [];
  readonly #store = new Map<string, unknown>();
  readonly #now = { timeUs: Number.NEGATIVE_INFINITY, sec: Number.NEGATIVE_INFINITY, packet: 0.5, isOver: false };
  readonly #raise: (detector: Detector, evidence: Evidence, now: Moment) => void;
  readonly #intel: IntelSource;
  /** By number of the moment's bit: who wants it. */
  readonly #flows: Call<[FlowSignal]>[];
  readonly #frames: Call<[Packet]>;
  readonly #wholes: Call<[Packet]>;
  readonly #odds: Call<[OddSignal]>;
  readonly #rates: Call<[RateSignal]>;
  readonly #healths: Call<[HealthSignal]>;
  readonly #volumes: Call<[VolumeSignal]>;
  readonly #ticks: Call<[number]>;
  readonly #events = new Map<string, Call<[AnyEvent, EventPlace]>>();
  /** From this time on `advance` has to be called. */
  nextUs = Number.NEGATIVE_INFINITY;
  /** Packets that came more than two seconds late. */
  late = 0;
  /** How good the capture is. */
  readonly capture = new CaptureFacts();

  constructor(
    detectors: readonly Detector[],
    options: DetectionOptions,
    raise: (detector: Detector, evidence: Evidence, now: Moment) => void,
    intel: IntelSource = { lists: new IntelLists() },
  ) {
    this.#raise = raise;
    this.#intel = intel;
    const scale = options.memoryBytes / defaultDetectBytes;
    for (const detector of detectors) if (isOn(detector, options)) this.#open(detector, options, scale);
    const heard = [...this.#learners, ...this.#opened];
    type Key = 'flow' | 'frame' | 'whole' | 'odd' | 'rate' | 'health' | 'volume' | 'tick';
    const calls = <K extends Key>(key: K): { opened: Opened; call: NonNullable<Watch[K]> }[] =>
      heard.flatMap((opened) => {
        const call = opened.watch[key];
        return call === undefined ? [] : [{ opened, call: call.bind(opened.watch) as NonNullable<Watch[K]> }];
      });
    const flows = calls('flow');
    this.#flows = Array.from({ length: 32 }, (_, bit) =>
      flows.filter(({ opened: { watch } }) => ((watch.moments ?? 0) & (1 << bit)) !== 0),
    );
    this.#frames = calls('frame');
    this.#wholes = calls('whole');
    this.#odds = calls('odd');
    this.#rates = calls('rate');
    this.#healths = calls('health');
    this.#volumes = calls('volume');
    this.#ticks = calls('tick');
    for (const opened of heard) {
      for (const [kind, call] of Object.entries(opened.watch.events ?? {})) {
        this.#events.set(kind, [...(this.#events.get(kind) ?? []), { opened, call }]);
      }
    }
  }

  #open(detector: Detector, options: DetectionOptions, scale: number): void {
    const tables: KeyTable[] = [];
    const pools: DistinctPool[] = [];
    const around: Surroundings<DetectorOptions> = {
      options: optionValues(detector, options.settings[detector.name] ?? {}),
      now: this.#now,
      network: { isLocal: isLocalAddress },
      capture: this.capture,
      intel: this.#intel,
      table: (spec: KeyTableOptions) => {
        const table = new KeyTable({ ...spec, capacity: Math.ceil(spec.capacity * scale) });
        tables.push(table);
        return table;
      },
      distinct: (slots) => {
        const pool = new DistinctPool(typeof slots === 'number' ? Math.ceil(slots * scale) : slots.capacity);
        pools.push(pool);
        return pool;
      },
      shared: (key, make) => {
        // Whoever asks for a key has made what is under it.
        if (!this.#store.has(key)) this.#store.set(key, make());
        return this.#store.get(key) as ReturnType<typeof make>;
      },
      learner: (key, make) => {
        if (this.#store.has(key)) return this.#store.get(key) as ReturnType<typeof make>;
        const watch = make();
        this.#store.set(key, watch);
        this.#learners.push({ detector, watch, tables: [], pools: [], fault: null });
        return watch;
      },
      raise: (evidence) => this.#raise(detector, evidence, this.#now),
    };
    this.#opened.push({ detector, watch: detector.open(around), tables, pools, fault: null });
  }

  /** Moves the clock to a packet; runs ticks that are due. Time never runs backwards. */
  advance(p: { readonly timeUs: number; readonly number: number }): void {
    const now = this.#now;
    const { timeUs } = p;
    now.packet = p.number;
    if (timeUs <= now.timeUs) {
      if (now.timeUs - timeUs > lateUs) this.late++;
      return;
    }
    now.timeUs = timeUs;
    if (timeUs < this.nextUs) return;
    now.sec = Math.floor(timeUs / 1e6);
    this.nextUs = (now.sec + 1) * 1e6;
    for (let i = 0; i < this.#ticks.length; i++) this.#call(this.#ticks[i], now.sec);
  }

  /** The time of a packet as detectors see it: not more than two seconds before the clock. */
  clamp(timeUs: number): number {
    return this.#now.timeUs - timeUs > lateUs ? this.#now.timeUs : timeUs;
  }

  get now(): Moment {
    return this.#now;
  }

  /** The moments that anyone wants. */
  get moments(): number {
    return this.#flows.reduce((all, calls, bit) => (calls.length > 0 ? all | (1 << bit) : all), 0);
  }

  flow(signal: FlowSignal): void {
    const calls = this.#flows[31 - Math.clz32(signal.moment)];
    for (let i = 0; i < calls.length; i++) this.#call(calls[i], signal);
  }

  frame(p: Packet): void {
    for (let i = 0; i < this.#frames.length; i++) this.#call(this.#frames[i], p);
  }

  whole(p: Packet): void {
    for (let i = 0; i < this.#wholes.length; i++) this.#call(this.#wholes[i], p);
  }

  odd(signal: OddSignal): void {
    for (let i = 0; i < this.#odds.length; i++) this.#call(this.#odds[i], signal);
  }

  /** What became known of the capture since it was told last. */
  facts(more: CaptureFacts): void {
    addFacts(this.capture, more);
  }

  get wantsOdd(): boolean {
    return this.#odds.length > 0;
  }

  rate(rate: RateSignal): void {
    this.#now.packet = rate.packet;
    for (let i = 0; i < this.#rates.length; i++) this.#call(this.#rates[i], rate);
  }

  get wantsHealth(): boolean {
    return this.#healths.length > 0;
  }

  health(signal: HealthSignal): void {
    for (let i = 0; i < this.#healths.length; i++) this.#call(this.#healths[i], signal);
  }

  get wantsVolume(): boolean {
    return this.#volumes.length > 0;
  }

  volume(signal: VolumeSignal): void {
    for (let i = 0; i < this.#volumes.length; i++) this.#call(this.#volumes[i], signal);
  }

  /** Kinds of events that anyone wants. */
  get eventKinds(): string[] {
    return [...this.#events.keys()];
  }

  wantsEvent(kind: string): boolean {
    return this.#events.has(kind);
  }

  event(kind: string, event: AnyEvent, place: EventPlace): void {
    const calls = this.#events.get(kind);
    if (calls === undefined) return;
    for (let i = 0; i < calls.length; i++) this.#call2(calls[i], event, place);
  }

  /** After the last signal. */
  end(): void {
    this.#now.isOver = true;
    for (const opened of this.#opened) {
      if (opened.fault !== null) continue;
      try {
        opened.watch.end?.();
      } catch (error) {
        fail(opened, error);
      }
    }
  }

  /** A watch that throws is switched off, and said so once: a fault in one must not end the capture. */
  #call<T>(called: Called<[T]>, given: T): void {
    const { opened } = called;
    if (opened.fault !== null) return;
    try {
      called.call(given);
    } catch (error) {
      fail(opened, error);
    }
  }

  #call2(called: Called<[AnyEvent, EventPlace]>, event: AnyEvent, place: EventPlace): void {
    const { opened } = called;
    if (opened.fault !== null) return;
    try {
      called.call(event, place);
    } catch (error) {
      fail(opened, error);
    }
  }

  /** What each detector with tables keeps. */
  occupancy(): Occupancy[] {
    return this.#opened
      .filter(({ tables, pools }) => tables.length + pools.length > 0)
      .map(({ detector, tables, pools }) => ({
        detector: detector.name,
        rows: sum(tables, (table) => table.used),
        capacity: sum(tables, (table) => table.capacity),
        bytes: sum(tables, (table) => table.bytes) + sum(pools, (pool) => pool.bytes),
        evictions: sum(tables, (table) => table.evictions),
        refusals: sum(tables, (table) => table.refusals),
      }));
  }

  /** What detectors share under a key; undefined when nobody made it. */
  shared(key: string): unknown {
    return this.#store.get(key);
  }

  /** Detectors that threw, with what. */
  faults(): { readonly detector: string; readonly fault: string }[] {
    const heard = [...this.#learners, ...this.#opened];
    return heard.flatMap(({ detector, fault }) => (fault === null ? [] : [{ detector: detector.name, fault }]));
  }
}

function fail(opened: Opened, error: unknown): void {
  opened.fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function sum<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((total, item) => total + of(item), 0);
}

function isOn(detector: Detector, { on, off }: DetectionOptions): boolean {
  if (on.some((pattern) => isNamed(detector.name, pattern))) return true;
  return detector.isOptional !== true && !off.some((pattern) => isNamed(detector.name, pattern));
}

function optionValues(detector: Detector, given: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(detector.options).map(([name, { fallback, least, most }]) => [
      name,
      Math.min(most, Math.max(least, given[name] ?? fallback)),
    ]),
  );
}
