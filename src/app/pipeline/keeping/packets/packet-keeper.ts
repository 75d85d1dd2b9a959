// Which packets are kept: the beginning of every flow, and what opens and ends connections.

import * as row from '../../../../analysis/flows/flow-row.ts';
import type { FlowTable, FragmentEntry, FragmentTable } from '../../../../analysis/flows/index.ts';
import type { Talks } from '../../../../analysis/talks/index.ts';
import { notKept, type RingWriter } from '../../../../capture/writers/index.ts';
import { type FrameBatch, ipProto, type Packet, tcpFlag } from '../../../../core/index.ts';
import { WaitingFragments } from './waiting-fragments.ts';

/** Levels of a packet that are told apart; tunnels inside are kept with those around them. */
const mostLevels = 8;
/** Packets that have been written can be found after this long. */
const flushEveryMs = 1000;
const always = tcpFlag.syn | tcpFlag.fin | tcpFlag.rst;

/** What of an engine is looked at. */
export interface KeptParts {
  readonly flows: { readonly table: FlowTable };
  readonly talks: Talks;
  readonly fragments: FragmentTable;
}

export interface KeepCounters {
  /** In the ring. */
  readonly packets: number;
  readonly bytes: number;
  /** Of flows that had their share. */
  readonly cutPackets: number;
  readonly cutBytes: number;
  /** Because the disk was too slow, or for good after a failure. */
  readonly droppedPackets: number;
  readonly droppedBytes: number;
  /** Null while all is well. */
  readonly failure: string | null;
}

export class PacketKeeper {
  readonly #ring: RingWriter;
  readonly #failure: () => string | null;
  readonly #perFlowBytes: number;
  #parts: KeptParts | null = null;
  /** Rows of the levels of the packet at hand. */
  readonly #rows = new Int32Array(mostLevels);
  readonly #ids = new Float64Array(mostLevels);
  #levels = 0;
  #isWanted = false;
  #cutPackets = 0;
  #cutBytes = 0;
  /** Packet second, and bytes of packets without a flow in it. */
  #sec = -1;
  #secBytes = 0;
  #nextFlushMs = 0;
  readonly #waiting = new WaitingFragments();

  /**
   * @param perFlowBytes of a flow's part, bytes on the wire both ways; 0: no cut-off
   * @param failure what keeps packets from being written
   */
  constructor(ring: RingWriter, perFlowBytes: number, failure: () => string | null) {
    this.#ring = ring;
    this.#perFlowBytes = perFlowBytes === 0 ? Number.POSITIVE_INFINITY : perFlowBytes;
    this.#failure = failure;
  }

  attach(parts: KeptParts): void {
    this.#parts = parts;
  }

  /** A level of the packet at hand was counted on row `r`; `p` holds it. */
  level(r: number, p: Packet): void {
    const { table } = (this.#parts as KeptParts).flows; // attached before the first packet
    const d = table.doubles;
    const q = r * row.ROW_DOUBLES + row.D_BYTES;
    if (this.#levels < mostLevels) this.#rows[this.#levels++] = r;
    if (d[q] + d[q + 1] - p.wireLen < this.#perFlowBytes) this.#isWanted = true;
    else if (p.proto === ipProto.tcp && p.l4Ok === 1 && (p.tcpFlags & always) !== 0) this.#isWanted = true;
  }

  /** All levels of frame `i` are counted. */
  frame(batch: FrameBatch, i: number, p: Packet): void {
    const count = this.#levels;
    const isWanted = this.#isWanted;
    this.#levels = 0;
    this.#isWanted = false;
    if (!isWanted && (count > 0 || !this.#mayKeepLone(batch, i))) {
      this.#cutPackets++;
      this.#cutBytes += batch.capLen[i];
      return;
    }
    const { talks, fragments } = this.#parts as KeptParts; // as above
    const ids = this.#ids;
    for (let n = 0; n < count; n++) ids[n] = talks.tellId(this.#rows[n]);
    if (count === 0) ids[0] = 0;
    const place = this.#ring.put(batch, i, p.number, ids, Math.max(1, count));
    const { entry } = fragments;
    if (p.isFragment === 1 && place !== notKept && entry.known === 0 && entry.pendingPackets > 0)
      this.#waiting.add(entry, this.#ring.file, batch.timeUs[i], p.number, place, batch.capLen[i]);
  }

  /** Packets without a flow (ARP, what cannot be read) share as much a second as one flow has in all. */
  #mayKeepLone(batch: FrameBatch, i: number): boolean {
    const sec = Math.floor(batch.timeUs[i] / 1e6);
    if (sec !== this.#sec) {
      this.#sec = sec;
      this.#secBytes = 0;
    }
    this.#secBytes += batch.wireLen[i];
    return this.#secBytes - batch.wireLen[i] < this.#perFlowBytes;
  }

  /** The fragments that waited in `entry` belong to the flow of row `r`. */
  join(entry: FragmentEntry, r: number): void {
    const { talks } = this.#parts as KeptParts; // as above
    const ring = this.#ring;
    this.#waiting.take(entry, ring.file, (timeUs, number, place, capLen) =>
      ring.name(timeUs, talks.tellId(r), number, place, capLen),
    );
  }

  /** Between batches: what was kept a while ago can be found. */
  tick(nowMs: number): void {
    if (nowMs < this.#nextFlushMs) return;
    this.#nextFlushMs = nowMs + flushEveryMs;
    this.#ring.flush();
  }

  /** Waits until everything is on the disk, or as long as given. */
  close(timeoutMs: number): void {
    this.#ring.close(timeoutMs);
  }

  counters(): KeepCounters {
    return {
      ...this.#ring.counters,
      cutPackets: this.#cutPackets,
      cutBytes: this.#cutBytes,
      failure: this.#failure(),
    };
  }
}
