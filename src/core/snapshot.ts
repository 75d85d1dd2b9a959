// What is known at one moment, immutable: the closing summary, the live screens and `stats` all read this one shape.

import type { Alert } from './alert.ts';
import type { QueueCounters } from './fact-queue.ts';
import type { NetworkHealth } from './health.ts';
import type { HostRisk, Incident } from './incident.ts';

/** A histogram on its way between threads (see Histogram in analysis/flows). */
export interface HistogramData {
  readonly counts: Uint32Array;
  readonly count: number;
  readonly min: number;
  readonly max: number;
}

export interface Volume {
  readonly packets: number;
  readonly bytes: number;
}

export interface AppVolume extends Volume {
  readonly flows: number;
}

export interface TalkerRow {
  readonly ip: string;
  /** Sent. */
  readonly packets: number;
  readonly bytes: number;
  readonly packetsReceived: number;
  readonly bytesReceived: number;
}

/** Packets and bytes of one second of packet time. */
export interface VolumeSecond {
  /** Whole seconds since the epoch. */
  readonly sec: number;
  readonly packets: number;
  readonly bytes: number;
}

/** A plain sentence about a bottleneck: what was seen, which stage, what to do. */
export interface Finding {
  readonly code:
    | 'link-saturated'
    | 'burst'
    | 'kernel-drops'
    | 'interface-drops'
    | 'queue-drops'
    | 'table-full'
    | 'talks-full'
    | 'talks-hurried'
    | 'parser-fault'
    | 'keeping-drops'
    | 'keeping-stopped';
  readonly severity: 'info' | 'warning';
  readonly text: string;
  readonly advice: string;
}

/** One hand-over between stages and its counters. */
export interface Stage {
  readonly name: string;
  readonly in: number;
  readonly dropped: number;
  /** 0..1 where it is a queue. */
  readonly fill?: number;
}

export interface TcpCounters {
  readonly retransmissions: number;
  readonly fastRetransmissions: number;
  readonly spuriousRetransmissions: number;
  readonly outOfOrder: number;
  readonly duplicateAcks: number;
  readonly zeroWindows: number;
  readonly lostSegments: number;
  readonly keepAlives: number;
  /** SYN to the ACK that completes the handshake, milliseconds; null when none was seen. */
  readonly handshakeRttMs: {
    readonly p50: number | null;
    readonly p95: number | null;
    readonly max: number | null;
    readonly count: number;
  };
}

export interface FlowCounters {
  /** Conversations; one that went silent and spoke again counts once while the table remembers it. */
  readonly total: number;
  readonly tcp: number;
  readonly udp: number;
  readonly icmp: number;
  readonly other: number;
  /** In the table now. */
  readonly active: number;
  /** Conversations continued after an idle timeout. */
  readonly resumed: number;
  /** Removed early because the table was full. */
  readonly evicted: number;
  /** Rows the table may hold. */
  readonly capacity: number;
}

/** Memory and work of the detectors. */
export interface DetectionState {
  readonly evidence: number;
  readonly told: number;
  /** Held back by an exception, or for want of room. */
  readonly excepted: number;
  readonly suppressed: number;
  /** Packets that came more than two seconds late. */
  readonly late: number;
  readonly detectors: readonly {
    readonly detector: string;
    readonly rows: number;
    readonly capacity: number;
    readonly bytes: number;
    readonly evictions: number;
    readonly refusals: number;
  }[];
  readonly exceptions: readonly {
    readonly who: string;
    readonly what: string;
    readonly why: string;
    readonly hits: number;
    readonly lastUs: number | null;
  }[];
  /** Detectors that threw and were switched off. */
  readonly faults: readonly string[];
}

export interface Snapshot {
  readonly packets: number;
  readonly bytes: number;
  readonly capturedBytes: number;
  /** First frame's and latest frame's time in file order for live; lowest and highest for files. Microseconds, null before the first frame. */
  readonly firstUs: number | null;
  readonly lastUs: number | null;
  readonly linkTypes: readonly string[];
  readonly received: number;
  readonly dropped: { readonly kernel: number; readonly interface: number; readonly queue: number };
  /** By `layer.reason`. */
  readonly problems: Readonly<Record<string, number>>;
  /** The latest problem of each kind: where. */
  readonly problemSamples: Readonly<
    Record<string, { readonly packet: number; readonly at: number; readonly need: number; readonly have: number }>
  >;
  readonly link: Readonly<Record<string, Volume>>;
  /** By name of the outermost IP payload protocol. */
  readonly ip: Readonly<Record<string, Volume & { readonly number: number }>>;
  readonly flows: FlowCounters;
  /** By what the flows speak, `unknown` among them. */
  readonly apps: Readonly<Record<string, AppVolume>>;
  /** Events by kind. */
  readonly events: Readonly<Record<string, number>>;
  readonly talkers: readonly TalkerRow[];
  /** Addresses counted one by one; with several workers an address that several of them saw counts in each. */
  readonly hosts: number;
  readonly tcp: TcpCounters;
  readonly alerts: readonly Alert[];
  /** What alerts add up to: incidents, hosts at risk (the 20 highest). */
  readonly incidents: readonly Incident[];
  readonly risks: readonly HostRisk[];
  /** What detectors keep and what was held back; null without detectors. */
  readonly detection: DetectionState | null;
  readonly seconds: readonly VolumeSecond[];
  readonly findings: readonly Finding[];
  readonly stages: readonly Stage[];
  readonly queue?: QueueCounters;
  /** Handshake times as a histogram, so that several workers' can be added. */
  readonly handshakes?: HistogramData;
  /** How well TCP flows get through; absent where nobody measured. */
  readonly health?: NetworkHealth;
}
