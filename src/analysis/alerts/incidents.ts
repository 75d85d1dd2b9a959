// Alerts that belong together: of one host, within an hour of each other; and those that another one explains.

import { type Alert, hashId, type Incident, severities } from '../../core/index.ts';
import { tacticOf, tacticOrder } from './tactics.ts';

/** Silence after which a host's next alert is another incident (detection.md §2.4). */
const apartUs = 3600e6;
/** An alert of a kind that explains others of the same ends, told by the beginning of their detectors' names. */
const absorbs: readonly (readonly [strong: string, weak: readonly string[]])[] = [
  ['flood.syn', ['scan.', 'flood.flows', 'volume.rate', 'perf.connect-fail']],
  ['flood.', ['volume.rate', 'flood.flows', 'perf.']],
  ['drdos.', ['volume.rate', 'flood.flows', 'flood.udp']],
  ['scan.', ['flood.flows', 'perf.connect-fail', 'perf.resets', 'c2.reconnect', 'base.']],
  ['l2.arp-spoof', ['l2.ip-conflict', 'l2.arp-reask', 'l2.garp-storm']],
  ['l2.arp-reask', ['l2.ip-conflict']],
  ['dns.tunnel', ['dns.txt-entropy', 'dns.oversize', 'dga.', 'base.']],
  ['brute.success', ['brute.']],
  ['capture.', ['perf.']],
];

/** The same alerts, each with the one that explains it as well. */
export function explained(alerts: readonly Alert[]): Alert[] {
  const byEnd = new Map<string, Alert[]>();
  for (const alert of alerts) {
    if (!absorbs.some(([strong]) => alert.detector.startsWith(strong))) continue;
    for (const end of [...alert.sources, ...alert.targets]) byEnd.set(end, [...(byEnd.get(end) ?? []), alert]);
  }
  return alerts.map((alert) => {
    const near = [...alert.sources, ...alert.targets].flatMap((end) => byEnd.get(end) ?? []);
    const other = near.find((candidate) => absorbsIt(candidate, alert));
    return other === undefined ? alert : { ...alert, explainedBy: other.id };
  });
}

function absorbsIt(strong: Alert, weak: Alert): boolean {
  if (strong === weak || strong.firstUs - weak.lastUs > apartUs || weak.firstUs - strong.lastUs > apartUs) return false;
  return absorbs.some(
    ([name, weaker]) =>
      strong.detector.startsWith(name) &&
      !weak.detector.startsWith(name) &&
      weaker.some((begin) => weak.detector.startsWith(begin)),
  );
}

/** Whom an incident of this alert is about: who does it; where nobody is known, whom it is done to. */
const hostOf = (alert: Alert): string => alert.sources[0] ?? alert.targets[0] ?? alert.key;

/** Groups alerts that are worth a look (above info), earliest first. */
export function incidentsOf(alerts: readonly Alert[]): Incident[] {
  const byHost = new Map<string, Alert[]>();
  for (const alert of alerts) {
    if (alert.severity === 'info') continue;
    const host = hostOf(alert);
    byHost.set(host, [...(byHost.get(host) ?? []), alert]);
  }
  const found: Incident[] = [];
  for (const [host, own] of byHost) {
    own.sort((a, b) => a.firstUs - b.firstUs || a.firstPacket - b.firstPacket || compare(a.id, b.id));
    let group: Alert[] = [];
    let lastUs = Number.NEGATIVE_INFINITY;
    for (const alert of own) {
      if (group.length > 0 && alert.firstUs - lastUs > apartUs) {
        found.push(incidentOf(host, group));
        group = [];
      }
      group.push(alert);
      lastUs = Math.max(lastUs, alert.lastUs);
    }
    found.push(incidentOf(host, group));
  }
  return found.sort((a, b) => a.firstUs - b.firstUs || compare(a.id, b.id));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function incidentOf(host: string, group: readonly Alert[]): Incident {
  const ordered = [...group].sort((a, b) => tacticOrder(tacticOf(a.mitre)) - tacticOrder(tacticOf(b.mitre)));
  const known = ordered.map((alert) => tacticOf(alert.mitre)).filter((tactic) => tactic !== null);
  const worst = Math.max(...group.map(({ severity }) => severities.indexOf(severity)));
  const titles = [...new Set(ordered.map(({ title }) => title.toLowerCase()))];
  const shown =
    titles.length > 4 ? `${titles.slice(0, 4).join(', ')} and ${titles.length - 4} more` : titles.join(', ');
  return {
    id: hashId(`incident ${host} ${group[0].id}`),
    host,
    severity: severities[worst],
    firstUs: Math.min(...group.map(({ firstUs }) => firstUs)),
    lastUs: Math.max(...group.map(({ lastUs }) => lastUs)),
    tactics: [...new Set(known)],
    alerts: ordered.map(({ id }) => id),
    explain: `${host}: ${shown}.`,
  };
}
