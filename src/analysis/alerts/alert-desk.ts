// Turns evidence into alerts: one for each detector and key, told when it opens and at each tenfold growth.

import { type Alert, type Evidence, hashId, type Severity, severityScores } from '../../core/index.ts';

/** What the desk knows of a detector. */
export interface AlertOrigin {
  readonly name: string;
  readonly title: string;
  readonly version: number;
  readonly severity: Severity;
  readonly mitre: string | null;
  readonly meaning: string;
  readonly benign: string;
  readonly next: string;
}

/** Alerts kept; what comes beyond is counted. */
const alertLimit = 10_000;
const packetLimit = 20;

interface Kept {
  alert: Alert;
  /** What was observed when it was told last. */
  toldAt: number;
}

export class AlertDesk {
  readonly #kept = new Map<string, Kept>();
  readonly #tell: ((alert: Alert) => void) | null;
  /** Alerts for which there was no place. */
  unlisted = 0;

  /** @param tell hears of each alert when it opens and when it has grown tenfold; null when only the list is wanted */
  constructor(tell: ((alert: Alert) => void) | null) {
    this.#tell = tell;
  }

  take(origin: AlertOrigin, evidence: Evidence, now: { readonly timeUs: number; readonly packet: number }): void {
    const place = `${origin.name} ${evidence.key}`;
    const before = this.#kept.get(place);
    if (before === undefined && this.#kept.size >= alertLimit) {
      this.unlisted++;
      return;
    }
    const alert = alertOf(origin, evidence, now, before?.alert);
    const isNews = before === undefined || evidence.observed >= before.toldAt * 10;
    this.#kept.set(place, { alert, toldAt: isNews ? evidence.observed : before.toldAt });
    if (isNews) this.#tell?.(alert);
  }

  /** All alerts as they are now, in the order they were opened. */
  current(): Alert[] {
    return [...this.#kept.values()].map(({ alert }) => alert);
  }
}

function alertOf(
  origin: AlertOrigin,
  evidence: Evidence,
  now: { readonly timeUs: number; readonly packet: number },
  before: Alert | undefined,
): Alert {
  const confidence = evidence.confidence ?? 1;
  const severity = evidence.severity ?? origin.severity;
  const firstPacket = before?.firstPacket ?? evidence.firstPacket ?? now.packet;
  return {
    id: before?.id ?? hashId(`${origin.name} ${evidence.key} ${firstPacket}`),
    detector: origin.name,
    title: origin.title,
    version: origin.version,
    severity,
    score: severityScores[severity] * confidence,
    confidence,
    state: 'open',
    key: evidence.key,
    sources: evidence.sources,
    targets: evidence.targets,
    firstUs: before?.firstUs ?? evidence.firstUs ?? now.timeUs,
    lastUs: now.timeUs,
    firstPacket,
    packet: before?.packet ?? now.packet,
    lastPacket: now.packet,
    count: evidence.count ?? 1,
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
    packets: joined(before?.packets, [...(evidence.packets ?? []), now.packet], packetLimit),
    filter: evidence.filter,
  };
}

/** Both lists without repetitions; the earliest stay. */
function joined<T>(before: readonly T[] | undefined, more: readonly T[] | undefined, limit: number): readonly T[] {
  return [...new Set([...(before ?? []), ...(more ?? [])])].slice(0, limit);
}
