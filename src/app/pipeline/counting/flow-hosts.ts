// Who sent how much, told by flows: a packet touches its sender's row only now and then.
//
// A flow tells its hosts at once when it begins, then every 16 packets of a direction, and what is left when it ends. A
// host that comes near the threshold of the seed's detector is told every packet again, so that the alert is not late.

import type { PacketCountDetector } from '../../../analysis/detectors/index.ts';
import * as row from '../../../analysis/flows/flow-row.ts';
import type { FlowTable } from '../../../analysis/flows/flow-table.ts';
import { type HostTable, otherHosts } from '../../../analysis/stats/index.ts';
import { flowEnd, type Packet } from '../../../core/index.ts';

/** Packets of a direction between two tellings, less one: a mask. */
const seldomMask = 15;
/** A host this near to its next alert is told every packet: one flow alone cannot pass it untold. */
const nearPackets = seldomMask + 1;

export class FlowHosts {
  readonly #table: FlowTable;
  readonly #hosts: HostTable;
  readonly #detector: PacketCountDetector;

  constructor(table: FlowTable, hosts: HostTable, detector: PacketCountDetector) {
    this.#table = table;
    this.#hosts = hosts;
    this.#detector = detector;
  }

  /** Finds the rows of both ends for a flow that begins. */
  meet(r: number, p: Packet): void {
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    const hosts = this.#hosts;
    const src = hosts.find(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
    hosts.hold(src);
    hosts.begin(src, p.number, p.timeUs);
    const dst = hosts.find(p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);
    hosts.hold(dst);
    w[o + row.W_HOSTS] = p.keyDir === 1 ? dst : src;
    w[o + row.W_HOSTS + 1] = p.keyDir === 1 ? src : dst;
  }

  /** Called for each packet of an outermost level, after the flow counted it. */
  sent(r: number, dir: number, p: Packet): void {
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    const isSeldom = (w[o + row.W_STATE] & (row.STATE_SELDOM << dir)) !== 0;
    if (isSeldom && (w[o + row.W_PACKETS + dir] & seldomMask) !== 0) return;
    const host = w[o + row.W_HOSTS + dir];
    const left = this.#hosts.told(host, takeUntold(w, o, dir));
    if (left <= 0) this.#detector.passed(host, p.timeUs, p.number, p);
    if (left > nearPackets) w[o + row.W_STATE] |= row.STATE_SELDOM << dir;
    else w[o + row.W_STATE] &= ~(row.STATE_SELDOM << dir);
  }

  /** A flow's record is complete: its hosts learn the rest, and are let go unless it goes on in parts. */
  leave(r: number, end: number, packetNumber: number): void {
    const w = this.#table.words;
    const d = this.#table.doubles;
    const o = r * row.ROW_WORDS;
    const q = r * row.ROW_DOUBLES;
    for (let dir = 0; dir < 2; dir++) {
      const host = w[o + row.W_HOSTS + dir];
      if (host === otherHosts) continue;
      const left = this.#hosts.told(host, takeUntold(w, o, dir));
      const other = 1 - dir;
      this.#hosts.exchanged(
        host,
        d[q + row.D_BYTES + dir],
        w[o + row.W_PACKETS + other] >>> 0,
        d[q + row.D_BYTES + other],
      );
      if (left <= 0) this.#detector.passed(host, d[q + row.D_LAST_US], packetNumber, null);
      if (end === flowEnd.activeTimeout) continue;
      this.#hosts.letGo(host);
      w[o + row.W_HOSTS + dir] = otherHosts;
    }
    w[o + row.W_TOLD] = 0;
  }
}

/** Packets of a direction that its host has not been told of; from now on it has. Fewer than 65536 at any time. */
function takeUntold(w: Int32Array, o: number, dir: number): number {
  const untold = untoldPackets(w, o, dir);
  const shift = dir << 4;
  w[o + row.W_TOLD] = (w[o + row.W_TOLD] & ~(0xffff << shift)) | ((w[o + row.W_PACKETS + dir] & 0xffff) << shift);
  return untold;
}

/** Packets of a direction of the row at word `o` that its host has not been told of. */
export function untoldPackets(w: Int32Array, o: number, dir: number): number {
  return (w[o + row.W_PACKETS + dir] - (w[o + row.W_TOLD] >>> (dir << 4))) & 0xffff;
}
