// Traffic over packet time as columns, and the small message that tells how it goes on several times a second.

/**
 * Upper bounds of the bins that round trips and answers are counted in, microseconds: three a factor of ten, from
 * 100 µs to 10 s; the last bin has no bound.
 */
export const latencyBoundsUs = [
  100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7,
] as const;
export const latencyBins = latencyBoundsUs.length + 1;

/**
 * One value per column in each list; all are equally long, without gaps in time, but for what nobody counted: segments,
 * those sent again, round trips and answers are then empty lists. Bytes are those of whole frames on the wire.
 */
export interface TrafficSeries {
  /** First column's beginning, whole seconds since the epoch. */
  readonly startSec: number;
  /** Seconds of packet time that a column covers. */
  readonly stepSec: number;
  readonly packets: readonly number[];
  readonly bytes: readonly number[];
  /** To and from the networks of the house; what stays inside or outside is in neither. */
  readonly inBytes: readonly number[];
  readonly outBytes: readonly number[];
  /** Bytes by family, in the order of `families`. */
  readonly families: readonly (readonly number[])[];
  /** Conversations that began. */
  readonly newFlows: readonly number[];
  /** TCP segments with payload, and those that were sent again. */
  readonly segments: readonly number[];
  readonly repeated: readonly number[];
  /** By column: how many round trips and answers fell into each of `latencyBins`; an empty list: none. */
  readonly rtt: readonly (readonly number[])[];
  readonly responses: readonly (readonly number[])[];
}

/** Where a span of traffic comes from: the last ten minutes by the second, or all of it in at most 512 columns. */
export type TrafficSpan = 'recent' | 'whole';
export const trafficColumns: Readonly<Record<TrafficSpan, number>> = { recent: 600, whole: 512 };

/** How a capture stands, small enough for ten a second. */
export interface Pulse {
  /** Packet time of the latest packet, microseconds; null before the first. */
  readonly lastUs: number | null;
  readonly packets: number;
  readonly bytes: number;
  readonly flows: number;
  readonly activeFlows: number;
  readonly hosts: number;
  readonly dropped: { readonly kernel: number; readonly interface: number; readonly queue: number };
  /** The latest columns of `recent`: those that may have changed since the pulse before, three at the most. */
  readonly recent: TrafficSeries | null;
}
