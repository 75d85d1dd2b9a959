// The analysis of one thread: frames in, counters, flows and facts out. The loop here is the hot path of the product.

import { PacketCountDetector } from '../../analysis/detectors/index.ts';
import * as row from '../../analysis/flows/flow-row.ts';
import { Histogram } from '../../analysis/flows/histogram.ts';
import {
  type FlowListener,
  FlowTracker,
  FlowWarmer,
  FragmentTable,
  flowId,
  fragmentFate,
  TcpAnalysis,
  trackTcp,
  warmGroup,
} from '../../analysis/flows/index.ts';
import { HostTable, VolumeMeter } from '../../analysis/stats/index.ts';
import { checksumBit, decode, decodeInner, decodeIp, verifyChecksums } from '../../capture/wire/index.ts';
import {
  type FrameBatch,
  ipProto,
  linkType,
  Packet,
  problemCode,
  type SourceInterface,
  setProblem,
  verdict,
} from '../../core/index.ts';
import type { FactSender } from './facts.ts';
import { FragmentFlows } from './fragment-flows.ts';
import type { RunOptions } from './options.ts';
import { PacketCounts } from './packet-counts.ts';

/** Addresses counted one by one at the most. */
const hostCapacity = 1 << 18;

const checksumProblems: readonly (readonly [bit: number, code: number])[] = [
  [checksumBit.ipv4, problemCode('ipv4.checksum')],
  [checksumBit.tcp, problemCode('tcp.checksum')],
  [checksumBit.udp, problemCode('udp.checksum')],
  [checksumBit.icmp, problemCode('icmp.checksum')],
  [checksumBit.icmpv6, problemCode('icmpv6.checksum')],
  [checksumBit.sctp, problemCode('sctp.checksum')],
];

export class Engine implements FlowListener {
  readonly counts = new PacketCounts();
  readonly volume = new VolumeMeter();
  readonly hosts: HostTable;
  readonly flows: FlowTracker;
  readonly tcp: TcpAnalysis;
  readonly handshakes = new Histogram();
  readonly fragments: FragmentTable;
  readonly #fragmentFlows: FragmentFlows;
  readonly #packet = new Packet();
  readonly #warmer: FlowWarmer;
  readonly alerts: PacketCountDetector;
  readonly #facts: FactSender;
  readonly #wantsFlows: boolean;
  readonly #wantsPackets: boolean;
  readonly #verify: boolean;
  /** Whether the checksums of the frame are those that went over the wire. */
  #isFilled = true;
  /** Row of the level around the one that is being seen, -1 for the outermost. */
  #outerRow = -1;
  #outerTunnelId = -1;

  constructor(options: RunOptions, facts: FactSender, hashSeed: number) {
    this.#facts = facts;
    this.#wantsFlows = options.wants.flows;
    this.#wantsPackets = options.wants.packets;
    this.#verify = options.verifyChecksums;
    this.hosts = new HostTable(hostCapacity, options.threshold);
    this.alerts = new PacketCountDetector(this.hosts, options.threshold, (alert) => facts.alert(alert));
    this.flows = new FlowTracker({ ...options.flow, hashSeed }, this);
    this.#warmer = new FlowWarmer(this.flows.table);
    const { words, doubles } = this.flows.table;
    this.tcp = new TcpAnalysis({ words, doubles, stride: row.ROW_WORDS, at: row.W_TCP });
    this.#fragmentFlows = new FragmentFlows(this.flows);
    this.fragments = new FragmentTable((entry) => this.#fragmentFlows.abandoned(entry));
  }

  /**
   * Analyses the first `count` frames of a batch.
   * @param numbers packet number of each frame in its source, from 1
   * @param interfaces those of the source
   */
  run(batch: FrameBatch, count: number, numbers: Float64Array, interfaces: readonly SourceInterface[]): void {
    for (let from = 0; from < count; from += warmGroup) {
      const to = Math.min(count, from + warmGroup);
      if (interfaces[batch.iface[from]].linkType === linkType.ethernet) this.#warm(batch, from, to);
      this.#runGroup(batch, from, to, numbers, interfaces);
    }
  }

  /** Touches what the group will need: index, rows, TCP state and hosts. */
  #warm(batch: FrameBatch, from: number, to: number): void {
    const warmer = this.#warmer;
    warmer.warm(batch, from, to);
    const found = warmer.found;
    const w = this.flows.table.words;
    let sum = 0;
    for (let i = to - from - 1; i >= 0; i--) {
      const hit = found[i];
      if (hit < 0) continue;
      sum ^= this.tcp.touch(hit >> 1) ^ this.hosts.touch(w[(hit >> 1) * row.ROW_WORDS + row.W_HOSTS + (hit & 1)]);
    }
    warmer.touched ^= sum;
  }

