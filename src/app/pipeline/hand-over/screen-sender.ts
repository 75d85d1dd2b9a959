// What screens are told from the analysis thread besides snapshots and facts: pulses, open flows, traffic over time.

import type { TrafficColumns } from '../../../analysis/stats/index.ts';
import type { Pulse, QueueWriter, Source } from '../../../core/index.ts';
import type { Engine } from '../engine.ts';
import type { ScreenOptions } from '../options.ts';
import type { FactSender } from './facts.ts';
import { OpenFlows } from './open-flows.ts';

/** A pulse on its way between threads. */
export type PulseData = Omit<Pulse, 'recent'> & { readonly recent: TrafficColumns | null };

/** Both spans of traffic on their way between threads; null before the first packet. */
export interface TrafficSpans {
  readonly recent: TrafficColumns;
  readonly whole: TrafficColumns;
}

/** Columns in a pulse: the second under way, and two that may have ended since the pulse before. */
export const pulseColumns = 3;

/** Telling open flows rests this many times as long as it took. */
const restShare = 19;

export class ScreenSender {
  readonly #options: ScreenOptions;
  readonly #engine: Engine;
  readonly #source: Source;
  readonly #queue: QueueWriter;
  readonly #open: OpenFlows;
  readonly #tellOpen: (r: number) => boolean;
  #nextPulseMs = 0;
  #nextOpenMs = 0;
  /** Packets and drops of the latest pulse. */
  #told = 0;

  constructor(options: ScreenOptions, engine: Engine, source: Source, queue: QueueWriter, facts: FactSender) {
    this.#options = options;
    this.#engine = engine;
    this.#source = source;
    this.#queue = queue;
    this.#open = new OpenFlows(engine.flows.table, options.openFlowsMost);
    // Records of flows that end have precedence: beyond half of the queue open ones wait for the next time.
    this.#tellOpen = (r) => !queue.isHalfFull && tellOpen(engine, r, facts);
  }

  /** Tells open flows when it is their time; gives a pulse when one is due and something has changed. */
  tick(nowMs: number): PulseData | null {
    if (nowMs >= this.#nextOpenMs) {
      const from = performance.now();
      this.#open.tell(this.#tellOpen);
      // Where that takes long, the capture goes before.
      const restMs = restShare * (performance.now() - from);
      this.#nextOpenMs = nowMs + Math.max(this.#options.openFlowsEveryMs, restMs);
    }
    if (nowMs < this.#nextPulseMs) return null;
    this.#nextPulseMs = nowMs + this.#options.pulseEveryMs;
    const { counts } = this.#engine;
    const stats = this.#source.stats();
    const dropped = {
      kernel: stats.droppedKernel,
      interface: stats.droppedInterface,
      queue: this.#queue.counters().dropped,
    };
    const now = counts.packets + dropped.kernel + dropped.interface + dropped.queue;
    if (now === this.#told) return null;
    this.#told = now;
    return this.#pulse(dropped);
  }

  #pulse(dropped: Pulse['dropped']): PulseData {
    const { counts, flows, hosts, traffic } = this.#engine;
    return {
      lastUs: counts.packets === 0 ? null : counts.lastUs,
      packets: counts.packets,
      bytes: counts.bytes,
      flows: flows.total,
      activeFlows: flows.active,
      hosts: hosts.used,
      dropped,
      recent: traffic?.meter.recent(pulseColumns) ?? null,
    };
  }
}

/** Tells a flow that goes on; false when there was no room for it. */
function tellOpen({ flows, health, talks }: Engine, r: number, facts: FactSender): boolean {
  health.peek(r);
  const { words } = flows.table;
  return facts.openFlow(words, r, talks.nameWord(r), talks.serviceNumber(r), talks.toldId(r), health.tail);
}

/** Both spans as they are now; null where nothing is counted. */
export function spansOf({ traffic }: Engine): TrafficSpans | null {
  const recent = traffic?.meter.recent() ?? null;
  const whole = traffic?.meter.whole() ?? null;
  return recent === null || whole === null ? null : { recent, whole };
}
