// Health on its way to detectors, flow records and the snapshot: sums a flow up when it ends, and now and then before.

import * as row from '../../../../analysis/flows/flow-row.ts';
import { type FlowTable, flowId, type TcpAnalysis } from '../../../../analysis/flows/index.ts';
import { HealthBook, type HealthTeller } from '../../../../analysis/health/index.ts';
import type { VolumeMeter } from '../../../../analysis/stats/index.ts';
import {
  flowEnd,
  HealthSignal,
  healthMoment,
  type NetworkHealth,
  type Packet,
  VolumeSignal,
} from '../../../../core/index.ts';
import type { SignalTarget } from '../signal-target.ts';
import type { Signals } from '../signals.ts';
import { fillEnds } from './signal-ends.ts';

/** Words of a flow record's tail that tell health; see flow-record.ts. */
export const healthTailWords = 8;

export class HealthSignals implements HealthTeller {
  readonly book: HealthBook;
  readonly #table: FlowTable;
  readonly #signals: Signals | null;
  readonly #target: SignalTarget | null;
  readonly #signal = new HealthSignal();
  readonly #volume = new VolumeSignal();
  readonly #peeked = new HealthSignal();
  /** Health of the flow that has just ended, or was peeked at, as its record tells it. */
  readonly tail = new Int32Array(healthTailWords);

  constructor(table: FlowTable, tcp: TcpAnalysis, volume: VolumeMeter, signals: Signals | null) {
    this.#table = table;
    this.#signals = signals;
    this.#target = signals?.target ?? null;
    this.book = new HealthBook(table, tcp);
    if (this.#target?.wantsHealth === true) this.book.teller = this;
    if (this.#target?.wantsVolume === true) volume.onSecond = () => this.#second(volume);
  }

  healthAlive(r: number): void {
    this.#tell(r, healthMoment.alive);
  }

  slowResponse(r: number, us: number, p: Packet): void {
    this.#tell(r, healthMoment.response, us, p);
  }

  stalled(r: number, dir: number, us: number, p: Packet): void {
    const isHigh = (this.#table.words[r * row.ROW_WORDS + row.W_STATE] & row.STATE_ORIGIN_HIGH) !== 0;
    this.#tell(r, healthMoment.stall, us, p, (dir === 1) === isHigh);
  }

  /** A flow's record is complete: told, summed up, and forgotten unless its conversation goes on. */
  ended(r: number, end: number): void {
    this.tail.fill(0);
    if (!this.book.flows.isKnown(r)) return;
    const s = this.#tell(r, healthMoment.ended);
    fillTail(this.tail, s);
    if (end === flowEnd.activeTimeout) return;
    this.book.ended(s, r);
    this.book.flows.clear(r);
  }

  /** Fills `tail` for a flow that goes on; nobody is told. */
  peek(r: number): void {
    this.tail.fill(0);
    if (!this.book.flows.isKnown(r)) return;
    fillBare(this.#peeked, this.#table, r);
    this.book.fill(this.#peeked, r);
    fillTail(this.tail, this.#peeked);
  }

  /** As it is now: flows that are over. @param withData with histograms, to be added to those of other workers */
  report(withData: boolean): NetworkHealth {
    return this.book.report(withData);
  }

  #tell(r: number, what: number, us = 0, p: Packet | null = null, isOrigin = false): HealthSignal {
    const isHolding = this.#signals?.isHolding === true;
    const s = isHolding ? new HealthSignal() : this.#signal;
    s.moment = what;
    s.waitUs = us;
    s.isOriginStalled = isOrigin;
    if (this.#signals !== null) this.#signals.fillFor(s.flow, r, p);
    else fillBare(s, this.#table, r);
    this.book.fill(s, r);
    if (this.#target?.wantsHealth === true) {
      const target = this.#target;
      if (isHolding) this.#signals?.hold(s.flow.firstUs, s.flow.id, () => target.health(s, true));
      else target.health(s, this.#signals?.isEnding === true);
    }
    return s;
  }

  #second(volume: VolumeMeter): void {
    const s = this.#volume;
    const v = volume.second;
    s.sec = v.sec;
    s.packet = this.#target?.now.packet ?? 0;
    s.packets = v.packets;
    s.bytes = v.bytes;
    s.peak10Bytes = v.peak10Bytes;
    s.peak1Bytes = v.peak1Bytes;
    s.fullBins = v.fullBins;
    s.speedBps = volume.speedBps;
    this.#target?.volume(s);
  }
}

/** What the list of slow flows needs, where there are no detectors. */
function fillBare(s: HealthSignal, table: FlowTable, r: number): void {
  const { words: w, doubles: d } = table;
  const o = r * row.ROW_WORDS;
  const isHigh = (w[o + row.W_STATE] & row.STATE_ORIGIN_HIGH) !== 0;
  const ports = w[o + row.W_PORTS];
  s.flow.id = flowId(w, d, o, r * row.ROW_DOUBLES);
  s.flow.ipVersion = (w[o + row.W_KIND] >>> 8) & 15;
  s.flow.firstUs = d[r * row.ROW_DOUBLES + row.D_FIRST_US];
  s.flow.oPort = isHigh ? ports & 0xffff : ports >>> 16;
  s.flow.rPort = isHigh ? ports >>> 16 : ports & 0xffff;
  fillEnds(s.flow, w, o, isHigh);
}

function fillTail(tail: Int32Array, s: HealthSignal): void {
  tail[0] = 1;
  tail[1] = s.serverRttUs;
  tail[2] = s.clientRttUs;
  tail[3] = s.responses;
  tail[4] = s.responseMeanUs;
  tail[5] = s.responseMostUs;
  tail[6] = s.verdict;
  tail[7] = s.verdict < 0 ? 0 : Math.round((100 * s.waitedUs[s.verdict]) / s.totalUs);
}
