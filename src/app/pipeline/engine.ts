// The analysis of one thread: frames in, counters, flows and facts out. The loop here is the hot path of the product.

import { PacketCountDetector } from '../../analysis/detectors/index.ts';
import * as row from '../../analysis/flows/flow-row.ts';
import { Histogram } from '../../analysis/flows/histogram.ts';
import {
  type FlowListener,
  FlowTracker,
  FragmentTable,
  fragmentFate,
  historyNotes,
  noteHistory,
  TcpAnalysis,
  trackTcp,
} from '../../analysis/flows/index.ts';
import { protocols } from '../../analysis/protocols/index.ts';
import { AppCounts, HostTable, VolumeMeter } from '../../analysis/stats/index.ts';
import { Talks } from '../../analysis/talks/index.ts';
import { decode, decodeInner, decodeIp, fragmentDataAt } from '../../capture/wire/index.ts';
import {
  type Alert,
  copyProblem,
  type FrameBatch,
  flowEnd,
  ipProto,
  type KeyLog,
  noKeys,
  Packet,
  type SourceInterface,
  verdict,
} from '../../core/index.ts';
import { nodeCrypto } from '../machine/index.ts';
import { countApp } from './counting/app-counting.ts';
import { noteChecksums } from './counting/checksum-problems.ts';
import { FlowHosts } from './counting/flow-hosts.ts';
import { labelFlow } from './counting/flow-labels.ts';
import { FlowTraffic } from './counting/flow-traffic.ts';
import { FragmentFlows } from './counting/fragment-flows.ts';
import { OpenCounts } from './counting/open-counts.ts';
import { PacketCounts } from './counting/packet-counts.ts';
import { isOfShard, notOurs } from './counting/shards.ts';
import {
  type EngineSurroundings,
  HealthSignals,
  type OpenDetection,
  type Signals,
  startSignals,
} from './detection/index.ts';
import type { FactSender } from './hand-over/facts.ts';
import type { PacketKeeper } from './keeping/packets/packet-keeper.ts';
import type { RunOptions } from './options.ts';

/** Addresses counted one by one at the most; a flow has two. */
const hostCapacity = 1 << 18;

/** Frames decoded together before they are counted: enough for reads to overlap, few enough to stay near. */
const groupSize = 32;

export class Engine implements FlowListener {
  readonly counts = new PacketCounts();
  readonly volume = new VolumeMeter();
  readonly hosts: HostTable;
  readonly flows: FlowTracker;
  readonly tcp: TcpAnalysis;
  readonly handshakes = new Histogram();
  readonly fragments: FragmentTable;
  readonly talks: Talks;
  readonly apps: AppCounts;
  readonly openCounts: OpenCounts;
  readonly #fragmentFlows: FragmentFlows;
  readonly #flowHosts: FlowHosts;
  /** Number of the packet that is counted. */
  #lastNumber = 0.5;
  /** One packet for each frame of a group. */
  readonly #packets = Array.from({ length: groupSize }, () => new Packet());
  /** Verdict and guessed row of each. */
  readonly #found = new Int32Array(groupSize);
  readonly #rows = new Int32Array(groupSize);
  /** What was read ahead, so that it is read. */
  touched = 0;
  readonly alerts: PacketCountDetector;
  /** What detectors are told, and what came of it; null without detectors. */
  readonly signals: Signals | null;
  readonly detection: OpenDetection | null;
  readonly health: HealthSignals;
  /** Traffic over time; null while nobody looks. */
  readonly traffic: FlowTraffic | null;
  readonly #facts: FactSender;
  readonly #keeper: PacketKeeper | null;
  readonly #wants: RunOptions['wants'];
  readonly #verify: boolean;
  readonly #shard: number;
  readonly #shards: number;
  /** Whether the checksums of the frame are those that went over the wire. */
  #isFilled = true;
  /** Row of the level around the one that is being seen, -1 for the outermost. */
  #outerRow = -1;
  /** Row << 1 | direction of the outermost level of the frame; -1 when it belongs to no flow. */
  #frameHit = -1;
  #outerTunnelId = -1;

