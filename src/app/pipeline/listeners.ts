// What a run gives, and to whom.

import type {
  Alert,
  Damage,
  EventFact,
  Flow,
  PacketLine,
  Pulse,
  Snapshot,
  SourceInterface,
  TrafficSeries,
} from '../../core/index.ts';

/** Who hears of a run. Flow and PacketLine objects are reused: take what you need before you return. */
export interface Listeners {
  /** The capture is open (and privileges are dropped): interfaces known so far. */
  opened?(interfaces: readonly SourceInterface[]): void;
  flow?(flow: Flow): void;
  /**
   * A flow that goes on, with `flowEnd.open`; only with `RunOptions.screens`. Its counters are those of the record under
   * way: since the conversation began, or since its last record (see `Flow.part`). Who has more packets than when it was
   * told last is told again, each in its turn, as many as the budget allows. Reused as in `flow`.
   */
  openFlow?(flow: Flow): void;
  packet?(line: PacketLine): void;
  /** What a protocol told. Reused: take what you need before you return. */
  event?(event: EventFact): void;
  /** A new alert, or one that grew tenfold; `count` in it is current. */
  alert?(alert: Alert): void;
  snapshot?(snapshot: Snapshot): void;
  /** How the capture stands, several times a second; only with `RunOptions.screens`. */
  pulse?(pulse: Pulse): void;
  /**
   * Traffic over time, before each snapshot and once at the end, before `done`; only with `RunOptions.screens`. Both begin
   * with the first packet; none is told before it.
   */
  series?(recent: TrafficSeries, whole: TrafficSeries): void;
  /** Input read so far, for a progress bar; totalBytes null when unknown. */
  progress?(doneBytes: number, totalBytes: number | null): void;
  /** Every batch of facts has been handed over: a good moment to flush buffered output. */
  drained?(): void;
  /**
   * Asked before each batch: resolves once more can be taken, null when that is now. Meanwhile the queue fills: offline
   * the analysis then waits, live it drops and counts.
   */
  busy?(): Promise<void> | null;
}

export interface RunResult {
  readonly snapshot: Snapshot;
  readonly interfaces: readonly SourceInterface[];
  /** Set when the input ended in the middle of a packet or is damaged. */
  readonly damage: (Damage & { readonly input: string }) | null;
}

export interface Run {
  /** Resolves after the last snapshot; rejects with a Failure. */
  readonly done: Promise<RunResult>;
  /** Ends the capture, closes all flows; `done` follows. Idempotent. */
  stop(): void;
  /** Ends the threads at once; nothing more is written. */
  abort(): Promise<void>;
}
