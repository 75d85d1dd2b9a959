// From the engine's state to the immutable snapshot that everything shown is made of.

import type { Histogram } from '../../../analysis/flows/index.ts';
import {
  type Finding,
  linkTypeName,
  type QueueCounters,
  type Snapshot,
  type Source,
  type SourceStats,
} from '../../../core/index.ts';
import { detectionSnapshot } from '../detection/index.ts';
import type { Engine } from '../engine.ts';
import type { PacketKeeper } from '../keeping/packets/packet-keeper.ts';
import { keepFindings, keepStages } from '../keeping/packets/packet-report.ts';
import { talkFindings } from './talk-findings.ts';

export interface SnapshotParts {
  readonly engine: Engine;
  readonly source: Source;
  readonly queue: QueueCounters;
  readonly capacity: number;
  readonly keeper?: PacketKeeper | null;
  /** Talkers to list; more when several workers' lists are merged. */
  readonly talkers: number;
  /** Left out: sums over open flows are those of now. */
  readonly sums?: SeldomSums;
}

type FlowSums = Pick<Snapshot, 'apps' | 'talkers'>;

/** The pass over open flows rests this many times as long as it took: it has a twentieth of the time at the most. */
const restShare = 19;

/** Keeps what a pass over open flows gave until the next one is due: with many flows names and talkers lag a little. */
export class SeldomSums {
  #sums: FlowSums | null = null;
  #nextMs = 0;

