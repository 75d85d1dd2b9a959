// The closing summary for programs: one document whose keys are a contract (`--summary json`).

import { type Alert, formatTime, printable, type Snapshot, type TalkerRow } from '../../core/index.ts';
import { healthDocument } from './health/health-summary.ts';

/** Where the packets came from. */
export interface SummarySource {
  readonly kind: 'file' | 'interface' | 'pipe';
  readonly names: readonly string[];
  /** The input ended in the middle of a packet or is damaged: one sentence about it; null when it is whole. */
  readonly damage: string | null;
}

/** A number with at most `digits` decimals; null stays null, what is no number becomes null. */
function rounded(value: number | null, digits: number): number | null {
  if (value === null || !Number.isFinite(value)) return null;
  return Number(value.toFixed(digits));
}

/** Packet time covered, seconds; 0 before the second packet. */
export function durationSec(snapshot: Snapshot): number {
  const { firstUs, lastUs } = snapshot;
  return firstUs === null || lastUs === null ? 0 : Math.max(0, (lastUs - firstUs) / 1e6);
}

/** At most 20, most bytes sent first. */
export function busiest(talkers: readonly TalkerRow[]): TalkerRow[] {
  return [...talkers].sort((a, b) => b.bytes - a.bytes || b.packets - a.packets).slice(0, 20);
}

/** An alert under the keys of the contract, and some more. */
export function alertDocument(alert: Alert): object {
  const texts = (list: readonly string[]): string[] => list.map((text) => printable(text));
  return {
    id: alert.id,
    title: printable(alert.title),
    version: alert.version,
    detector: printable(alert.detector),
    severity: alert.severity,
    score: rounded(alert.score, 3),
    confidence: rounded(alert.confidence, 3),
    state: alert.state,
    explained_by: alert.explainedBy,
    key: printable(alert.key),
    sources: texts(alert.sources),
    targets: texts(alert.targets),
    first_ts: formatTime(alert.firstUs),
    last_ts: formatTime(alert.lastUs),
    first_packet: alert.firstPacket,
    packet: alert.packet,
    last_packet: alert.lastPacket,
    count: alert.count,
    observed: rounded(alert.observed, 6),
    threshold: rounded(alert.threshold, 6),
    unit: printable(alert.unit),
    expected: rounded(alert.expected, 6),
    explain: printable(alert.explain),
    against: printable(alert.against),
    meaning: printable(alert.meaning),
    benign: printable(alert.benign),
    next: printable(alert.next),
    mitre: alert.mitre === null ? null : printable(alert.mitre),
    flows: texts(alert.flows),
    packets: alert.packets.slice(0, 20),
    filter: printable(alert.filter),
  };
}

/** Memory and work of the detectors, null without them. */
export function detectionDocument({ detection }: Snapshot): object | null {
  if (detection === null) return null;
  const { detectors, exceptions, ...counters } = detection;
  return {
    ...counters,
    faults: detection.faults.map((fault) => printable(fault)),
    bytes: detectors.reduce((sum, { bytes }) => sum + bytes, 0),
    tables: Object.fromEntries(
      detectors.map(({ detector, rows, capacity, bytes, evictions, refusals }) => [
        detector,
        { rows, capacity, bytes, evictions, refusals },
      ]),
    ),
    exceptions: exceptions.map(({ who, what, why, hits, lastUs }) => ({
      who: printable(who),
      what: printable(what),
      why: printable(why),
      hits,
      last_ts: lastUs === null ? null : formatTime(lastUs),
    })),
  };
}

function protocolsDocument(snapshot: Snapshot): object {
  const link: Record<string, object> = {};
  for (const [name, { packets, bytes }] of Object.entries(snapshot.link)) link[printable(name)] = { packets, bytes };
  const ip: Record<string, object> = {};
  for (const [name, { number, packets, bytes }] of Object.entries(snapshot.ip)) {
    ip[printable(name)] = { number, packets, bytes };
  }
  return { link, ip, app: applications(snapshot) };
}

/** By what the flows speak, most bytes first. */
function applications({ apps }: Snapshot): object {
  const rows: Record<string, object> = {};
  for (const [name, { flows, packets, bytes }] of Object.entries(apps))
    rows[printable(name)] = { flows, packets, bytes };
  return rows;
}

function tcpDocument({ tcp }: Snapshot): object {
  const rtt = tcp.handshakeRttMs;
  return {
    retransmissions: tcp.retransmissions,
    fast_retransmissions: tcp.fastRetransmissions,
    spurious_retransmissions: tcp.spuriousRetransmissions,
    out_of_order: tcp.outOfOrder,
    duplicate_acks: tcp.duplicateAcks,
    zero_windows: tcp.zeroWindows,
    lost_segments: tcp.lostSegments,
    keep_alives: tcp.keepAlives,
    handshake_rtt_ms: {
      p50: rounded(rtt.p50, 3),
      p95: rounded(rtt.p95, 3),
      max: rounded(rtt.max, 3),
      count: rtt.count,
    },
  };
}

/** Every key of the contract is there, whatever was seen; JSON.stringify gives the document. */
export function summaryDocument(snapshot: Snapshot, source: SummarySource, version: string): object {
  const { firstUs, lastUs, flows, dropped } = snapshot;
  return {
    tool: { name: 'taplight', version },
    source: {
      kind: source.kind,
      names: source.names.map((name) => printable(name)),
      link_types: [...snapshot.linkTypes],
    },
    packets: snapshot.packets,
    bytes: snapshot.bytes,
    captured_bytes: snapshot.capturedBytes,
    first_ts: firstUs === null ? null : formatTime(firstUs),
    last_ts: lastUs === null ? null : formatTime(lastUs),
    duration_s: rounded(durationSec(snapshot), 6),
    dropped: { kernel: dropped.kernel, interface: dropped.interface, queue: dropped.queue },
    problems: { ...snapshot.problems },
    truncated_input: source.damage !== null,
    protocols: protocolsDocument(snapshot),
    flows: {
      total: flows.total,
      tcp: flows.tcp,
      udp: flows.udp,
      icmp: flows.icmp,
      other: flows.other,
      active: flows.active,
      resumed: flows.resumed,
      evicted: flows.evicted,
      capacity: flows.capacity,
    },
    talkers: busiest(snapshot.talkers).map((row) => ({
      ip: printable(row.ip),
      packets: row.packets,
      bytes: row.bytes,
      packets_received: row.packetsReceived,
      bytes_received: row.bytesReceived,
    })),
    tcp: tcpDocument(snapshot),
    health: healthDocument(snapshot.health),
    alerts: snapshot.alerts.map(alertDocument),
    incidents: snapshot.incidents.map((incident) => ({
      id: incident.id,
      host: printable(incident.host),
      severity: incident.severity,
      first_ts: formatTime(incident.firstUs),
      last_ts: formatTime(incident.lastUs),
      tactics: incident.tactics,
      alerts: incident.alerts,
      explain: printable(incident.explain),
    })),
    risks: snapshot.risks.map((risk) => ({ ...risk, host: printable(risk.host) })),
    detection: detectionDocument(snapshot),
    findings: snapshot.findings.map((finding) => ({
      code: finding.code,
      severity: finding.severity,
      text: printable(finding.text),
      advice: printable(finding.advice),
    })),
  };
}