  /**
   * @param keys secrets for decryption
   * @param shard number of this worker among several that read the same file, from 0
   */
  constructor(
    options: RunOptions,
    facts: FactSender,
    hashSeed: number,
    keys: KeyLog = noKeys,
    shard = 0,
    more: EngineSurroundings = {},
  ) {
    this.#shard = shard;
    this.#shards = options.input.kind === 'files' ? options.workers : 1;
    this.#facts = facts;
    this.#wants = options.wants;
    this.#verify = options.verifyChecksums;
    this.hosts = new HostTable(Math.min(hostCapacity, 2 * options.flow.capacity), options.threshold);
    const tell = options.wants.alerts ? (alert: Alert) => facts.alert(alert) : null;
    this.alerts = new PacketCountDetector(this.hosts, options.threshold, tell);
    this.flows = new FlowTracker({ ...options.flow, hashSeed }, this);
    this.#flowHosts = new FlowHosts(this.flows.table, this.hosts, this.alerts);
    const events = facts.events;
    this.talks = new Talks(this.flows.table, protocols, {
      crypto: nodeCrypto,
      keys,
      emit:
        events === null && options.detect === null
          ? null
          : (talk, kind, event, how) => {
              events?.send(talk, kind, event, how);
              this.signals?.event(talk, kind.name, event, how);
            },
      show: (talk, kind, event) => this.signals?.event(talk, kind, event, undefined),
    });
    this.apps = new AppCounts(this.talks.probing.names);
    this.openCounts = new OpenCounts(this.flows.table, this.talks, this.hosts);
    const { words, doubles } = this.flows.table;
    this.tcp = new TcpAnalysis({ words, doubles, stride: row.ROW_WORDS, at: row.W_TCP });
    const started = startSignals(options.detect, more, this, tell, shard === 0 || this.#shards === 1, this.#shards > 1);
    this.signals = started.signals;
    this.detection = started.detection;
    this.health = new HealthSignals(this.flows.table, this.tcp, this.signals?.meter ?? this.volume, this.signals);
    this.traffic = options.screens === null ? null : new FlowTraffic(this.flows.table, this.talks);
    this.health.book.times = this.traffic?.meter ?? null;
    this.#keeper = more.keeper ?? null;
    this.#fragmentFlows = new FragmentFlows(this.flows, this.#keeper);
    this.fragments = new FragmentTable((entry) => {
      // What is given up belongs to no level of the packet at hand.
      const outerRow = this.#outerRow;
      this.#outerRow = -1;
      this.#fragmentFlows.abandoned(entry);
      this.#outerRow = outerRow;
    });
    if (this.signals !== null) this.fragments.timedOut = (entry) => this.signals?.odd.timedOut(entry);
  }

  /**
   * Analyses the first `count` frames of a batch.
   * @param numbers packet number of each frame in its source, from 1
   * @param interfaces those of the source
   */
  run(batch: FrameBatch, count: number, numbers: Float64Array, interfaces: readonly SourceInterface[]): void {
    for (let from = 0; from < count; from += groupSize) {
      const size = Math.min(groupSize, count - from);
      this.#decodeGroup(batch, from, size, numbers, interfaces);
      this.#bringNear(size);
      this.#countGroup(batch, from, size);
    }
  }

  /** Decodes a group of frames, each into its own packet. */
  #decodeGroup(
    batch: FrameBatch,
    from: number,
    size: number,
    numbers: Float64Array,
    interfaces: readonly SourceInterface[],
  ): void {
    const { bytes, at, capLen, wireLen, timeUs, iface } = batch;
    const found = this.#found;
    const packets = this.#packets;
    const flows = this.flows;
    const shards = this.#shards;
    for (let k = 0; k < size; k++) {
      const i = from + k;
      const p = packets[k];
      const start = at[i];
      p.bytes = bytes;
      p.at = start;
      p.end = start + capLen[i];
      p.wireLen = wireLen[i];
      p.timeUs = timeUs[i];
      p.iface = iface[i];
      p.linkType = interfaces[iface[i]].linkType;
      p.number = numbers[i];
      const verdictHere = decode(p);
      found[k] = shards > 1 && !isOfShard(p, this.#shard, shards) ? notOurs : verdictHere;
      if (verdictHere !== verdict.noFlow) flows.prepare(p);
    }
  }

  /**
   * Reads what the group is going to need: index slots, then rows. For one packet these are a chain of cache
   * misses, each waiting for the one before; for a group each loop's reads are independent and the processor overlaps
   * them. Nothing is decided here: a wrong guess costs one useless read.
   */
  #bringNear(size: number): void {
    const table = this.flows.table;
    const w = table.words;
    const rows = this.#rows;
    const found = this.#found;
    const health = this.health.book.flows;
    let sum = 0;
    for (let k = 0; k < size; k++)
      rows[k] = found[k] < 0 || found[k] === verdict.noFlow ? -1 : table.guess(this.#packets[k]);
    for (let k = 0; k < size; k++) {
      const o = rows[k] * row.ROW_WORDS;
      if (o < 0) continue;
      sum ^= w[o] ^ w[o + row.W_HASH] ^ w[o + row.W_TCP] ^ w[o + row.W_TCP + 16];
      if (this.#packets[k].proto === ipProto.tcp) sum ^= health.glance(rows[k]);
    }
    this.touched = sum;
  }

  #countGroup(batch: FrameBatch, from: number, size: number): void {
    const counts = this.counts;
    const flows = this.flows;
    const { signals, traffic } = this;
    const keeper = this.#keeper;
    const founds = this.#found;
    const all = this.#packets;
    const wantsPackets = this.#wants.packets;
    const isPlain = !this.#verify && !wantsPackets;
    // Sums are kept in locals: a double in an object costs a load and a store through memory.
    let packets = 0;
    let bytes = 0;
    let captured = 0;
    for (let k = 0; k < size; k++) {
      const found = founds[k];
      const p = all[k];
      const length = p.wireLen;
      const time = p.timeUs;
      // The clock goes with all frames, so that flows end when they would with one worker.
      if (signals !== null) signals.moveClock(flows, p);
      else flows.moveClock(p);
      if (traffic !== null) traffic.meter.moveClock(p);
      if (found === notOurs) {
        if (p.isFragment === 1) this.fragments.expire(time); // as they would with one worker
        continue;
      }
      this.#lastNumber = p.number;
      packets++;
      bytes += length;
      captured += p.end - p.at;
      if (time > counts.lastUs) counts.lastUs = time;
      if (time < counts.firstUs) counts.firstUs = time;
      this.volume.add(p);
      counts.addLink(p.net, p.etherType, length);
      this.#frameHit = -1;
      if (found !== verdict.noFlow) {
        counts.addIp(p.proto, length);
        this.#outerRow = -1;
        if (found === verdict.leaf && isPlain && p.isFragment === 0) this.#counted(p, flows.see(p));
        else {
          this.#isFilled = batch.checksumNotReady[from + k] === 0;
          this.#level(p, found);
        }
      }
      if (traffic !== null) traffic.frame(p, this.#frameHit);
      if (p.problem !== 0) counts.addProblem(p);
      if (wantsPackets) this.#facts.packet(p);
      if (keeper !== null) keeper.frame(batch, from + k, p);
    }
    counts.packets += packets;
    counts.bytes += bytes;
    counts.capturedBytes += captured;
  }

  /** Counts the outermost level, then those inside it. `found` is the verdict of the level that `p` holds. */
  #level(p: Packet, found: number): void {
    if (this.#wants.packets) this.#facts.keepOutermost(p);
    // A frame that holds a tunnel goes on in the same packet, a datagram put together from fragments in its own.
    let level = p;
    let here = this.#see(level, found);
    while (here === verdict.tunnel) {
      if (level.isFragment === 1) level = this.fragments.whole;
      this.#outerTunnelId = level.tunnelId;
      here = decodeInner(level);
      if (here === verdict.noFlow) break;
      this.flows.prepare(level);
      here = this.#see(level, here);
    }
    if (level !== p && p.problem === 0) copyProblem(level, p);
  }

  /** Counts one level; gives its verdict, which for a fragment is that of the whole datagram. */
  #see(p: Packet, found: number): number {
    if (p.isFragment === 1) return this.#seeFragment(p);
    if (this.#verify && this.#isFilled && noteChecksums(p, this.counts)) this.signals?.odd.wrongChecksum(p);
    this.#counted(p, this.flows.see(p));
    return found;
  }

  #seeFragment(p: Packet): number {
    // Only fragments of the outermost level: inside a tunnel the buffer of `whole` may be the one that is read.
    if (p === this.fragments.whole) return verdict.leaf;
    const fate = this.fragments.see(p, fragmentDataAt(p));
    this.signals?.odd.fragment(p, this.fragments.odd);
    if (fate === fragmentFate.waiting) return verdict.leaf;
    const whole = this.fragments.whole;
    let found: number = verdict.leaf;
    if (fate === fragmentFate.complete) {
      found = decodeIp(whole, whole.at, whole.end);
      this.#fragmentFlows.label(p, whole);
      this.signals?.target.whole(whole);
    }
    this.flows.prepare(p);
    const hit = this.flows.see(p);
    this.#fragmentFlows.join(this.fragments.entry, hit);
    this.#counted(p, hit);
    if (fate === fragmentFate.complete && whole.proto === ipProto.tcp && whole.l4Ok === 1) {
      trackTcp(this.flows.table.words, this.flows.table.doubles, hit >> 1, hit & 1, whole);
      this.tcp.see(hit >> 1, (hit & 1) as 0 | 1, whole);
    }
    if (fate === fragmentFate.complete && whole.l4Ok === 1) this.#talk(hit, whole);
    return found;
  }

  /** Judges the segment, counts the sender of the frame and remembers the row for the level inside. */
  #counted(p: Packet, hit: number): void {
    const r = hit >> 1;
    if (p.proto === ipProto.tcp && p.l4Ok === 1) {
      this.signals?.segment(r, hit & 1, p);
      const note = this.tcp.see(r, (hit & 1) as 0 | 1, p);
      if ((note & historyNotes) !== 0) noteHistory(this.flows.table.words, r, hit & 1, note, this.tcp, p);
      const kind = this.health.book.see(hit, p, note);
      if (this.traffic !== null && p.payloadLen > 0) this.traffic.segment(kind);
    }
    // A fragment's bytes are read with the whole datagram.
    if (p.isFragment === 0) this.#talk(hit, p);
    if (this.#outerRow < 0) {
      this.#flowHosts.sent(r, hit & 1, p);
      this.#frameHit = hit;
    }
    if (this.#keeper !== null) this.#keeper.level(r, p);
    this.#outerRow = r;
  }

  /** Gives a packet to its flow's conversation, if that is still of interest. */
  #talk(hit: number, p: Packet): void {
    if (this.flows.table.words[(hit >> 1) * row.ROW_WORDS + row.W_STATE] < 0) this.talks.see(hit >> 1, hit & 1, p);
  }

