// Counters of frames: in all, by network layer, by IP protocol, by problem. Each frame counts once in each.

import {
  ipProtoName,
  net,
  type Packet,
  problemLimit,
  problemName,
  type Snapshot,
  type Volume,
} from '../../../core/index.ts';

/** Names of common EtherTypes that are neither IP nor ARP (IEEE 802 Numbers, IANA). */
const etherTypeNames: Record<number, string> = {
  2054: 'arp',
  32821: 'rarp',
  33011: 'appletalk_aarp',
  32923: 'appletalk',
  33079: 'ipx',
  34525: 'ipv6',
  34824: 'flow_control',
  34825: 'lacp',
  34887: 'mpls',
  34888: 'mpls_multicast',
  34915: 'pppoe_discovery',
  34916: 'pppoe',
  34958: 'eapol',
  34978: 'aoe',
  34980: 'ethercat',
  35006: 'goose',
  35020: 'lldp',
  35041: 'homeplug',
  35045: 'macsec',
  35047: 'pbb',
  35063: 'ptp',
  35074: 'cfm',
  35078: 'fcoe',
  36864: 'loopback',
};

const noEtherType = 65536;

export class PacketCounts {
  packets = 0;
  bytes = 0;
  capturedBytes = 0;
  firstUs = Number.POSITIVE_INFINITY;
  lastUs = Number.NEGATIVE_INFINITY;
  offloadedChecksums = 0;
  /** By `net`: none, arp, other, -, ipv4, -, ipv6. */
  readonly #netPackets = new Float64Array(8);
  readonly #netBytes = new Float64Array(8);
  /** By EtherType, for what is neither IP nor ARP; touched only where used. */
  readonly #otherPackets = new Float64Array(noEtherType + 1);
  readonly #otherBytes = new Float64Array(noEtherType + 1);
  readonly #ipPackets = new Float64Array(256);
  readonly #ipBytes = new Float64Array(256);
  readonly #problems = new Float64Array(problemLimit);
  /** Latest place of each problem: packet number, offset, need, have. */
  readonly #samples = new Float64Array(problemLimit * 4);

  addLink(kind: number, etherType: number, bytes: number): void {
    this.#netPackets[kind]++;
    this.#netBytes[kind] += bytes;
    if (kind === net.ipv4 || kind === net.ipv6 || kind === net.arp) return;
    const at = etherType < 0 || etherType >= noEtherType ? noEtherType : etherType;
    this.#otherPackets[at]++;
    this.#otherBytes[at] += bytes;
  }

  addIp(proto: number, bytes: number): void {
    this.#ipPackets[proto & 255]++;
    this.#ipBytes[proto & 255] += bytes;
  }

  addProblem(p: Packet): void {
    const code = p.problem;
    this.#problems[code]++;
    const at = code * 4;
    this.#samples[at] = p.number;
    this.#samples[at + 1] = p.problemAt;
    this.#samples[at + 2] = p.problemNeed;
    this.#samples[at + 3] = p.problemHave;
  }

  /** Adds to a problem without a packet at hand, e.g. datagrams given up. */
  addProblems(code: number, count: number): void {
    this.#problems[code] += count;
  }

  link(): Record<string, Volume> {
    const rows: Record<string, Volume> = {};
    for (const [name, kind] of [
      ['arp', net.arp],
      ['ipv4', net.ipv4],
      ['ipv6', net.ipv6],
    ] as const) {
      if (this.#netPackets[kind] > 0) rows[name] = { packets: this.#netPackets[kind], bytes: this.#netBytes[kind] };
    }
    for (let type = 0; type <= noEtherType; type++) {
      if (this.#otherPackets[type] === 0) continue;
      const name = type === noEtherType ? 'other' : (etherTypeNames[type] ?? `0x${type.toString(16).padStart(4, '0')}`);
      rows[name] = { packets: this.#otherPackets[type], bytes: this.#otherBytes[type] };
    }
    return rows;
  }

  ip(): Snapshot['ip'] {
    const rows: Record<string, Volume & { number: number }> = {};
    for (let number = 0; number < 256; number++) {
      if (this.#ipPackets[number] === 0) continue;
      rows[ipProtoName(number)] = { number, packets: this.#ipPackets[number], bytes: this.#ipBytes[number] };
    }
    return rows;
  }

  problems(): Pick<Snapshot, 'problems' | 'problemSamples'> {
    const problems: Record<string, number> = {};
    const problemSamples: Record<string, { packet: number; at: number; need: number; have: number }> = {};
    for (let code = 1; code < problemLimit; code++) {
      if (this.#problems[code] === 0) continue;
      const name = problemName(code);
      problems[name] = this.#problems[code];
      const s = this.#samples;
      if (s[code * 4] > 0) {
        problemSamples[name] = {
          packet: s[code * 4],
          at: s[code * 4 + 1],
          need: s[code * 4 + 2],
          have: s[code * 4 + 3],
        };
      }
    }
    return { problems, problemSamples };
  }
}
