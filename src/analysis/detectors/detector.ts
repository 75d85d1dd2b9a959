// What a detector is: a name, words for people, options, and a watch that sees signals and gives evidence.

import type {
  AnyEvent,
  CaptureFacts,
  DetectorWords,
  EventPlace,
  Evidence,
  FlowSignal,
  HealthSignal,
  OddSignal,
  Packet,
  RateSignal,
  VolumeSignal,
} from '../../core/index.ts';
import type { DistinctPool, KeyTable, KeyTableOptions } from '../sketches/index.ts';
import type { IntelLists } from './intel/lists.ts';

/** A number a user may set. */
export interface DetectorOption {
  readonly fallback: number;
  /** One line: what it limits. */
  readonly title: string;
  /** `sec`, `bytes`, `share` (0..1), `perSec`; empty for a plain count. */
  readonly unit: string;
  readonly least: number;
  readonly most: number;
}

const most = Number.MAX_SAFE_INTEGER;
const option = (unit: string, fallback: number, title: string, highest = most): DetectorOption => ({
  fallback,
  title,
  unit,
  least: 0,
  most: highest,
});

/** A whole number of things. */
export const count = (fallback: number, title: string): DetectorOption => option('', fallback, title);
export const seconds = (fallback: number, title: string): DetectorOption => option('sec', fallback, title);
export const bytes = (fallback: number, title: string): DetectorOption => option('bytes', fallback, title);
export const perSecond = (fallback: number, title: string): DetectorOption => option('perSec', fallback, title);
/** A share, 0 to 1. */
export const share = (fallback: number, title: string): DetectorOption => option('share', fallback, title, 1);

export type DetectorOptions = Readonly<Record<string, DetectorOption>>;
export type OptionValues<O extends DetectorOptions> = { readonly [K in keyof O]: number };

/** What is known at the moment at hand. */
export interface Moment {
  /** Packet time in microseconds and whole seconds: the highest so far. */
  readonly timeUs: number;
  readonly sec: number;
  /** Number of the latest packet. */
  readonly packet: number;
  /** The input is over: what is raised now only brings alerts up to date. */
  readonly isOver: boolean;
}

/** Who is who in the network that is watched; learned from traffic, corrected by the user. */
export interface Network {
  /** Private, link-local, or named as local in the configuration. */
  isLocal(ipVersion: number, w0: number, w1: number, w2: number, w3: number): boolean;
}

/** What a watch may ask and do. */
export interface Surroundings<O extends DetectorOptions = DetectorOptions> {
  readonly options: OptionValues<O>;
  /** The moment of the signal under way. Reused. */
  readonly now: Moment;
  readonly network: Network;
  /** How good the capture is, as of the last full second. */
  readonly capture: Readonly<CaptureFacts>;
  /** Threat lists of the user; exchanged as a whole when a file has changed. */
  readonly intel: { readonly lists: IntelLists };
  /** A table counted under this detector; its capacity is scaled by `--detect-memory`. */
  table(options: KeyTableOptions): KeyTable;
  /** Distinct counters, one slot for each row of a table (or `slots` of them, scaled likewise). */
  distinct(slots: KeyTable | number): DistinctPool;
  /** What several detectors share; made by who asks first. */
  shared<T>(key: string, make: () => T): T;
  /** Likewise, for what learns from signals itself: it hears each of them before any detector does. It raises nothing. */
  learner<T extends Watch>(key: string, make: () => T): T;
  /** Opens or updates the alert of this detector and `evidence.key`. Call when a limit is passed and each time what was seen has doubled. */
  raise(evidence: Evidence): void;
}

/** Hears what happens. Objects are reused: take what is needed before returning. A watch never throws on purpose. */
export interface Watch {
  /** Bits of `moment` that `flow` wants; needed with `flow`. */
  readonly moments?: number;
  flow?(signal: FlowSignal): void;
  /**
   * Packets that are not plain TCP or UDP: no IP at all (ARP, STP, …), ICMP, IGMP, fragments, those with a decoding
   * problem, with IP options or extension headers, TCP with flags that make no sense together. The packet is decoded and must not be kept.
   */
  frame?(p: Packet): void;
  /** A datagram that was put together from fragments, decoded: its fragments came as frames before. */
  whole?(p: Packet): void;
  /** What contradicts the standards of fragments and segments. */
  odd?(signal: OddSignal): void;
  /** A host's second, where it was busy. */
  rate?(rate: RateSignal): void;
  /** How a TCP flow gets through: when it is over, about once a minute before, and when something hangs. */
  health?(signal: HealthSignal): void;
  /** A second of all traffic is over. Where several analyses share it, once for each. */
  volume?(signal: VolumeSignal): void;
  /** Events by kind (protocol name, `weird`, `x509`, `fileinfo`); see docs/51-fields.md. */
  readonly events?: Readonly<Record<string, (event: AnyEvent, place: EventPlace) => void>>;
  /** Once for each second of packet time in which something came, before the first signal of that second. */
  tick?(sec: number): void;
  /** The input is over: raise once more what has newer numbers. */
  end?(): void;
}

export interface Detector<O extends DetectorOptions = DetectorOptions> extends DetectorWords {
  readonly options: O;
  /** Off unless the user turns it on. */
  readonly isOptional?: boolean;
  readonly open: (around: Surroundings<O>) => Watch;
}

/** Gives a detector its type; the list in index.ts is the registry. */
export function defineDetector<const O extends DetectorOptions>(detector: Detector<O>): Detector<O> {
  return detector;
}