  flowOpened(r: number, p: Packet, isNew: boolean): void {
    const w = this.flows.table.words;
    const o = r * row.ROW_WORDS;
    this.talks.opened(r, p.proto);
    w[o + row.W_IFACE] = (w[o + row.W_IFACE] & ~0xffff) | p.iface;
    if (this.#outerRow < 0) this.#flowHosts.meet(r, p);
    if (isNew) labelFlow(this.flows.table, r, p, this.#outerRow, this.#outerTunnelId);
    this.traffic?.opened(r, p, isNew);
    this.signals?.opened(r, p);
  }

  // Moments of flows that only detectors care for.
  readonly flowAdvanced = (r: number, dir: number, p: Packet): void => this.signals?.advanced(r, dir, p);
  readonly flowSilent = (r: number): void => this.signals?.silent(r);
  readonly flowClosed = (r: number, p: Packet): void => this.signals?.closed(r, p);
  readonly flowWoke = (r: number, dir: number, p: Packet, us: number): void => this.signals?.woke(r, dir, p, us);
  readonly flowAlive = (r: number): void => this.signals?.alive(r);

  flowEnded(r: number, end: number): void {
    const w = this.flows.table.words;
    const o = r * row.ROW_WORDS;
    const rtt = w[o + row.W_HANDSHAKE_RTT];
    if (rtt >= 0) this.handshakes.record(rtt);
    // A long flow's records are of one conversation.
    if (end !== flowEnd.activeTimeout) this.talks.ended(r);
    const names = this.talks.nameWord(r);
    countApp(this.flows.table, r, names, this.apps);
    this.signals?.ended(r, end);
    this.health.ended(r, end);
    const { tail } = this.health;
    if (this.#wants.flows) this.#facts.flow(w, r, end, names, this.talks.serviceNumber(r), this.talks.toldId(r), tail);
    this.#flowHosts.leave(r, end, this.#lastNumber);
  }

  /** Ends everything that is open: after the last frame. */
  finish(): void {
    this.fragments.close();
    this.volume.flush();
    this.signals?.closing();
    this.flows.shutdown(this.signals);
    this.signals?.finish();
    this.signals?.evidence?.finish(this.detection?.desk.current(this.detection.detection.now.timeUs) ?? []);
  }
}
