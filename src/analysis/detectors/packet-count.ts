// A source that sent more than a set number of packets: the seed's rule, kept as information (detection.md VOL-PKTCOUNT).

import { type Alert, communityId, hashId, type Packet } from '../../core/index.ts';
import type { HostTable } from '../stats/host-table.ts';

/** Alerts kept; sources beyond are counted, not listed. */
const alertLimit = 1000;

/** What is the same in every alert of this detector. */
const about = {
  detector: 'volume.packet-count',
  title: 'Many packets from one source',
  version: 1,
  severity: 'info',
  score: 0,
  confidence: 1,
  state: 'open',
  explainedBy: null,
  targets: [],
  unit: 'packets',
  expected: null,
  against: '',
  meaning: 'A source that sends much uses much of the network, for whatever reason.',
  benign: 'Almost every transfer of a file or page sends more than that.',
  next: 'See whom it talks to and what it speaks; raise --threshold when this is usual.',
  mitre: null,
} as const;

interface Kept {
  readonly host: number;
  readonly alert: Alert;
  /** As it was told last by `current`. */
  latest: Alert;
}

export class PacketCountDetector {
  readonly #hosts: HostTable;
  readonly #threshold: number;
  readonly #raise: ((alert: Alert) => void) | null;
  readonly #kept = new Map<number, Kept>();
  /** Sources above the threshold for which there was no place in the list. */
  unlisted = 0;

  /** @param raise hears of each alert when it is raised; null when only the closing list is wanted. */
  constructor(hosts: HostTable, threshold: number, raise: ((alert: Alert) => void) | null) {
    this.#hosts = hosts;
    this.#threshold = threshold;
    this.#raise = raise;
  }

  /**
   * The host's count has just passed the threshold, or ten times what it was at the last alert.
   * @param p a packet of the host, when one is at hand
   */
  passed(host: number, timeUs: number, packetNumber: number, p: Packet | null): void {
    const hosts = this.#hosts;
    hosts.alerted(host);
    const before = this.#kept.get(host);
    if (before === undefined && this.#kept.size >= alertLimit) {
      this.unlisted++;
      return;
    }
    const ip = hosts.address(host);
    const count = hosts.packets(host);
    const firstPacket = before?.alert.firstPacket ?? hosts.firstPacket(host);
    const alert: Alert = {
      ...about,
      id: before?.alert.id ?? hashId(`${about.detector} ${ip} ${firstPacket}`),
      key: ip,
      sources: [ip],
      firstUs: before?.alert.firstUs ?? hosts.firstUs(host),
      lastUs: timeUs,
      firstPacket,
      packet: before?.alert.packet ?? packetNumber,
      lastPacket: packetNumber,
      count,
      observed: count,
      threshold: this.#threshold,
      explain: explain(ip, count, this.#threshold),
      flows: before?.alert.flows ?? (p === null ? [] : [flowOf(p)]),
      packets: [...(before?.alert.packets ?? [hosts.firstPacket(host)]), packetNumber],
      filter: `${ip.includes(':') ? 'ipv6' : 'ip'}.src == ${ip}`,
    };
    // The row must not give way to others while an alert counts on it.
    if (before === undefined) hosts.hold(host);
    this.#kept.set(host, { host, alert, latest: alert });
    this.#raise?.(alert);
  }

  /** All alerts with the counts of now, in the order they were raised. */
  current(): Alert[] {
    return Array.from(this.#kept.values(), (kept) => {
      const { host, alert } = kept;
      const count = this.#hosts.packets(host);
      if (kept.latest.count !== count)
        kept.latest = { ...alert, count, observed: count, explain: explain(alert.key, count, this.#threshold) };
      return kept.latest;
    });
  }
}

function explain(ip: string, count: number, threshold: number): string {
  return `${ip} sent ${count} packets, more than the ${threshold} allowed.`;
}

function flowOf(p: Packet): string {
  const isIcmp = p.proto === 1 || p.proto === 58;
  return communityId(
    p.ipVersion,
    p.src0,
    p.src1,
    p.src2,
    p.src3,
    p.dst0,
    p.dst1,
    p.dst2,
    p.dst3,
    p.proto,
    isIcmp ? p.icmpType : p.srcPort,
    isIcmp ? p.icmpCode : p.dstPort,
  );
}
