// The counters of a run as a line of Suricata's EVE JSON (event type `stats`).

import { type DetectionState, formatEveTime, type Snapshot } from '../../core/index.ts';

/** Suricata's decoder counters, by our name of the IP payload protocol. */
const decoders: Record<string, string> = {
  TCP: 'tcp',
  UDP: 'udp',
  ICMP: 'icmpv4',
  'IPv6-ICMP': 'icmpv6',
  SCTP: 'sctp',
  GRE: 'gre',
  ESP: 'esp',
  IGMP: 'igmp',
};

function decoderCounters(snapshot: Snapshot): Record<string, number> {
  const counters: Record<string, number> = {
    pkts: snapshot.packets,
    bytes: snapshot.bytes,
    invalid: Object.values(snapshot.problems).reduce((sum, count) => sum + count, 0),
    ipv4: snapshot.link.ipv4?.packets ?? 0,
    ipv6: snapshot.link.ipv6?.packets ?? 0,
    arp: snapshot.link.arp?.packets ?? 0,
    avg_pkt_size: snapshot.packets === 0 ? 0 : Math.round(snapshot.bytes / snapshot.packets),
  };
  for (const [name, key] of Object.entries(decoders)) counters[key] = snapshot.ip[name]?.packets ?? 0;
  return counters;
}

/** Work of the detectors, and the tables that had to forget or refuse. */
function detectionCounters({ detectors, exceptions, faults, ...counters }: DetectionState): object {
  const sum = (of: (row: DetectionState['detectors'][number]) => number): number =>
    detectors.reduce((total, row) => total + of(row), 0);
  const strained = detectors.filter(({ evictions, refusals }) => evictions + refusals > 0);
  return {
    ...counters,
    bytes: sum(({ bytes }) => bytes),
    rows: sum(({ rows }) => rows),
    capacity: sum(({ capacity }) => capacity),
    evictions: sum(({ evictions }) => evictions),
    refusals: sum(({ refusals }) => refusals),
    strained: strained.map(({ detector, evictions, refusals }) => ({ detector, evictions, refusals })),
    exceptions: exceptions.reduce((total, { hits }) => total + hits, 0),
    faults: faults.length,
  };
}

/** The line, without its line feed. Its time is that of the latest packet, as everywhere; without any it is now. */
export function eveStats(snapshot: Snapshot): string {
  const { firstUs, lastUs, flows, dropped, tcp } = snapshot;
  return JSON.stringify({
    timestamp: formatEveTime(lastUs ?? Date.now() * 1000),
    event_type: 'stats',
    stats: {
      uptime: firstUs === null || lastUs === null ? 0 : Math.max(0, Math.floor((lastUs - firstUs) / 1e6)),
      capture: {
        kernel_packets: snapshot.received,
        kernel_drops: dropped.kernel,
        kernel_ifdrops: dropped.interface,
      },
      decoder: decoderCounters(snapshot),
      flow: { total: flows.total, active: flows.active, tcp: flows.tcp, udp: flows.udp },
      tcp: { sessions: flows.tcp },
    },
    taplight: {
      queue_drops: dropped.queue,
      captured_bytes: snapshot.capturedBytes,
      problems: snapshot.problems,
      flows: {
        icmp: flows.icmp,
        other: flows.other,
        resumed: flows.resumed,
        evicted: flows.evicted,
        capacity: flows.capacity,
      },
      tcp: {
        retransmissions: tcp.retransmissions,
        fast_retransmissions: tcp.fastRetransmissions,
        spurious_retransmissions: tcp.spuriousRetransmissions,
        out_of_order: tcp.outOfOrder,
        duplicate_acks: tcp.duplicateAcks,
        zero_windows: tcp.zeroWindows,
        lost_segments: tcp.lostSegments,
        keep_alives: tcp.keepAlives,
      },
      stages: snapshot.stages,
      ...(snapshot.detection === null ? {} : { detection: detectionCounters(snapshot.detection) }),
    },
  });
}
