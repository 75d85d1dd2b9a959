// Pulses and traffic of one or several workers, added up and told to whoever looks on.

import { joinTraffic, seriesOf } from '../../../analysis/stats/index.ts';
import type { Pulse } from '../../../core/index.ts';
import type { Listeners } from '../listeners.ts';
import { type PulseData, pulseColumns, type TrafficSpans } from './screen-sender.ts';

export class ScreenReceiver {
  readonly #listeners: Listeners;
  readonly #everyMs: number;
  readonly #pulses: (PulseData | null)[];
  readonly #spans: (TrafficSpans | null)[];
  #nextMs = 0;
  #timer: NodeJS.Timeout | null = null;

  /** @param everyMs between two pulses */
  constructor(listeners: Listeners, everyMs: number, workers: number) {
    this.#listeners = listeners;
    this.#everyMs = everyMs;
    this.#pulses = new Array<PulseData | null>(workers).fill(null);
    this.#spans = new Array<TrafficSpans | null>(workers).fill(null);
  }

  /** Each of several workers says a pulse: what they say in one interval is told once, at its end. */
  pulse(worker: number, pulse: PulseData): void {
    this.#pulses[worker] = pulse;
    const waitMs = this.#nextMs - performance.now();
    if (this.#pulses.length === 1 || waitMs <= 0) this.#tellPulse();
    else this.#timer ??= setTimeout(() => this.#tellPulse(), waitMs);
  }

  #tellPulse(): void {
    this.#clearTimer();
    this.#nextMs = performance.now() + this.#everyMs;
    const known = this.#pulses.filter((pulse) => pulse !== null);
    if (known.length > 0) this.#listeners.pulse?.(mergePulses(known));
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  traffic(worker: number, spans: TrafficSpans | null): void {
    if (spans !== null) this.#spans[worker] = spans;
  }

  /** Tells both spans as far as all workers have told theirs. */
  tellSeries(): void {
    if (this.#listeners.series === undefined) return;
    const recent = joinTraffic(
      this.#spans.map((spans) => spans?.recent ?? null),
      'recent',
    );
    const whole = joinTraffic(
      this.#spans.map((spans) => spans?.whole ?? null),
      'whole',
    );
    if (recent !== null && whole !== null) this.#listeners.series(seriesOf(recent), seriesOf(whole));
  }

  /** No pulse comes any more. */
  close(): void {
    this.#clearTimer();
    this.#pulses.fill(null);
  }
}

/** Adds the pulses of several workers; columns are those of the latest three seconds of all. */
export function mergePulses(parts: readonly PulseData[]): Pulse {
  const sum = (of: (part: PulseData) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const times = parts.map(({ lastUs }) => lastUs).filter((lastUs) => lastUs !== null);
  const recent = joinTraffic(
    parts.map((part) => part.recent),
    'recent',
    pulseColumns,
  );
  return {
    lastUs: times.length === 0 ? null : Math.max(...times),
    packets: sum((part) => part.packets),
    bytes: sum((part) => part.bytes),
    flows: sum((part) => part.flows),
    activeFlows: sum((part) => part.activeFlows),
    hosts: sum((part) => part.hosts),
    dropped: {
      kernel: sum((part) => part.dropped.kernel),
      // Each worker reads the same counter of the same device.
      interface: Math.max(...parts.map((part) => part.dropped.interface)),
      queue: sum((part) => part.dropped.queue),
    },
    recent: recent === null ? null : seriesOf(recent),
  };
}
