// Which packets belong to flows that are wanted: by both ends, protocol and time, at any level of a frame.

import { decode, decodeInner } from '../../../capture/wire/index.ts';
import { formatAddress, icmpCounterpart, ipProto, type Packet, parseAddress, verdict } from '../../../core/index.ts';
import type { Row } from '../../../screens/api/index.ts';

/** Columns of flows that say which packets are theirs. */
export const wantedColumns: readonly string[] = [
  'run',
  'flow_id',
  'src_ip',
  'dst_ip',
  'src_port',
  'dst_port',
  'proto',
  'start_ts',
  'end_ts',
];

interface Wanted {
  readonly source: string;
  readonly sourcePort: number;
  readonly startUs: number;
  readonly endUs: number;
}

/** Which way a packet goes; `none`: it is of no flow that is wanted. */
export const way = { none: 0, forward: 1, backward: 2 } as const;

/** Datagrams whose first fragment was wanted: their other fragments have no ports. The oldest are forgotten. */
const mostFragmented = 4096;

export class WantedFlows {
  readonly startUs: number;
  readonly endUs: number;
  readonly #byKey = new Map<string, Wanted[]>();
  /** Low words of both addresses together: most packets are told by it that they are none. */
  readonly #marks = new Set<number>();
  readonly #fragmented = new Map<string, number>();

  /** @param flows rows of the table `flows`, `wantedColumns` of them at least */
  constructor(flows: readonly Row[]) {
    let [startUs, endUs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const flow of flows) {
      const wanted = this.#add(flow);
      startUs = Math.min(startUs, wanted.startUs);
      endUs = Math.max(endUs, wanted.endUs);
    }
    this.startUs = startUs;
    this.endUs = endUs;
  }

  /** Decodes the frame in `p`; which way it goes. */
  look(p: Packet): number {
    for (let state = decode(p); ; state = decodeInner(p)) {
      if (state !== verdict.noFlow && this.#marks.has(p.ipVersion === 4 ? p.src0 ^ p.dst0 : p.src3 ^ p.dst3)) {
        const found = this.#level(p);
        if (found !== way.none) return found;
      }
      if (state !== verdict.tunnel) return way.none;
    }
  }

  #add(flow: Row): Wanted {
    const [source, target] = [String(flow.src_ip), String(flow.dst_ip)];
    const [sourcePort, targetPort, proto] = [Number(flow.src_port), Number(flow.dst_port), Number(flow.proto)];
    const wanted = { source, sourcePort, startUs: Number(flow.start_ts), endUs: Number(flow.end_ts) };
    const key = keyOf(proto, source, sourcePort, target, targetPort);
    const known = this.#byKey.get(key);
    if (known === undefined) this.#byKey.set(key, [wanted]);
    else known.push(wanted);
    const [a, b] = [parseAddress(source), parseAddress(target)];
    const at = a?.ipVersion === 6 ? 3 : 0;
    if (a !== null && b !== null) this.#marks.add(a.words[at] ^ b.words[at]);
    return wanted;
  }

  #level(p: Packet): number {
    const source = formatAddress(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
    const target = formatAddress(p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);
    if (p.isFragment === 1 && p.fragOffset > 0) {
      return this.#fragmented.get(`${source} ${target} ${p.proto} ${p.fragId}`) ?? way.none;
    }
    const isIcmp = p.proto === ipProto.icmp || p.proto === ipProto.icmpv6;
    const [sourcePort, targetPort] = p.l4Ok === 0 ? [0, 0] : isIcmp ? icmpPorts(p) : [p.srcPort, p.dstPort];
    const flows = this.#byKey.get(keyOf(p.proto, source, sourcePort, target, targetPort));
    const flow = flows?.find(({ startUs, endUs }) => p.timeUs >= startUs && p.timeUs <= endUs);
    if (flow === undefined) return way.none;
    const isSame = source === flow.source && (source !== target || sourcePort === flow.sourcePort);
    const found = isSame ? way.forward : way.backward;
    if (p.isFragment === 1) this.#remember(`${source} ${target} ${p.proto} ${p.fragId}`, found);
    return found;
  }

  #remember(datagram: string, found: number): void {
    if (this.#fragmented.size >= mostFragmented) this.#fragmented.delete(this.#fragmented.keys().next().value ?? '');
    this.#fragmented.set(datagram, found);
  }
}

/** Type and what answers it, or its code: what flows have in the place of ports. */
function icmpPorts(p: Packet): readonly [number, number] {
  const counterpart = icmpCounterpart(p.proto === ipProto.icmpv6 ? 6 : 4, p.icmpType);
  return [p.icmpType, counterpart >= 0 ? counterpart : p.icmpCode];
}

/** The same both ways. What nothing answers has a flow each way, which its addresses in their order tell apart. */
function keyOf(proto: number, source: string, sourcePort: number, target: string, targetPort: number): string {
  if (proto === ipProto.icmp || proto === ipProto.icmpv6) {
    const isAnswered = icmpCounterpart(proto === ipProto.icmpv6 ? 6 : 4, sourcePort) === targetPort;
    if (!isAnswered) return `${proto} ${source} ${target} ${sourcePort} ${targetPort}`;
  }
  const isUp = source === target ? sourcePort <= targetPort : source < target;
  return isUp
    ? `${proto} ${source} ${sourcePort} ${target} ${targetPort}`
    : `${proto} ${target} ${targetPort} ${source} ${sourcePort}`;
}
