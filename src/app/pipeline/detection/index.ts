// Detectors and alerts of one run: which are open, what they are told, what comes of their evidence.

import { AlertDesk, incidentsOf, risksOf } from '../../../analysis/alerts/index.ts';
import {
  CaptureQuality,
  Detection,
  type Detector,
  detectors,
  type IntelSource,
  qualityKey,
} from '../../../analysis/detectors/index.ts';
import type { FlowTracker, TcpAnalysis } from '../../../analysis/flows/index.ts';
import type { Talks } from '../../../analysis/talks/index.ts';
import type { Alert, Snapshot } from '../../../core/index.ts';
import type { PacketCounts } from '../counting/packet-counts.ts';
import type { PacketKeeper } from '../keeping/packets/packet-keeper.ts';
import type { DetectOptions } from '../options.ts';
import type { EvidenceFiles } from './evidence-files.ts';
import { Oddness } from './oddness.ts';
import type { SignalTarget } from './signal-target.ts';
import { Signals } from './signals.ts';

export { HealthSignals } from './rows/health-signals.ts';
export { type Listening, listeningOf, type SignalTarget } from './signal-target.ts';
export { Signals };

/** Detectors, and the desk their evidence goes to. */
export interface OpenDetection {
  readonly detection: Detection;
  readonly desk: AlertDesk;
}

/** Detectors that judge by what was not seen: a capture that misses packets, or one side, misleads them. */
const trusting = ['scan.', 'perf.', 'flood.tcp', 'dos.', 'drdos.', 'c2.reconnect', 'exfil.', 'proto.tcp'];

/** 0.3 to 1: how far a detector can be trusted with this capture, as it is known now. */
function trustIn(detection: Detection, name: string): number {
  if (!trusting.some((begin) => name.startsWith(begin))) return 1;
  const quality = detection.shared(qualityKey);
  return quality instanceof CaptureQuality ? quality.confidence : 1;
}

/** Opens the detectors of a run, with a desk for what they find. `more` are the user's own. */
export function openDetection(
  options: DetectOptions,
  more: readonly Detector[],
  tell: ((alert: Alert) => void) | null,
  intel?: IntelSource,
): OpenDetection {
  const desk = new AlertDesk({ tell, exceptions: options.exceptions, trust: (name) => trustIn(detection, name) });
  const detection = new Detection(
    [...detectors, ...more],
    options,
    (detector, evidence, now) => desk.take(detector, evidence, now),
    intel,
  );
  return { detection, desk };
}

/** What an engine may be given for detection. */
export interface EngineSurroundings {
  /** Detectors of the user's own. */
  readonly own?: readonly Detector[];
  /** Threat lists. */
  readonly intel?: IntelSource;
  /** Where packets of alerts go. */
  readonly evidence?: EvidenceFiles | null;
  /** Where the packets of all flows go. */
  readonly keeper?: PacketKeeper | null;
  /** Where signals go when detectors run elsewhere. */
  readonly target?: SignalTarget;
}

/** What of an engine signals are made from. */
interface EngineParts {
  readonly flows: FlowTracker;
  readonly talks: Talks;
  readonly tcp: TcpAnalysis;
  readonly counts: PacketCounts;
}

/**
 * Starts the signals of an engine, with detectors unless they run elsewhere.
 * @param isFirst the first of several threads, or the only one
 * @param isShared several threads see all frames, each analyses a share of them
 */
export function startSignals(
  options: DetectOptions | null,
  { own = [], evidence = null, target, intel }: EngineSurroundings,
  { flows, talks, tcp, counts }: EngineParts,
  tell: ((alert: Alert) => void) | null,
  isFirst: boolean,
  isShared: boolean,
): { readonly signals: Signals | null; readonly detection: OpenDetection | null } {
  if (options === null) return { signals: null, detection: null };
  const keep = (alert: Alert): void => {
    tell?.(alert);
    evidence?.want(alert);
  };
  const detection = target === undefined ? openDetection(options, own, keep, intel) : null;
  const to = target ?? detection?.detection;
  if (to === undefined) return { signals: null, detection: null };
  const odd = new Oddness(to, flows.table, tcp, counts, isFirst);
  const signals = new Signals(to, flows.table, talks, tcp, odd, isFirst);
  signals.evidence = evidence;
  if (isShared) signals.meterAll();
  return { signals, detection };
}

/** The part of a snapshot that detectors and alerts fill. `before` are alerts made elsewhere. */
export function detectionSnapshot(
  { detection, desk }: OpenDetection,
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
