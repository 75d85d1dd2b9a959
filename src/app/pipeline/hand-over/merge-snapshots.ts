// One snapshot out of those of several workers: each saw its share of the flows.

import { Histogram } from '../../../analysis/flows/index.ts';
import { mergeHealth } from '../../../analysis/health/index.ts';
import type { Alert, AppVolume, Finding, Snapshot, TalkerRow, Volume, VolumeSecond } from '../../../core/index.ts';
import type { RunOptions } from '../options.ts';
import { rttSummary } from './snapshot.ts';

/** Adds what can be added and joins the lists. With one worker its snapshot is returned as it is. */
export function mergeSnapshots(parts: readonly Snapshot[], options: RunOptions): Snapshot {
  if (parts.length === 1) return parts[0];
  const sum = (of: (part: Snapshot) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const first = parts[0];
  const talkers = mergeTalkers(parts);
  return {
    ...first,
    packets: sum((p) => p.packets),
    bytes: sum((p) => p.bytes),
    capturedBytes: sum((p) => p.capturedBytes),
    firstUs: extreme(
      parts.map((p) => p.firstUs),
      Math.min,
    ),
    lastUs: extreme(
      parts.map((p) => p.lastUs),
      Math.max,
    ),
    linkTypes: [...new Set(parts.flatMap((p) => p.linkTypes))],
    // Workers share what an interface receives, but each of them reads the whole of a file.
    received: options.input.kind === 'files' ? first.received : sum((p) => p.received),
    dropped: {
      kernel: sum((p) => p.dropped.kernel),
      // Each worker reads the same counter of the same device.
      interface: Math.max(...parts.map((p) => p.dropped.interface)),
      queue: sum((p) => p.dropped.queue),
    },
    problems: addNumbers(parts.map((p) => p.problems)),
    problemSamples: Object.assign({}, ...parts.map((p) => p.problemSamples)),
    link: addVolumes(parts.map((p) => p.link)),
    ip: addVolumes(parts.map((p) => p.ip)),
    flows: {
      total: sum((p) => p.flows.total),
      tcp: sum((p) => p.flows.tcp),
      udp: sum((p) => p.flows.udp),
      icmp: sum((p) => p.flows.icmp),
      other: sum((p) => p.flows.other),
      active: sum((p) => p.flows.active),
      resumed: sum((p) => p.flows.resumed),
      evicted: sum((p) => p.flows.evicted),
      capacity: sum((p) => p.flows.capacity),
    },
    apps: addApps(parts.map((p) => p.apps)),
    events: addNumbers(parts.map((p) => p.events)),
    talkers: talkers.slice(0, 20),
    hosts: sum((p) => p.hosts),
    tcp: mergeTcp(parts),
    alerts: mergeAlerts(parts, talkers, options.threshold),
    seconds: mergeSeconds(parts.map((p) => p.seconds)),
    findings: mergeFindings(parts.flatMap((p) => p.findings)),
    ...healthOf(parts),
    stages: first.stages.map((stage, i) => ({
      name: stage.name,
      in: sum((p) => p.stages[i].in),
      dropped: sum((p) => p.stages[i].dropped),
      fill: Math.max(...parts.map((p) => p.stages[i].fill ?? 0)),
    })),
  };
}

function healthOf(parts: readonly Snapshot[]): Pick<Snapshot, 'health'> {
  const health = mergeHealth(parts.flatMap((part) => (part.health === undefined ? [] : [part.health])));
  return health === undefined ? {} : { health };
}

function extreme(values: readonly (number | null)[], pick: (...values: number[]) => number): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : pick(...known);
}

function addNumbers(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const part of parts) for (const [name, n] of Object.entries(part)) total[name] = (total[name] ?? 0) + n;
  return total;
}

function addVolumes<Row extends Volume>(parts: readonly Readonly<Record<string, Row>>[]): Record<string, Row> {
  const total: Record<string, Row> = {};
  for (const part of parts) {
    for (const [name, row] of Object.entries(part)) {
      const before = total[name];
      const packets = (before?.packets ?? 0) + row.packets;
      total[name] = { ...row, packets, bytes: (before?.bytes ?? 0) + row.bytes };
    }
  }
  return total;
}

