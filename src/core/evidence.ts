// What a detector is called, and what it gives when it sees something: the matter for an alert.

import type { Severity } from './alert.ts';

/** What is said of a detector: to its users, and in each of its alerts. */
export interface DetectorWords {
  /** `group.thing`, lower case: the group chooses colour, category and folder. Never changed. */
  readonly name: string;
  readonly title: string;
  readonly version: number;
  /** What an alert has when its evidence does not say otherwise. */
  readonly severity: Severity;
  /** MITRE ATT&CK technique; null where there is none. */
  readonly mitre: string | null;
  /** A sentence each: why it matters, what harmless thing it could be, how to look further. */
  readonly meaning: string;
  readonly benign: string;
  readonly next: string;
}

/** Whether a detector's name is the pattern, or is in its group: `scan.*`, `*`. */
export function isNamed(name: string, pattern: string): boolean {
  return pattern === '*' || pattern === name || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1)));
}

/** Text and numbers of one finding. The same key again is the same alert, with newer numbers. */
export interface Evidence {
  /** Whom or what it is about, e.g. `10.0.0.5` or `10.0.0.5 → 10.0.0.9`: one alert per detector and key. */
  readonly key: string;
  /** Addresses of those who do it and those it is done to; empty where not known. */
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  /** The detector's own when left out. */
  readonly severity?: Severity;
  readonly mitre?: string;
  /** 0..1, how sure the detector is; 1 when left out. */
  readonly confidence?: number;
  /** What was seen, and the limit it met; `unit` in words, e.g. `ports`. */
  readonly observed: number;
  readonly threshold: number;
  readonly unit?: string;
  /** What is usual here, where a baseline is known. */
  readonly expected?: number;
  /** One plain sentence with the numbers. */
  readonly explain: string;
  /** Anything that speaks against it, e.g. `0 of 21 answered`. */
  readonly against?: string;
  /** When it began; the moment at hand when left out. */
  readonly firstUs?: number;
  readonly firstPacket?: number;
  /** Times it was seen; 1 when left out. */
  readonly count?: number;
  /** Up to 20 packet numbers that show it; the one at hand is added. */
  readonly packets?: readonly number[];
  /** Community IDs of flows that show it. */
  readonly flows?: readonly string[];
  /** Wireshark display filter. */
  readonly filter: string;
}
