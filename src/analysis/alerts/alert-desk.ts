// Turns evidence into alerts: one for each detector and key, told when it opens and at each tenfold growth, closed after
// silence. A storm of alerts stays within bounds: quotas per detector, per source and per second, and one alert that says
// how many were held back.

import { type Alert, type DetectorWords, type Evidence, hashId, severityScores } from '../../core/index.ts';
import { type Exception, Exceptions } from './exceptions.ts';
import { explained } from './incidents.ts';

export interface DeskOptions {
  /** Hears of each alert when it opens and when it has grown tenfold; null when only the list is wanted. */
  readonly tell: ((alert: Alert) => void) | null;
  readonly exceptions?: readonly Exception[];
  /** 0..1: how far a detector can be trusted with a capture like this one. */
  readonly trust?: (detector: string) => number;
}

/** The moment at which evidence comes. */
export interface DeskMoment {
  readonly timeUs: number;
  readonly packet: number;
  /** The input is over: this packet has nothing to do with it. */
  readonly isOver?: boolean;
}

/** Alerts kept at once; of one detector, of one source; new ones in one second of packet time. */
const most = { all: 10_000, detector: 1000, source: 200, second: 50 } as const;
/** Silence after which an alert is closed, and time after that in which the same is not told again. */
const closeUs = 600e6;
const quietUs = 3600e6;
const packetLimit = 20;
/** Never kept quiet: the second time is as important as the first. */
const loud = ['brute.success', 'intel.'];

interface Kept {
  alert: Alert;
  /** What was observed when it was told last. */
  toldAt: number;
}

export interface DeskCounters {
  /** Evidence taken, told alerts, and what was held back by an exception or for want of room. */
  readonly evidence: number;
  readonly told: number;
  readonly excepted: number;
  readonly suppressed: number;
}

const suppression: DetectorWords = {
  name: 'alerts.suppressed',
  title: 'Alerts held back',
  version: 1,
  severity: 'low',
  mitre: null,
  meaning: 'There were more alerts than anyone can read; the rest was counted and not listed.',
  benign: 'A scan or flood with forged sources makes many alerts by itself.',
  next: 'Look at the detectors and sources named; raise their limits, or except them.',
};

export class AlertDesk {
  readonly exceptions: Exceptions;
  readonly #kept = new Map<string, Kept>();
  /** Alerts whose place was taken by a newer one of the same key. */
  readonly #past: Alert[] = [];
  readonly #tell: DeskOptions['tell'];
  readonly #trust: (detector: string) => number;
  readonly #perDetector = new Map<string, number>();
  readonly #perSource = new Map<string, number>();
  readonly #heldBack = new Map<string, number>();
  #sec = Number.NEGATIVE_INFINITY;
  #inSecond = 0;
  #evidence = 0;
  #told = 0;
  #excepted = 0;
  #suppressed = 0;

  constructor({ tell, exceptions = [], trust = () => 1 }: DeskOptions) {
    this.#tell = tell;
    this.#trust = trust;
    this.exceptions = new Exceptions(exceptions);
  }

  get counters(): DeskCounters {
    return {
      evidence: this.#evidence,
      told: this.#told,
      excepted: this.#excepted,
      suppressed: this.#suppressed,
    };
  }

  take(origin: DetectorWords, evidence: Evidence, now: DeskMoment): void {
    this.#evidence++;
    if (this.exceptions.covers(origin.name, evidence, now.timeUs)) {
      this.#excepted++;
      return;
    }
    const place = `${origin.name} ${evidence.key}`;
    let before = this.#kept.get(place);
    if (before !== undefined && this.#isOver(before.alert, now.timeUs)) {
      this.#past.push({ ...before.alert, state: 'closed' });
      this.#kept.delete(place);
      before = undefined;
    }
    if (before === undefined && !this.#hasRoom(origin.name, evidence, now)) return;
    const alert = alertOf(origin, evidence, now, before?.alert, this.#trust(origin.name));
    this.#keep(place, alert, before);
  }

  /** Keeps an alert and tells it when it is new or has grown tenfold. */
  #keep(place: string, alert: Alert, before: Kept | undefined): void {
    const toldAt = before?.toldAt ?? 0;
    const isNews = before === undefined || alert.observed >= toldAt * 10;
    this.#kept.set(place, { alert, toldAt: isNews ? alert.observed : toldAt });
    if (!isNews) return;
    this.#told++;
    this.#tell?.(alert);
  }

  /** Whether evidence for an alert this long silent is a matter of its own. */
  #isOver(alert: Alert, timeUs: number): boolean {
    const silentUs = timeUs - alert.lastUs;
    const isLoud = loud.some((name) => alert.detector.startsWith(name));
    return silentUs > (isLoud ? closeUs : closeUs + quietUs);
  }