function addApps(parts: readonly Snapshot['apps'][]): Snapshot['apps'] {
  const total: Record<string, AppVolume> = {};
  for (const part of parts) {
    for (const [name, row] of Object.entries(part)) {
      const { flows = 0, packets = 0, bytes = 0 } = total[name] ?? {};
      total[name] = { flows: flows + row.flows, packets: packets + row.packets, bytes: bytes + row.bytes };
    }
  }
  return Object.fromEntries(Object.entries(total).sort(([, a], [, b]) => b.bytes - a.bytes));
}

function mergeTalkers(parts: readonly Snapshot[]): TalkerRow[] {
  const total = new Map<string, TalkerRow>();
  for (const row of parts.flatMap((part) => part.talkers)) {
    const before = total.get(row.ip);
    total.set(row.ip, {
      ip: row.ip,
      packets: (before?.packets ?? 0) + row.packets,
      bytes: (before?.bytes ?? 0) + row.bytes,
      packetsReceived: (before?.packetsReceived ?? 0) + row.packetsReceived,
      bytesReceived: (before?.bytesReceived ?? 0) + row.bytesReceived,
    });
  }
  return [...total.values()].sort((a, b) => b.bytes - a.bytes);
}

/** A source's packets are spread over the workers: what counts is their sum. */
function mergeAlerts(parts: readonly Snapshot[], talkers: readonly TalkerRow[], threshold: number): Alert[] {
  const sent = new Map(talkers.map((row) => [row.ip, row.packets]));
  const listed = new Map<string, number>();
  const merged = new Map<string, Alert>();
  for (const alert of parts.flatMap((part) => part.alerts)) {
    const before = merged.get(alert.key);
    const sum = (listed.get(alert.key) ?? 0) + alert.count;
    listed.set(alert.key, sum);
    // A worker in which it sent little does not list the source; the talkers know those packets, too.
    const count = Math.max(sum, sent.get(alert.key) ?? 0);
    const first = before !== undefined && before.firstUs <= alert.firstUs ? before : alert;
    const explain = `${alert.key} sent ${count} packets, more than the ${threshold} allowed.`;
    merged.set(alert.key, { ...first, count, observed: count, threshold, explain });
  }
  return [...merged.values()].filter((alert) => alert.count > threshold).sort((a, b) => a.firstUs - b.firstUs);
}

/** Joins the volumes over time; where one worker's buckets are wider than another's, the wider ones count. */
function mergeSeconds(parts: readonly (readonly VolumeSecond[])[]): VolumeSecond[] {
  const widthOf = (rows: readonly VolumeSecond[]): number => (rows.length > 1 ? rows[1].sec - rows[0].sec : 1);
  const width = Math.max(...parts.map(widthOf));
  const start = Math.min(...parts.filter((rows) => rows.length > 0).map((rows) => rows[0].sec));
  const total = new Map<number, VolumeSecond>();
  for (const row of parts.flat()) {
    const sec = start + Math.floor((row.sec - start) / width) * width;
    const before = total.get(sec);
    total.set(sec, {
      sec,
      packets: (before?.packets ?? 0) + row.packets,
      bytes: (before?.bytes ?? 0) + row.bytes,
    });
  }
  return [...total.values()].sort((a, b) => a.sec - b.sec);
}

function mergeTcp(parts: readonly Snapshot[]): Snapshot['tcp'] {
  const sum = (of: (tcp: Snapshot['tcp']) => number): number => parts.reduce((total, part) => total + of(part.tcp), 0);
  const handshakes = new Histogram();
  for (const part of parts) if (part.handshakes !== undefined) handshakes.merge(Histogram.fromData(part.handshakes));
  return {
    retransmissions: sum((t) => t.retransmissions),
    fastRetransmissions: sum((t) => t.fastRetransmissions),
    spuriousRetransmissions: sum((t) => t.spuriousRetransmissions),
    outOfOrder: sum((t) => t.outOfOrder),
    duplicateAcks: sum((t) => t.duplicateAcks),
    zeroWindows: sum((t) => t.zeroWindows),
    lostSegments: sum((t) => t.lostSegments),
    keepAlives: sum((t) => t.keepAlives),
    handshakeRttMs: rttSummary(handshakes),
  };
}

/** Each worker tells its own losses: the same kind is said once, with the first one's words. */
function mergeFindings(all: readonly Finding[]): Finding[] {
  return [...new Map(all.map((finding) => [finding.code, finding])).values()];
}
