// Which protocol speaks: the probes in order, and the names flows can have.

import { type Probe, type ProbeHint, type Protocol, probed, type Side } from '../protocols/protocol.ts';

/** Payloads of one side of a stream after which the other is no longer waited for, when they told nothing. */
export const hopelessTurns = 4;
/** Datagrams that are looked at while no probe hopes for more: each may be the first that tells. */
export const hopelessDatagrams = 3;

/** A hint that is filled anew for each flow. */
export class Hint implements ProbeHint {
  proto = 0;
  side: Side = 0;
  oPort = 0;
  rPort = 0;
  isPort = false;
  length = 0;
}

/** Flows of other IP protocols are named by these, by number. */
export const networkNames: Readonly<Record<number, string>> = {
  1: 'icmp',
  2: 'igmp',
  4: 'ipip',
  41: '6in4',
  46: 'rsvp',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'icmpv6',
  88: 'eigrp',
  89: 'ospf',
  94: 'ipip',
  103: 'pim',
  112: 'vrrp',
  132: 'sctp',
};

export interface Candidate {
  readonly protocol: Protocol;
  readonly probe: Probe;
  /** Position in the registry. */
  readonly index: number;
}

/** Names that flows can have, by number; 0 is the unknown. Numbers below 512: three fit into a word of a flow. */
export function namesOf(protocols: readonly Protocol[]): readonly string[] {
  const names = new Set(['unknown']);
  for (const { name, variants } of protocols) for (const one of [name, ...(variants ?? [])]) names.add(one);
  for (const name of Object.values(networkNames)) names.add(name);
  if (names.size > 512) throw new RangeError('more protocol names than a flow has bits for');
  return [...names];
}

/** The registry prepared for looking up: candidates by transport, protocols by port and by name, and a number for each name. */
export class Probing {
  readonly protocols: readonly Protocol[];
  /** See namesOf. */
  readonly names: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #byName = new Map<string, Protocol>();
  /** Candidates by the first byte, without those that are only asked on their ports. */
  readonly #tcp: readonly (readonly Candidate[])[];
  readonly #udp: readonly (readonly Candidate[])[];
  readonly #tcpPorts = new Map<number, Candidate[]>();
  readonly #udpPorts = new Map<number, Candidate[]>();
  readonly #tcpNames = new Map<number, string>();
  readonly #udpNames = new Map<number, string>();

  constructor(protocols: readonly Protocol[]) {
    this.protocols = protocols;
    this.names = namesOf(protocols);
    this.#numbers = new Map(this.names.map((name, number) => [name, number]));
    const allTcp: Candidate[] = [];
    const allUdp: Candidate[] = [];
    for (const [index, protocol] of protocols.entries()) {
      this.#byName.set(protocol.name, protocol);
      const { tcp, udp } = protocol.ports ?? {};
      for (const port of tcp ?? []) if (!this.#tcpNames.has(port)) this.#tcpNames.set(port, protocol.name);
      for (const port of udp ?? []) if (!this.#udpNames.has(port)) this.#udpNames.set(port, protocol.name);
      if (protocol.probe === undefined) continue;
      const candidate = { protocol, probe: protocol.probe, index };
      if (tcp !== undefined) add(allTcp, this.#tcpPorts, candidate, tcp);
      if (udp !== undefined) add(allUdp, this.#udpPorts, candidate, udp);
    }
    this.#tcp = byFirstByte(allTcp);
    this.#udp = byFirstByte(allUdp);
  }

  named(name: string): Protocol | undefined {
    return this.#byName.get(name);
  }

  numberOf(name: string): number {
    return this.#numbers.get(name) ?? 0;
  }

  /** The protocol that usually has the port; undefined when none has. The responder's port goes first. */
  ofPorts(proto: number, rPort: number, oPort: number): string | undefined {
    const names = proto === 6 ? this.#tcpNames : this.#udpNames;
    return names.get(rPort) ?? names.get(oPort);
  }

  /**
   * The protocol whose probe says yes, those of the ports first; null when none does.
   * @param excluded numbers in the registry that are out of the question
   * @param among candidates that hoped when they saw fewer of these bytes; null: all
   * @returns null, or the protocol; `hopeful` then holds those that would like to see more
   */
  find(
    bytes: Uint8Array,
    at: number,
    end: number,
    hint: Hint,
    excluded: readonly number[],
    among: readonly Candidate[] | null,
  ): Protocol | null {
    this.hopeful = nobody;
    if (at >= end) return null;
    const isTcp = hint.proto === 6;
    const ports = isTcp ? this.#tcpPorts : this.#udpPorts;
    const all = among ?? (isTcp ? this.#tcp : this.#udp)[bytes[at]];
    hint.isPort = true;
    for (const port of [hint.rPort, hint.oPort]) {
      const usual = ports.get(port);
      if (usual === undefined) continue;
      const found = this.#ask(usual, bytes, at, end, hint, excluded);
      if (found !== null) return found;
    }
    hint.isPort = false;
    return this.#ask(all, bytes, at, end, hint, excluded);
  }

  hopeful: readonly Candidate[] = nobody;

  #ask(
    candidates: readonly Candidate[],
    bytes: Uint8Array,
    at: number,
    end: number,
    hint: Hint,
    excluded: readonly number[],
  ): Protocol | null {
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[i];
      if (excluded.length > 0 && excluded.includes(candidate.index)) continue;
      const verdict = candidate.probe(bytes, at, end, hint);
      if (verdict === probed.yes) return candidate.protocol;
      if (verdict === probed.maybe && !this.hopeful.includes(candidate)) this.hopeful = [...this.hopeful, candidate];
    }
    return null;
  }
}

const nobody: readonly Candidate[] = [];

/** For each first byte those whose probe may say something else than no. */
function byFirstByte(candidates: readonly Candidate[]): (readonly Candidate[])[] {
  return Array.from({ length: 256 }, (_, first) => candidates.filter(({ probe }) => probe.firsts?.[first] !== 0));
}

function add(all: Candidate[], byPort: Map<number, Candidate[]>, candidate: Candidate, ports: readonly number[]): void {
  if (candidate.probe.onlyOnPort !== true) all.push(candidate);
  for (const port of ports) {
    const there = byPort.get(port);
    if (there === undefined) byPort.set(port, [candidate]);
    else there.push(candidate);
  }
}
