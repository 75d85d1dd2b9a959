// One alert as a line of Suricata's EVE JSON (event type `alert`).

import { type Alert, formatEveTime, formatTime, printable, type Severity } from '../../core/index.ts';

/** Our generator: Suricata's own rules are generator 1, so signature numbers of both never meet. */
export const generatorId = 7474;

/** Suricata's severities run from 1, the worst, to 4. */
const severities: Record<Severity, number> = { critical: 1, severe: 1, high: 1, medium: 2, low: 3, info: 4 };

/** Words for `metadata.signature_severity`, as rule writers use them. */
const severityWords: Record<Severity, string> = {
  critical: 'Critical',
  severe: 'Major',
  high: 'Major',
  medium: 'Minor',
  low: 'Minor',
  info: 'Informational',
};

/** Suricata's classification of our groups of detectors, the part of a detector's name before the dot. */
const categories: Record<string, string> = {
  scan: 'Detection of a Network Scan',
  recon: 'Detection of a Network Scan',
  flood: 'Detection of a Denial of Service Attack',
  dos: 'Detection of a Denial of Service Attack',
  drdos: 'Detection of a Denial of Service Attack',
  volume: 'Misc activity',
  brute: 'Attempted User Privilege Gain',
  c2: 'A Network Trojan was detected',
  dga: 'A Network Trojan was detected',
  intel: 'A Network Trojan was detected',
  exfil: 'Potential Corporate Privacy Violation',
  cred: 'Potential Corporate Privacy Violation',
  web: 'Web Application Attack',
  exploit: 'Attempted Administrator Privilege Gain',
  lateral: 'Attempted Administrator Privilege Gain',
  proto: 'Generic Protocol Command Decode',
  capture: 'Misc activity',
  new: 'Misc activity',
  base: 'Misc activity',
  perf: 'Misc activity',
};

/**
 * Number of a detector's signature, the same for ever: 1,000,000 to 1,999,999, the range kept for local rules, taken
 * from the name (FNV-1a), so that a new detector needs no list of numbers.
 */
export function signatureId(detector: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < detector.length; i++) hash = Math.imul(hash ^ (detector.charCodeAt(i) & 255), 0x01000193);
  return 1_000_000 + ((hash >>> 0) % 1_000_000);
}

const ipv4Shape = /^(?:\d{1,3}\.){3}\d{1,3}$/;
const ipv6Shape = /^[0-9a-f:]*:[0-9a-f:.]*$/;

/** The IP address that an alert is about, where its key is one (and not a MAC address). */
function addressOf(key: string): string | undefined {
  const isIpv6 = ipv6Shape.test(key) && (key.includes('::') || key.split(':').length === 8);
  return isIpv6 || ipv4Shape.test(key) ? key : undefined;
}

/** The line, without its line feed. Parts that are unknown are left out. */
export function eveAlert(alert: Alert): string {
  const address = addressOf(alert.sources[0] ?? '') ?? addressOf(alert.key);
  const target = addressOf(alert.targets[0] ?? '');
  const texts = (list: readonly string[]): string[] => list.map((text) => printable(text));
  const flows = texts(alert.flows);
  const version = address === undefined ? undefined : address.includes(':') ? 6 : 4;
  return JSON.stringify({
    timestamp: formatEveTime(alert.lastUs),
    event_type: 'alert',
    src_ip: address,
    dest_ip: target,
    ip_v: version,
    community_id: flows.length === 1 ? flows[0] : undefined,
    alert: {
      action: 'allowed',
      gid: generatorId,
      signature_id: signatureId(alert.detector),
      rev: alert.version,
      signature: `TAPLIGHT ${printable(alert.title)} (${printable(alert.detector)})`,
      category: categories[alert.detector.split('.')[0]] ?? 'Potentially Bad Traffic',
      severity: severities[alert.severity],
      metadata: {
        signature_severity: [severityWords[alert.severity]],
        mitre_technique_id: alert.mitre === null ? undefined : [printable(alert.mitre)],
      },
    },
    taplight: {
      id: alert.id,
      detector: printable(alert.detector),
      title: printable(alert.title),
      severity: alert.severity,
      score: alert.score,
      confidence: alert.confidence,
      state: alert.state,
      key: printable(alert.key),
      sources: texts(alert.sources),
      targets: texts(alert.targets),
      first_ts: formatTime(alert.firstUs),
      last_ts: formatTime(alert.lastUs),
      first_packet: alert.firstPacket,
      packet: alert.packet,
      count: alert.count,
      observed: alert.observed,
      threshold: alert.threshold,
      unit: printable(alert.unit),
      expected: alert.expected ?? undefined,
      explain: printable(alert.explain),
      against: printable(alert.against),
      meaning: printable(alert.meaning),
      benign: printable(alert.benign),
      next: printable(alert.next),
      flows,
      packets: alert.packets,
      filter: printable(alert.filter),
    },
  });
}
