// Tells detectors what contradicts the standards of fragments and segments, and keeps what is known of the capture.

import {
  type FlowTable,
  type FragmentEntry,
  fragmentOdd,
  type TcpAnalysis,
  TcpOddities,
} from '../../../analysis/flows/index.ts';
import { hashWords, Repeats } from '../../../analysis/sketches/index.ts';
import { checksumBit, verifyChecksums } from '../../../capture/wire/index.ts';
import {
  CaptureFacts,
  conflictSign,
  ipProto,
  type Oddity,
  OddSignal,
  type Packet,
  tcpFlag,
} from '../../../core/index.ts';
import type { PacketCounts } from '../counting/packet-counts.ts';
import type { SignalTarget } from './signal-target.ts';

/** A copy of a packet comes within this time (detection.md §1.9), among so many others. */
const copyUs = 5000;
const copyPlaces = 1 << 13;
/** A packet later than this is late; a step forward by more is a jump. */
const lateUs = 2e6;
const jumpUs = 3600e6;
const noFacts = new CaptureFacts();
const ending = tcpFlag.fin | tcpFlag.syn | tcpFlag.rst;
const starting = tcpFlag.syn | tcpFlag.ack | tcpFlag.rst;

export class Oddness {
  readonly #target: SignalTarget;
  readonly #tcp: TcpAnalysis;
  readonly #counts: PacketCounts;
  readonly #signal = new OddSignal();
  readonly #isFirst: boolean;
  /** Since they were told last; and what of the sums of others was told. */
  readonly #facts = new CaptureFacts();
  #ackedUnseen = 0;
  #behindHoles = 0;
  #offloaded = 0;
  readonly #repeats = new Repeats(copyPlaces, copyUs);
  readonly #segments: TcpOddities | null;

  constructor(target: SignalTarget, table: FlowTable, tcp: TcpAnalysis, counts: PacketCounts, isFirst: boolean) {
    this.#target = target;
    this.#isFirst = isFirst;
    this.#tcp = tcp;
    this.#counts = counts;
    const tell = (what: Oddity, p: Packet, value: number, limit: number): void => this.#tell(what, p, value, limit);
    this.#segments = target.wantsOdd ? new TcpOddities(table, tcp, tell) : null;
  }

  /** A segment of a known flow, before the sequence analysis sees it. */
  segment(r: number, dir: number, birth: number, p: Packet): void {
    this.#segments?.see(r, dir, birth, p);
  }

  /** A fragment, after reassembly took it. */
  fragment(p: Packet, odd: number): void {
    if (odd === 0) return;
    // The end comes first: with it an overlap has a name.
    if ((odd & fragmentOdd.end) !== 0) this.#tell('fragment.end', p, p.fragOffset, 0);
    if ((odd & fragmentOdd.conflict) !== 0) this.#tell('fragment.conflict', p, p.fragOffset, 0);
    if ((odd & fragmentOdd.overlap) !== 0) this.#tell('fragment.overlap', p, p.fragOffset, 0);
  }

  /** A datagram that did not become whole. */
  timedOut(entry: FragmentEntry): void {
    const s = this.#signal;
    s.what = 'fragment.timeout';
    s.timeUs = this.#target.now.timeUs;
    s.packet = this.#target.now.packet;
    s.ipVersion = entry.ipVersion;
    s.proto = entry.proto;
    [s.s0, s.s1, s.s2, s.s3, s.d0, s.d1, s.d2, s.d3] = entry.address;
    s.sPort = entry.srcPort;
    s.dPort = entry.dstPort;
    s.tcpFlags = 0;
    s.value = entry.covered * 8;
    s.limit = entry.total;
    this.#target.odd(s, entry.startUs);
  }

  wrongChecksum(p: Packet): void {
    this.#tell('checksum.wrong', p, 0, 0);
  }

