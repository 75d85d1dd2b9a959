// Traffic by the second of packet time: a few additions a packet to the second under way, which is added to both spans
// when it is over, or when somebody asks.

import { latencyBoundsUs } from '../../core/index.ts';
import { RecentTraffic, type TrafficColumns, trafficField, trafficWidth, WholeTraffic } from './traffic-columns.ts';

/** A packet this much older than the clock does not count as merely late. */
const toleranceUs = 60e6;
/** So many of them without a newer one mean that time begins anew there, as in the clock of the flow table. */
const oldPacketLimit = 1000;
/** A clock that was corrected by more than a year, or never set before: what came before takes up one column. */
const farSec = 366 * 86_400;

/** Which way a packet goes, seen from the house: the number of the field it is added to, 0 for none. */
export const way = { neither: 0, in: trafficField.inBytes, out: trafficField.outBytes } as const;

export class TrafficMeter {
  /** The second under way. */
  readonly #now = new Float64Array(trafficWidth);
  readonly #recent = new RecentTraffic();
  readonly #whole = new WholeTraffic();
  #sec = 0;
  #isBegun = false;
  #oldPackets = 0;
  /** Times outside [low, next) have to be looked at. */
  #lowUs = Number.POSITIVE_INFINITY;
  #nextUs = Number.NEGATIVE_INFINITY;

  /**
   * To be called with each frame before it is counted, also with those of a file that other workers count: so all close
   * their seconds at the same frames. A packet that comes late counts where the clock is. Takes the packet and not its
   * time, since a time handed to a function that is not inlined is a number allocated.
   */
  moveClock(p: { readonly timeUs: number }): void {
    if (p.timeUs >= this.#nextUs || p.timeUs < this.#lowUs) this.#turn(p);
  }

  #turn(p: { readonly timeUs: number }): void {
    const sec = Math.floor(p.timeUs / 1e6);
    if (!this.#isBegun) {
      this.#isBegun = true;
      this.#recent.begin(sec);
    } else {
      const isBack = p.timeUs < this.#lowUs;
      if (isBack && ++this.#oldPackets <= oldPacketLimit) return;
      this.#settle();
      if (Math.abs(sec - this.#sec) > farSec) this.#whole.moveAll(sec);
      if (isBack) this.#recent.begin(sec);
      else this.#recent.moveTo(sec);
    }
    this.#oldPackets = 0;
    this.#sec = sec;
    this.#nextUs = (sec + 1) * 1e6;
    this.#lowUs = sec * 1e6 - toleranceUs;
  }

  /** Counts a frame. @param family index into `families`; @param direction one of `way` */
  add(bytes: number, family: number, direction: number): void {
    const now = this.#now;
    now[trafficField.packets]++;
    now[trafficField.bytes] += bytes;
    now[trafficField.families + family] += bytes;
    if (direction !== way.neither) now[direction] += bytes;
  }

  flowBegan(): void {
    this.#now[trafficField.newFlows]++;
  }

  /** Counts a TCP segment with payload. */
  segment(isRepeated: boolean): void {
    this.#now[trafficField.segments]++;
    if (isRepeated) this.#now[trafficField.repeated]++;
  }

  roundTrip(us: number): void {
    this.#now[trafficField.rtt + latencyBin(us)]++;
  }

  response(us: number): void {
    this.#now[trafficField.responses + latencyBin(us)]++;
  }

  /** Adds the second under way to both spans. */
  #settle(): void {
    const now = this.#now;
    // Nothing is timed or sent without a packet; flows of fragments that were given up begin without one.
    if (now[trafficField.packets] === 0 && now[trafficField.newFlows] === 0) return;
    this.#recent.add(now);
    this.#whole.add(this.#sec, now);
    now.fill(0);
  }

  /** The latest `most` seconds, 600 at the most; null before the first packet. */
  recent(most?: number): TrafficColumns | null {
    if (!this.#isBegun) return null;
    this.#settle();
    return this.#recent.columns(most);
  }

  whole(): TrafficColumns | null {
    if (!this.#isBegun) return null;
    this.#settle();
    return this.#whole.columns();
  }
}

/** The bin of `latencyBoundsUs` that a time belongs to; bounds belong to the bin below. */
export function latencyBin(us: number): number {
  let bin = 0;
  while (bin < latencyBoundsUs.length && us > latencyBoundsUs[bin]) bin++;
  return bin;
}