  #runGroup(
    batch: FrameBatch,
    from: number,
    to: number,
    numbers: Float64Array,
    interfaces: readonly SourceInterface[],
  ): void {
    const p = this.#packet;
    const counts = this.counts;
    p.bytes = batch.bytes;
    for (let i = from; i < to; i++) {
      const at = batch.at[i];
      const capLen = batch.capLen[i];
      const wireLen = batch.wireLen[i];
      const timeUs = batch.timeUs[i];
      const iface = batch.iface[i];
      p.at = at;
      p.end = at + capLen;
      p.wireLen = wireLen;
      p.timeUs = timeUs;
      p.iface = iface;
      p.linkType = interfaces[iface].linkType;
      this.#isFilled = batch.checksumNotReady[i] === 0;
      p.number = numbers[i];
      counts.packets++;
      counts.bytes += wireLen;
      counts.capturedBytes += capLen;
      if (timeUs > counts.lastUs) counts.lastUs = timeUs;
      if (timeUs < counts.firstUs) counts.firstUs = timeUs;
      this.volume.add(timeUs, wireLen);
      this.flows.moveClock(timeUs);
      const found = decode(p);
      counts.addLink(p.net, p.etherType, wireLen);
      if (found !== verdict.noFlow) {
        counts.addIp(p.proto, wireLen);
        this.#level(p, found);
      }
      if (p.problem !== 0) counts.addProblem(p);
      if (this.#wantsPackets) this.#facts.packet(p);
    }
  }

  /** Counts the outermost level, then those inside it. `found` is the verdict of the level that `p` holds. */
  #level(p: Packet, found: number): void {
    if (this.#wantsPackets) this.#facts.keepOutermost(p);
    this.#outerRow = -1;
    // A frame that holds a tunnel goes on in the same packet, a datagram put together from fragments in its own.
    let level = p;
    let here = this.#see(level, found, p);
    while (here === verdict.tunnel) {
      if (level.isFragment === 1) level = this.fragments.whole;
      this.#outerTunnelId = level.tunnelId;
      here = decodeInner(level);
      if (here === verdict.noFlow) break;
      here = this.#see(level, here, p);
    }
    if (level !== p && p.problem === 0) copyProblem(level, p);
  }

  /** Counts one level; gives its verdict, which for a fragment is that of the whole datagram. */
  #see(p: Packet, found: number, frame: Packet): number {
    if (p.isFragment === 1) return this.#seeFragment(p, frame);
    if (this.#verify && this.#isFilled) this.#verifyLevel(p);
    const hit = this.flows.see(p);
    if (p.proto === ipProto.tcp && p.l4Ok === 1) this.tcp.see(hit >> 1, (hit & 1) as 0 | 1, p);
    this.#counted(p, hit, frame);
    return found;
  }

  #verifyLevel(p: Packet): void {
    const bad = verifyChecksums(p);
    if (bad === 0) return;
    if ((bad & checksumBit.offloaded) !== 0) this.counts.offloadedChecksums++;
    for (const [bit, code] of checksumProblems) {
      if ((bad & bit) !== 0) setProblem(p, code, bit === checksumBit.ipv4 ? p.l3At : p.l4At, 0, 0);
    }
  }

  #seeFragment(p: Packet, frame: Packet): number {
    // Only fragments of the outermost level: inside a tunnel the buffer of `whole` may be the one that is read.
    if (p === this.fragments.whole) return verdict.leaf;
    const fate = this.fragments.see(p);
    if (fate === fragmentFate.waiting) return verdict.leaf;
    const whole = this.fragments.whole;
    let found: number = verdict.leaf;
    if (fate === fragmentFate.complete) {
      found = decodeIp(whole, whole.at, whole.end);
      this.#fragmentFlows.label(p, whole);
    }
    const hit = this.flows.see(p);
    this.#fragmentFlows.join(this.fragments.entry, hit);
    this.#counted(p, hit, frame);
    if (fate === fragmentFate.complete && whole.proto === ipProto.tcp && whole.l4Ok === 1) {
      trackTcp(this.flows.table.words, this.flows.table.doubles, hit >> 1, hit & 1, whole);
      this.tcp.see(hit >> 1, (hit & 1) as 0 | 1, whole);
    }
    return found;
  }

  /** Counts the sender of the frame and remembers the row for the level inside. */
  #counted(p: Packet, hit: number, frame: Packet): void {
    const r = hit >> 1;
    if (this.#outerRow < 0) {
      const host = this.flows.table.words[r * row.ROW_WORDS + row.W_HOSTS + (hit & 1)];
      if (this.hosts.sent(host, frame.wireLen)) this.alerts.passed(host, p);
    }
    this.#outerRow = r;
  }

  flowOpened(r: number, p: Packet, isNew: boolean): void {
    const w = this.flows.table.words;
    const o = r * row.ROW_WORDS;
    if (p.proto === ipProto.tcp && isNew) this.tcp.reset(r);
    w[o + row.W_IFACE] = (w[o + row.W_IFACE] & ~0xffff) | p.iface;
    if (!isNew) return;
    w[o + row.W_VLAN] = (p.vlanOuter + 1) | ((p.vlanInner + 1) << 16);
    if (this.#outerRow >= 0) this.#nest(r);
    else this.#meetHosts(r, p);
    if (p.level === 0 && p.srcMacAt >= 0) this.#keepMac(o, p);
  }

  /** Links a flow inside a tunnel to the flow around it. */
  #nest(r: number): void {
    const table = this.flows.table;
    const o = this.#outerRow * row.ROW_WORDS;
    table.words[r * row.ROW_WORDS + row.W_TUNNEL_ID] = this.#outerTunnelId + 1;
    table.doubles[r * row.ROW_DOUBLES + row.D_OUTER_ID] = flowId(table.words, table.doubles, o, o >> 1);
  }

  #meetHosts(r: number, p: Packet): void {
    const w = this.flows.table.words;
    const o = r * row.ROW_WORDS;
    if (w[o + row.W_HOSTS] !== 0) return;
    const hosts = this.hosts;
    const src = hosts.find(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
    hosts.hold(src);
    hosts.begin(src, p.number, p.timeUs);
    const dst = hosts.find(p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);
    hosts.hold(dst);
    const isDown = (w[o + row.W_STATE] & row.STATE_FIRST_DOWN) !== 0;
    w[o + row.W_HOSTS] = isDown ? dst : src;
    w[o + row.W_HOSTS + 1] = isDown ? src : dst;
  }

  #keepMac(o: number, p: Packet): void {
    const w = this.flows.table.words;
    const b = p.bytes;
    w.fill(0, o + row.W_MAC, o + row.W_MAC + 3);
    for (let i = 0; i < 12; i++) {
      const byte = i < 6 ? b[p.srcMacAt + i] : p.dstMacAt >= 0 ? b[p.dstMacAt + i - 6] : 0;
      w[o + row.W_MAC + (i >> 2)] |= byte << ((i & 3) << 3);
    }
    w[o + row.W_STATE] |= row.STATE_HAS_MAC;
  }

  flowEnded(r: number, end: number): void {
    const table = this.flows.table;
    const w = table.words;
    const o = r * row.ROW_WORDS;
    const q = r * row.ROW_DOUBLES;
    const d = table.doubles;
    // Hosts learn what they received when a flow ends, so that a packet touches only its sender.
    this.hosts.received(w[o + row.W_HOSTS], w[o + row.W_PACKETS + 1] >>> 0, d[q + row.D_BYTES + 1]);
    this.hosts.received(w[o + row.W_HOSTS + 1], w[o + row.W_PACKETS] >>> 0, d[q + row.D_BYTES]);
    const rtt = w[o + row.W_HANDSHAKE_RTT];
    if (rtt >= 0) this.handshakes.record(rtt);
    if (this.#wantsFlows) this.#facts.flow(w, r, end);
  }

  flowForgotten(r: number): void {
    const w = this.flows.table.words;
    const o = r * row.ROW_WORDS;
    this.hosts.letGo(w[o + row.W_HOSTS]);
    this.hosts.letGo(w[o + row.W_HOSTS + 1]);
  }

  /** Ends everything that is open: after the last frame. */
  finish(): void {
    this.fragments.close();
    this.volume.flush();
    this.flows.shutdown();
  }
}

function copyProblem(from: Packet, to: Packet): void {
  to.problem = from.problem;
  to.problemAt = from.problemAt;
  to.problemNeed = from.problemNeed;
  to.problemHave = from.problemHave;
}
