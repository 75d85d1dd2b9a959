// What slows flows down, in words and numbers that all rooms share.

import type { HistogramData } from './snapshot.ts';

/** What a flow may wait for (detection.md §1.11). `none` is a flow too short to say. */
export const waits = [
  'server',
  'client',
  'receiver_window',
  'sender_window',
  'loss',
  'queueing',
  'bandwidth',
  'round_trips',
  'not_captured',
] as const;
export type Wait = (typeof waits)[number];
export const wait = {
  server: 0,
  client: 1,
  receiverWindow: 2,
  senderWindow: 3,
  loss: 4,
  queueing: 5,
  bandwidth: 6,
  roundTrips: 7,
  notCaptured: 8,
} as const;

/** Percentiles of times in milliseconds; null when none was measured. */
export interface TimesMs {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly max: number | null;
  readonly count: number;
}

/** A client network or host, or a server, and how it fares. */
export interface HealthRow {
  /** `10.1.2.0/24 → 192.0.2.1` for a path, an address for a host. */
  readonly name: string;
  readonly flows: number;
  readonly rttMs: TimesMs;
  /** Request's last byte to answer's first, without the round trip. */
  readonly responseMs: TimesMs;
  readonly segments: number;
  readonly repeated: number;
  /** For workers' results to be added. */
  readonly rtt?: HistogramData;
  readonly response?: HistogramData;
}

/** A flow that took long, and what for. */
export interface SlowFlow {
  readonly id: number;
  readonly client: string;
  readonly server: string;
  readonly app: string;
  readonly firstUs: number;
  readonly waitedSec: number;
  readonly verdict: Wait;
  /** Share of that, 0 to 1. */
  readonly share: number;
  readonly sentence: string;
}

/** What is known of how flows get through. */
export interface NetworkHealth {
  /** TCP flows with anything to judge. */
  readonly flows: number;
  readonly rttMs: TimesMs;
  readonly responseMs: TimesMs;
  readonly segments: number;
  readonly repeated: number;
  /** Seconds that all flows waited, by reason. */
  readonly waitedSec: Readonly<Record<Wait, number>>;
  /** Slowest first. */
  readonly paths: readonly HealthRow[];
  readonly hosts: readonly HealthRow[];
  readonly slowest: readonly SlowFlow[];
  readonly rtt?: HistogramData;
  readonly response?: HistogramData;
}
