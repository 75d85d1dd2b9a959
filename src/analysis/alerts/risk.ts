// How much a host is to be worried about: a sum whose terms are shown, halved each hour (detection.md §2.5).

import { type Alert, type HostRisk, type RiskLevel, type RiskTerm, severityScores } from '../../core/index.ts';
import { tacticOf } from './tactics.ts';

const halfLifeUs = 3600e6;
const dayUs = 86_400e6;
const termsShown = 8;
/** Share of an alert's points that whom it is done to gets: it may have been hurt. */
const targetShare = 0.1;
/** From how many points on; the highest that is reached counts. */
const levels: readonly (readonly [points: number, level: RiskLevel])[] = [
  [300, 'likely compromised'],
  [150, 'suspicious'],
  [50, 'watch'],
  [0, 'ok'],
];

interface Sum {
  terms: RiskTerm[];
  tactics: Set<string>;
  hasProof: boolean;
  hasBehaviour: boolean;
}

/** Risk of all hosts named by alerts, highest first. `nowUs` is packet time. */
export function risksOf(alerts: readonly Alert[], nowUs: number, most: number): HostRisk[] {
  const hostsOf = new Map<string, Set<string>>();
  for (const alert of alerts) {
    const hosts = hostsOf.get(alert.detector) ?? new Set();
    for (const host of alert.sources) hosts.add(host);
    hostsOf.set(alert.detector, hosts);
  }
  const sums = new Map<string, Sum>();
  for (const alert of alerts) {
    const points = severityScores[alert.severity];
    if (points === 0) continue;
    const ageUs = Math.max(0, nowUs - alert.lastUs);
    // What many hosts do says less about each of them.
    const rarity = Math.max(0.25, Math.min(1, 2 / Math.max(1, hostsOf.get(alert.detector)?.size ?? 1)));
    const weight = points * alert.confidence * rarity * 2 ** (-ageUs / halfLifeUs);
    for (const host of alert.sources) add(sums, host, alert, weight, ageUs);
    for (const host of alert.targets) add(sums, host, alert, weight * targetShare, Number.POSITIVE_INFINITY);
  }
  return [...sums]
    .map(([host, sum]) => riskOf(host, sum))
    .filter((risk) => risk.score >= 1)
    .sort((a, b) => b.score - a.score || (a.host < b.host ? -1 : 1))
    .slice(0, most);
}

function add(sums: Map<string, Sum>, host: string, alert: Alert, points: number, ageUs: number): void {
  const sum = sums.get(host) ?? { terms: [], tactics: new Set(), hasProof: false, hasBehaviour: false };
  sums.set(host, sum);
  sum.terms.push({ alert: alert.id, detector: alert.detector, points: round(points) });
  const tactic = tacticOf(alert.mitre);
  if (tactic !== null && ageUs <= dayUs) sum.tactics.add(tactic);
  if (ageUs === Number.POSITIVE_INFINITY) return;
  if (alert.detector.startsWith('intel.') || alert.detector === 'brute.success') sum.hasProof = true;
  else sum.hasBehaviour = true;
}

function riskOf(host: string, { terms, tactics, hasProof, hasBehaviour }: Sum): HostRisk {
  const base = terms.reduce((total, term) => total + term.points, 0);
  const bonus = (tactics.size >= 3 ? 1.5 : 1) * (hasProof && hasBehaviour ? 2 : 1);
  const score = round(base * bonus);
  const level = levels.find(([points]) => score >= points)?.[1] ?? 'ok';
  const shown = [...terms].sort((a, b) => b.points - a.points || (a.alert < b.alert ? -1 : 1)).slice(0, termsShown);
  return { host, score, level, bonus, tactics: [...tactics], terms: shown, more: terms.length - shown.length };
}

const round = (points: number): number => Math.round(points * 10) / 10;