  get(make: () => FlowSums): FlowSums {
    const from = performance.now();
    if (this.#sums !== null && from < this.#nextMs) return this.#sums;
    this.#sums = make();
    const end = performance.now();
    this.#nextMs = end + restShare * (end - from);
    return this.#sums;
  }
}

/** Copies what is known now. Costs a pass over the flow table for names and talkers: meant for a few times a second at most. */
export function makeSnapshot(parts: SnapshotParts): Snapshot {
  const { engine, source, queue } = parts;
  const { counts, flows, volume } = engine;
  volume.flush();
  const sums = (): FlowSums => appsAndTalkers(engine, parts.talkers);
  const stats = source.stats();
  const kept = parts.keeper?.counters() ?? null;
  const isEmpty = counts.packets === 0;
  const { problems, problemSamples } = counts.problems();
  return {
    packets: counts.packets,
    bytes: counts.bytes,
    capturedBytes: counts.capturedBytes,
    firstUs: isEmpty ? null : counts.firstUs,
    lastUs: isEmpty ? null : counts.lastUs,
    linkTypes: [...new Set(source.interfaces.map((face) => linkTypeName(face.linkType)))],
    received: stats.received,
    dropped: { kernel: stats.droppedKernel, interface: stats.droppedInterface, queue: queue.dropped },
    problems: { ...problems, ...fragmentProblems(engine), ...Object.fromEntries(engine.talks.weirds) },
    problemSamples,
    link: counts.link(),
    ip: counts.ip(),
    flows: {
      total: flows.total,
      tcp: flows.tcp,
      udp: flows.udp,
      icmp: flows.icmp,
      other: flows.total - flows.tcp - flows.udp - flows.icmp,
      active: flows.active,
      resumed: flows.resumed,
      evicted: flows.evicted,
      capacity: parts.capacity,
    },
    events: Object.fromEntries(engine.talks.events),
    ...(parts.sums?.get(sums) ?? sums()),
    hosts: engine.hosts.used,
    tcp: tcpCounters(engine),
    ...alertsNow(engine),
    seconds: volume.seconds(),
    findings: [
      ...volume.findings(),
      ...lossFindings(stats, queue.dropped, counts.packets, flows.evicted),
      ...talkFindings(engine.talks),
      ...keepFindings(kept),
    ],
    stages: [
      { name: 'capture', in: stats.received, dropped: stats.droppedKernel + stats.droppedInterface },
      { name: 'analysis', in: counts.packets, dropped: 0, fill: flows.table.used / parts.capacity },
      { name: 'facts', in: queue.sent, dropped: queue.dropped, fill: queue.fill },
      ...keepStages(kept),
    ],
    queue,
    health: engine.health.report(parts.talkers > 20),
    ...(parts.talkers > 20 ? { handshakes: engine.handshakes.toData() } : {}),
  };
}

function alertsNow({ detection, alerts }: Engine): Pick<Snapshot, 'alerts' | 'incidents' | 'risks' | 'detection'> {
  const loud = alerts.current();
  if (detection === null) return { alerts: loud, incidents: [], risks: [], detection: null };
  return detectionSnapshot(detection, loud);
}

function fragmentProblems(engine: Engine): Record<string, number> {
  const { overlaps, tooLong: long, timeouts } = engine.fragments;
  const rows: Record<string, number> = {};
  if (overlaps > 0) rows['fragment.overlap'] = overlaps;
  if (long > 0) rows['fragment.length'] = long;
  if (timeouts > 0) rows['fragment.timeout'] = timeouts;
  return rows;
}

/** What flows spoke and the hosts that sent most: what ended flows told, and those that are open. */
function appsAndTalkers(engine: Engine, count: number): FlowSums {
  const apps = engine.apps.copy();
  const open = engine.openCounts.count(apps);
  return { apps: apps.rows(), talkers: engine.hosts.top(count, open) };
}

function tcpCounters(engine: Engine): Snapshot['tcp'] {
  const c = engine.tcp.counters;
  return {
    // As in Wireshark, fast and spurious ones are retransmissions, too.
    retransmissions: c.retransmission + c.fastRetransmission + c.spuriousRetransmission,
    fastRetransmissions: c.fastRetransmission,
    spuriousRetransmissions: c.spuriousRetransmission,
    outOfOrder: c.outOfOrder,
    duplicateAcks: c.duplicateAck,
    zeroWindows: c.zeroWindow,
    lostSegments: c.lostSegment,
    keepAlives: c.keepAlive,
    handshakeRttMs: rttSummary(engine.handshakes),
  };
}

/** Percentiles in milliseconds of a histogram of microseconds. */
export function rttSummary(h: Histogram): Snapshot['tcp']['handshakeRttMs'] {
  const ms = (us: number): number | null => (h.count === 0 ? null : us / 1000);
  return { p50: ms(h.quantile(0.5)), p95: ms(h.quantile(0.95)), max: ms(h.max), count: h.count };
}

/** Which stage lost something, and what to do about it. */
function lossFindings(stats: SourceStats, queueDropped: number, packets: number, evicted: number): Finding[] {
  const found: Finding[] = [];
  const share = (n: number): string => `${((100 * n) / Math.max(1, n + packets)).toFixed(2)} %`;
  if (stats.droppedKernel > 0) {
    found.push({
      code: 'kernel-drops',
      severity: 'warning',
      text: `The kernel dropped ${stats.droppedKernel} packets (${share(stats.droppedKernel)}) because the capture buffer was full.`,
      advice: 'Give a larger --buffer, add a filter, or use --workers 2.',
    });
  }
  if (stats.droppedInterface > 0) {
    found.push({
      code: 'interface-drops',
      severity: 'warning',
      text: `The interface or its driver dropped ${stats.droppedInterface} packets before they could be captured.`,
      advice: 'Look at the ring size of the device (ethtool -g) and its interrupt load.',
    });
  }
  if (queueDropped > 0) {
    found.push({
      code: 'queue-drops',
      severity: 'warning',
      text: `${queueDropped} facts (lines, flow records) were dropped because the output was slower than the traffic.`,
      advice: 'Write to a file instead of a terminal, or ask for less (--print and --json are the heavy ones).',
    });
  }
  if (evicted > 0) {
    found.push({
      code: 'table-full',
      severity: 'info',
      text: `${evicted} flows were ended early because the flow table was full; unanswered ones go first.`,
      advice: 'Usual under a scan or flood of forged sources; else raise --max-flows.',
    });
  }
  return found;
}
