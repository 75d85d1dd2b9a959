/**
 * What looks unusual; one file per suspicion.
 *
 * Guarantees: works on packet time and counts only, so the same input gives the same alerts; state has a fixed bound;
 * an alert says what was seen, what was expected, and where to look. A detector that throws is switched off, counted and
 * told once. To add one: write the file, add the line.
 */

import type { Detector } from './detector.ts';
import { icmpSweep } from './scans/icmp-sweep.ts';

export * from './detection.ts';
export * from './detection-options.ts';
export * from './detector.ts';
export * from './packet-count.ts';
export * from './wording.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const detectors: readonly Detector<any>[] = [
  // scans
  icmpSweep,
];
