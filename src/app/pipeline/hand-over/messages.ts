// What the analysis thread and the main thread say to each other besides facts.

import type { Damage, FailureData, Snapshot, SourceInterface } from '../../../core/index.ts';
import type { Listening } from '../detection/index.ts';
import type { RunOptions } from '../options.ts';
import type { PulseData, TrafficSpans } from './screen-sender.ts';

/** Given to a worker when it starts. */
export interface WorkerOrder {
  readonly options: RunOptions;
  /** Number of this worker, from 0. */
  readonly index: number;
  /** Placement seed of the flow table: unguessable for the traffic. */
  readonly hashSeed: number;
  /** Same for all workers of a run: names their share of the traffic to the kernel. */
  readonly fanoutGroup: number;
  /** What detectors elsewhere listen to; null: they run in this worker, or not at all. */
  readonly listening: Listening | null;
  readonly queueMemory: SharedArrayBuffer;
  readonly controlMemory: SharedArrayBuffer;
}

/** Words of the control memory. */
export const control = {
  /** 1: end the capture. */
  stop: 0,
  /** 1: all captures are open and privileges are dropped, packets may be parsed. */
  go: 1,
  /** 1: the reader of the queue was told to drain and has not yet begun. */
  woken: 2,
  words: 4,
} as const;

export type WorkerMessage =
  | { readonly type: 'opened'; readonly interfaces: readonly SourceInterface[] }
  | { readonly type: 'drain' }
  | { readonly type: 'pulse'; readonly pulse: PulseData }
  | {
      readonly type: 'snapshot';
      readonly snapshot: Snapshot;
      /** Null while nobody looks. */
      readonly traffic: TrafficSpans | null;
      readonly doneBytes: number;
      readonly totalBytes: number | null;
    }
  | {
      readonly type: 'done';
      readonly snapshot: Snapshot;
      readonly traffic: TrafficSpans | null;
      readonly interfaces: readonly SourceInterface[];
      readonly damage: (Damage & { readonly input: string }) | null;
    }
  | { readonly type: 'failed'; readonly failure: FailureData }
  | { readonly type: 'broken'; readonly message: string; readonly stack: string };