  /** Counts a new alert against its quotas; false when it has to be held back. */
  #hasRoom(detector: string, { sources }: Evidence, now: DeskMoment): boolean {
    const sec = Math.floor(now.timeUs / 1e6);
    if (sec !== this.#sec) {
      this.#sec = sec;
      this.#inSecond = 0;
    }
    const ofDetector = this.#perDetector.get(detector) ?? 0;
    const source = sources[0] ?? '';
    const ofSource = this.#perSource.get(source) ?? 0;
    const isFull =
      this.#kept.size + this.#past.length >= most.all ||
      ofDetector >= most.detector ||
      (source !== '' && ofSource >= most.source) ||
      this.#inSecond >= most.second;
    if (isFull) {
      this.#holdBack(detector, now);
      return false;
    }
    this.#inSecond++;
    this.#perDetector.set(detector, ofDetector + 1);
    if (source !== '') this.#perSource.set(source, ofSource + 1);
    return true;
  }

  /** One alert stands for all that were held back. */
  #holdBack(detector: string, now: DeskMoment): void {
    this.#suppressed++;
    this.#heldBack.set(detector, (this.#heldBack.get(detector) ?? 0) + 1);
    // Words are made anew only as the number doubles.
    if ((this.#suppressed & (this.#suppressed - 1)) !== 0) return;
    const before = this.#kept.get(suppression.name);
    const alert = alertOf(suppression, this.#suppression(), now, before?.alert, 1);
    this.#keep(suppression.name, alert, before);
  }

  #suppression(): Evidence {
    const top = [...this.#heldBack].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 5);
    const names = top.map(([name, count]) => `${name} ${count}`).join(', ');
    return {
      key: 'alerts',
      sources: [],
      targets: [],
      observed: this.#suppressed,
      threshold: most.second,
      unit: 'alerts',
      count: this.#suppressed,
      explain: `${this.#suppressed} alerts were held back, most of them of ${names}.`,
      filter: '',
    };
  }

  /** All alerts as they are at a moment of packet time, in the order they were opened. */
  current(nowUs: number): Alert[] {
    const kept = [...this.#kept.values()].map(({ alert }) =>
      nowUs - alert.lastUs > closeUs ? { ...alert, state: 'closed' as const } : alert,
    );
    return explained([...this.#past, ...kept]).sort((a, b) => a.packet - b.packet || (a.id < b.id ? -1 : 1));
  }
}

function alertOf(
  origin: DetectorWords,
  evidence: Evidence,
  now: DeskMoment,
  before: Alert | undefined,
  trust: number,
): Alert {
  const confidence = Math.round((evidence.confidence ?? 1) * trust * 100) / 100;
  const severity = evidence.severity ?? origin.severity;
  const firstPacket = before?.firstPacket ?? evidence.firstPacket ?? now.packet;
  const isLate = now.isOver === true && before !== undefined;
  return {
    id: before?.id ?? hashId(`${origin.name} ${evidence.key} ${firstPacket}`),
    detector: origin.name,
    title: origin.title,
    version: origin.version,
    severity,
    score: severityScores[severity] * confidence,
    confidence,
    state: 'open',
    explainedBy: null,
    key: evidence.key,
    sources: evidence.sources,
    targets: evidence.targets,
    firstUs: before?.firstUs ?? evidence.firstUs ?? now.timeUs,
    lastUs: isLate ? before.lastUs : now.timeUs,
    firstPacket,
    packet: before?.packet ?? now.packet,
    lastPacket: isLate ? before.lastPacket : now.packet,
    count: evidence.count ?? (before?.count ?? 0) + 1,
    observed: evidence.observed,
    threshold: evidence.threshold,
    unit: evidence.unit ?? '',
    expected: evidence.expected ?? null,
    explain: evidence.explain,
    against: evidence.against ?? '',
    meaning: origin.meaning,
    benign: origin.benign,
    next: origin.next,
    mitre: evidence.mitre ?? origin.mitre,
    flows: joined(before?.flows, evidence.flows, packetLimit),
    packets: joined(
      before?.packets,
      [...(evidence.packets ?? []), ...(now.isOver === true ? [] : [now.packet])],
      packetLimit,
    ),
    filter: evidence.filter,
  };
}

/** Both lists without repetitions; the earliest stay. */
function joined<T>(before: readonly T[] | undefined, more: readonly T[] | undefined, limit: number): readonly T[] {
  return [...new Set([...(before ?? []), ...(more ?? [])])].slice(0, limit);
}
