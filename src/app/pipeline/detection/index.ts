// Detectors and alerts of one run: which are open, what they are told, what comes of their evidence.

import { AlertDesk, incidentsOf, risksOf } from '../../../analysis/alerts/index.ts';
import { Detection, type Detector, detectors, type IntelSource } from '../../../analysis/detectors/index.ts';
import type { Alert, Snapshot } from '../../../core/index.ts';
import type { DetectOptions } from '../options.ts';
import type { EvidenceFiles } from './evidence-files.ts';
import { Signals } from './signals.ts';

export { Signals };

/** What detection is given beside its options. */
export interface DetectionParts {
  /** Detectors of the user. */
  readonly own?: readonly Detector[];
  readonly evidence?: EvidenceFiles | null;
  /** Threat lists of the user. */
  readonly intel?: IntelSource;
}

/** Opens the detectors of a run, with a desk for what they find. `more` are the user's own. */
export function openDetection(
  options: DetectOptions,
  more: readonly Detector[],
  tell: ((alert: Alert) => void) | null,
  intel?: IntelSource,
): { readonly detection: Detection; readonly desk: AlertDesk } {
  const desk = new AlertDesk({ tell, exceptions: options.exceptions });
  const detection = new Detection(
    [...detectors, ...more],
    options,
    (detector, evidence, now) => desk.take(detector, evidence, now),
    intel,
  );
  return { detection, desk };
}

/** The part of a snapshot that detectors and alerts fill. `before` are alerts made elsewhere. */
export function detectionSnapshot(
  detection: Detection,
  desk: AlertDesk,
  before: readonly Alert[],
): Pick<Snapshot, 'alerts' | 'incidents' | 'risks' | 'detection'> {
  const nowUs = detection.now.timeUs;
  const alerts = desk.current(nowUs);
  const { evidence, told, excepted, suppressed } = desk.counters;
  return {
    alerts: [...before, ...alerts],
    incidents: incidentsOf(alerts),
    risks: risksOf(alerts, nowUs, hostsAtRisk),
    detection: {
      evidence,
      told,
      excepted,
      suppressed,
      late: detection.late,
      detectors: detection.occupancy(),
      exceptions: desk.exceptions.uses().map(({ who, what, why, hits, lastUs }) => ({ who, what, why, hits, lastUs })),
      faults: detection.faults().map(({ detector, fault }) => `${detector}: ${fault}`),
    },
  };
}

const hostsAtRisk = 20;
