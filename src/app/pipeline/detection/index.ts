// Detectors and alerts of one run: which are open, what they are told, what comes of their evidence.

import { AlertDesk } from '../../../analysis/alerts/index.ts';
import { Detection, type Detector, detectors } from '../../../analysis/detectors/index.ts';
import type { Alert } from '../../../core/index.ts';
import type { DetectOptions } from '../options.ts';
import { Signals } from './signals.ts';

export { Signals };

/** Opens the detectors of a run, with a desk for what they find. `more` are the user's own. */
export function openDetection(
  options: DetectOptions,
  more: readonly Detector[],
  tell: ((alert: Alert) => void) | null,
): { readonly detection: Detection; readonly desk: AlertDesk } {
  const desk = new AlertDesk(tell);
  const detection = new Detection([...detectors, ...more], options, (detector, evidence, now) =>
    desk.take(detector, evidence, now),
  );
  return { detection, desk };
}