  #tell(what: Oddity, p: Packet, value: number, limit: number): void {
    const s = this.#signal;
    s.what = what;
    s.timeUs = this.#target.clamp(p.timeUs);
    s.packet = p.number;
    s.ipVersion = p.ipVersion;
    s.proto = p.proto;
    s.s0 = p.src0;
    s.s1 = p.src1;
    s.s2 = p.src2;
    s.s3 = p.src3;
    s.d0 = p.dst0;
    s.d1 = p.dst1;
    s.d2 = p.dst2;
    s.d3 = p.dst3;
    s.sPort = p.srcPort;
    s.dPort = p.dstPort;
    s.tcpFlags = p.proto === ipProto.tcp ? p.tcpFlags : 0;
    s.value = value;
    s.limit = limit;
    // A damaged copy differs without anybody meaning it.
    if (what === 'tcp.conflict' && (verifyChecksums(p) & checksumBit.tcp) !== 0)
      s.value = value | conflictSign.badChecksum;
    this.#target.odd(s, null);
  }

  /** A frame comes, before the clock is moved to it. */
  clock(p: Packet): void {
    const sinceUs = p.timeUs - this.#target.now.timeUs;
    // Threads that read the same file see the same clock: one of them tells.
    if ((sinceUs >= -lateUs && sinceUs <= jumpUs) || !this.#isFirst || !Number.isFinite(sinceUs)) return;
    const facts = this.#facts;
    if (sinceUs > 0) facts.jumps++;
    else {
      facts.late++;
      facts.latest = Math.max(facts.latest, -sinceUs);
    }
  }

  /** A packet with a decoded level: counts it, and whether it is a copy of one that came just before. */
  count(p: Packet): void {
    const facts = this.#facts;
    facts.packets++;
    if (p.proto === ipProto.tcp) facts.segments++;
    // The second of its kind is a copy; a tenth is a flood.
    if (this.#repeats.see(signature(p), p) !== 2) return;
    if (facts.duplicates === 0) facts.firstDuplicate = p.number;
    facts.duplicates++;
  }

  /** Tells what became known of the capture before the packet of a number. */
  refresh(number: number): void {
    const facts = this.#facts;
    facts.ackedUnseen = this.#tcp.ackedUnseen - this.#ackedUnseen;
    facts.behindHoles = this.#tcp.behindHoles - this.#behindHoles;
    facts.offloaded = this.#counts.offloadedChecksums - this.#offloaded;
    if (facts.packets + facts.ackedUnseen + facts.behindHoles + facts.late + facts.jumps + facts.offloaded === 0)
      return;
    this.#ackedUnseen += facts.ackedUnseen;
    this.#behindHoles += facts.behindHoles;
    this.#offloaded += facts.offloaded;
    this.#target.facts(facts, number);
    Object.assign(facts, noFacts);
  }
}

/**
 * What two copies of a packet have in common wherever they were captured, and two packets have not: identification,
 * numbers, lengths and the transport's checksum. Addresses of links and TTL may differ.
 */
function signature(p: Packet): number {
  const b = p.bytes;
  // Not the flow's hash, which is another one in each run.
  const from = (p.src0 ^ p.src1 ^ p.src2 ^ p.src3) | 0;
  const to = (p.dst0 ^ p.dst1 ^ p.dst2 ^ p.dst3) | 0;
  const flow = Math.imul(from, 0x9e3779b1) ^ Math.imul(to, 0x85ebca6b) ^ p.proto;
  const size = p.ipLen ^ (p.fragId << 16) ^ (p.fragId >>> 16);
  if (p.l4Ok !== 1 || p.isFragment === 1) return hashWords(flow, size, p.fragOffset, 1);
  const at = p.l4At;
  const ports = (p.srcPort << 16) | p.dstPort;
  if (p.proto === ipProto.tcp)
    return hashWords(flow ^ ports, size, p.seq, p.ack, (b[at + 16] << 8) | b[at + 17], p.tcpFlags);
  const sumAt = p.proto === ipProto.udp ? at + 6 : at + 2;
  const id = (b[at + 4] << 24) | (b[at + 5] << 16) | (b[at + 6] << 8) | b[at + 7];
  return hashWords(flow ^ ports, size, (b[sumAt] << 8) | b[sumAt + 1], id);
}

/** No plain TCP or UDP: what few packets are, and what tells of attacks on what reads headers. */
export function isNotable(p: Packet): boolean {
  if (p.ipVersion === 0 || p.problem !== 0 || p.isFragment === 1) return true;
  if (p.proto === ipProto.tcp) {
    const odd = p.tcpFlags & ending;
    if ((odd & (odd - 1)) !== 0 || (p.tcpFlags & starting) === 0) return true;
  } else if (p.proto !== ipProto.udp) return true;
  const plainHeader = p.ipVersion === 4 ? 20 : 40;
  if (p.l4At - p.l3At !== plainHeader) return true;
  return p.src0 === p.dst0 && p.src3 === p.dst3 && p.srcPort === p.dstPort;
}
