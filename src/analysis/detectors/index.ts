/**
 * What looks unusual; one file per suspicion.
 *
 * Guarantees: works on packet time and counts only, so the same input gives the same alerts; state has a fixed bound;
 * an alert says what was seen, what was expected, and where to look. A detector that throws is switched off, counted and
 * told once. To add one: write the file, add the line to its family.
 */

import { anomalies } from './anomalies/index.ts';
import { arrivals } from './arrivals/index.ts';
import { baselines } from './baselines/index.ts';
import { c2 } from './c2/index.ts';
import { certificates } from './certificates/index.ts';
import { credentials } from './credentials/index.ts';
import type { Detector } from './detector.ts';
import { exfil } from './exfil/index.ts';
import { health } from './health/index.ts';
import { intel } from './intel/index.ts';
import { lateral } from './lateral/index.ts';
import { local } from './local/index.ts';
import { logins } from './logins/index.ts';
import { names } from './names/index.ts';
import { scans } from './scans/index.ts';
import { tunnels } from './tunnels/index.ts';
import { volume } from './volume/index.ts';
import { web } from './web/index.ts';

export { CaptureQuality, qualityKey } from './anomalies/capture/quality.ts';
export * from './detection.ts';
export * from './detection-options.ts';
export * from './detector.ts';
export { IntelLists, type IntelSource, ListReader } from './intel/index.ts';
export * from './packet-count.ts';
export * from './wording.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const detectors: readonly Detector<any>[] = [
  ...volume,
  ...scans,
  ...local,
  ...names,
  ...c2,
  ...exfil,
  ...logins,
  ...certificates,
  ...credentials,
  ...web,
  ...lateral,
  ...tunnels,
  ...anomalies,
  ...intel,
  ...arrivals,
  ...baselines,
  ...health,
];
