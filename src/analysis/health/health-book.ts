// Health of all flows of one analysis: per flow in fixed memory, per path and per host in bounded tables, and the flows
// that waited longest.

import {
  formatAddress,
  type HealthSignal,
  type NetworkHealth,
  type Packet,
  type SlowFlow,
  type Wait,
  waits,
} from '../../core/index.ts';
import * as flow from '../flows/flow-row.ts';
import { Histogram } from '../flows/histogram.ts';
import type { FlowTable } from '../flows/index.ts';
import type { TcpAnalysis } from '../flows/tcp-analysis.ts';
import { FlowHealth, type HealthListener } from './flow-health.ts';
import { fillHealth } from './flow-summary.ts';
import * as row from './health-row.ts';
import { timesOf, WayTable } from './way-table.ts';

/** Paths and hosts that are told apart; 18 KiB each where measured. */
const wayCapacity = 256;
/** Flows whose sentence is kept. */
const slowestKept = 10;
export const rowsTold = 20;
/** Below this a flow's waiting is nobody's trouble. */
const slowUs = 1e6;

/** Who hears of flows in trouble while they go on. */
export type HealthTeller = Pick<HealthListener, 'healthAlive' | 'slowResponse' | 'stalled'>;

/** Who counts round trips and answers as they are measured. */
export interface TimesCounter {
  roundTrip(us: number): void;
  response(us: number): void;
}

export class HealthBook implements HealthListener {
  readonly flows: FlowHealth;
  /** Null: nobody. */
  teller: HealthTeller | null = null;
  times: TimesCounter | null = null;
  readonly #table: FlowTable;
  readonly #tcp: TcpAnalysis;
  readonly #paths = new WayTable(wayCapacity);
  readonly #hosts = new WayTable(wayCapacity);
  readonly #rtt = new Histogram();
  readonly #response = new Histogram();
  readonly #waitedUs = new Float64Array(waits.length);
  #slowest: SlowFlow[] = [];
  #ended = 0;
  #segments = 0;
  #repeated = 0;

  constructor(table: FlowTable, tcp: TcpAnalysis) {
    this.#table = table;
    this.#tcp = tcp;
    this.flows = new FlowHealth(table.capacity, table.words, this);
  }

  /** Takes one TCP segment: `hit` is row << 1 | direction, `note` what the TCP analysis said of it; gives its `segmentKind`. */
  see(hit: number, p: Packet, note: number): number {
    return this.flows.see(hit >> 1, hit & 1, p, note);
  }

  healthAlive(r: number): void {
    this.teller?.healthAlive(r);
  }

  slowResponse(r: number, us: number, p: Packet): void {
    this.teller?.slowResponse(r, us, p);
  }

  stalled(r: number, dir: number, us: number, p: Packet): void {
    this.teller?.stalled(r, dir, us, p);
  }

  handshake(r: number, serverUs: number, clientUs: number): void {
    const sumUs = serverUs + Math.max(0, clientUs);
    this.#rtt.record(sumUs);
    this.times?.roundTrip(sumUs);
    const path = this.#pathOf(r);
    if (path >= 0) this.#paths.addRoundTrip(path, sumUs);
    const server = this.#hostOf(r, 1 - this.#originDir(r));
    if (server >= 0) this.#hosts.addRoundTrip(server, serverUs);
    const client = clientUs < 0 ? -1 : this.#hostOf(r, this.#originDir(r));
    if (client >= 0) this.#hosts.addRoundTrip(client, clientUs);
  }

  roundTrip(r: number, dir: number, us: number): void {
    const w = this.flows.words;
    const o = r * row.healthWords;
    const samples = row.field(w[o + row.sideAt(dir) + row.S_MISC], row.M_SAMPLES_AT, 31);
    // A flow that talks for long does not crowd out the others.
    if (samples === 31 && this.#draw(r) >= 1 << 28) return;
    const back = o + row.sideAt(1 - dir);
    const rest = w[back + row.S_SMOOTH] !== 0 ? w[back + row.S_SMOOTH] - 1 : Math.max(0, w[back + row.S_BASE] - 1);
    this.#rtt.record(us + rest);
    this.times?.roundTrip(us + rest);
    const path = this.#pathOf(r);
    if (path >= 0) this.#paths.addRoundTrip(path, us + rest);
    const host = this.#hostOf(r, 1 - dir);
    if (host >= 0) this.#hosts.addRoundTrip(host, us);
  }

  response(r: number, us: number): void {
    if (this.flows.words[r * row.healthWords + row.H_TOLD] >>> 16 > 64 && this.#draw(r) >= 1 << 29) return;
    this.#response.record(us);
    this.times?.response(us);
    const path = this.#pathOf(r);
    if (path >= 0) this.#paths.addResponse(path, us);
    const host = this.#hostOf(r, 1 - this.#originDir(r));
    if (host >= 0) this.#hosts.addResponse(host, us);
  }

  /** One of 2^32 numbers, all as likely, by the time of the row's last packet: the same for any share of the flows. */
  #draw(r: number): number {
    return Math.imul(this.#table.doubles[r * flow.ROW_DOUBLES + flow.D_LAST_US] | 0, 0x9e3779b1) >>> 0;
  }

  #originDir(r: number): number {
    return (this.#table.words[r * flow.ROW_WORDS + flow.W_STATE] & flow.STATE_ORIGIN_HIGH) !== 0 ? 1 : 0;
  }

  #sec(r: number): number {
    return Math.floor(this.#table.doubles[r * flow.ROW_DOUBLES + flow.D_LAST_US] / 1e6);
  }

  /** Word 3 of the key of an IPv4 host stands for its version: no IPv6 address in use has 0 in the first three. */
  #pathOf(r: number): number {
    const w = this.#table.words;
    const o = r * flow.ROW_WORDS;
    const isHigh = this.#originDir(r) === 1;
    const near = isHigh ? flow.W_HIGH : flow.W_LOW;
    const far = isHigh ? flow.W_LOW : flow.W_HIGH;
    const sec = this.#sec(r);
    if (((w[o + flow.W_KIND] >>> 8) & 15) !== 6)
      return this.#paths.claim(sec, w[o + far], 0, 0, 4, w[o + near] & ~0xff, 0);
    const client = o + (isHigh ? flow.W_HIGH_V6 : flow.W_LOW_V6);
    const server = o + (isHigh ? flow.W_LOW_V6 : flow.W_HIGH_V6);
    return this.#paths.claim(sec, w[server], w[server + 1], w[server + 2], w[o + far], w[client], w[client + 1]);
  }

  /** The host at the end that direction `dir` comes from. */
  #hostOf(r: number, dir: number): number {
    const w = this.#table.words;
    const o = r * flow.ROW_WORDS;
    const last = w[o + (dir === 0 ? flow.W_LOW : flow.W_HIGH)];
    const sec = this.#sec(r);
    if (((w[o + flow.W_KIND] >>> 8) & 15) !== 6) return this.#hosts.claim(sec, last, 0, 0, 4, 0, 0);
    const a = o + (dir === 0 ? flow.W_LOW_V6 : flow.W_HIGH_V6);
    return this.#hosts.claim(sec, w[a], w[a + 1], w[a + 2], last, 0, 0);
  }

  /** Fills what is known of a row's flow into a signal; its `flow` is left alone. */
  fill(s: HealthSignal, r: number): void {
    fillHealth(s, this.flows.words, this.#table, this.#tcp, r);
  }

  /** The flow of a row is over: sums it up. `s` is filled, its `flow` too. */
  ended(s: HealthSignal, r: number): void {
    this.#ended++;
    const segments = s.oSegments + s.rSegments;
    const repeated = s.oRepeated + s.rRepeated;
    this.#segments += segments;
    this.#repeated += repeated;
    for (let i = 0; i < waits.length; i++) this.#waitedUs[i] += s.waitedUs[i];
    const path = this.#pathOf(r);
    if (path >= 0) this.#paths.addFlow(path, segments, repeated);
    const host = this.#hostOf(r, 1 - this.#originDir(r));
    if (host >= 0) this.#hosts.addFlow(host, segments, repeated);
    this.#keepSlow(s);
  }

  #keepSlow(s: HealthSignal): void {
    // What a client does not ask for is not slow.
    const waitedUs = s.totalUs - s.waitedUs[1];
    if (s.verdict < 0 || waitedUs < slowUs) return;
    const waitedSec = waitedUs / 1e6;
    if (this.#slowest.length === slowestKept && waitedSec <= this.#slowest[slowestKept - 1].waitedSec) return;
    const f = s.flow;
    this.#slowest.push({
      id: f.id,
      client: `${formatAddress(f.ipVersion, f.o0, f.o1, f.o2, f.o3)}:${f.oPort}`,
      server: `${formatAddress(f.ipVersion, f.r0, f.r1, f.r2, f.r3)}:${f.rPort}`,
      app: f.app,
      firstUs: f.firstUs,
      waitedSec,
      verdict: waits[s.verdict],
      share: s.waitedUs[s.verdict] / s.totalUs,
      sentence: s.sentence,
    });
    this.#slowest = slowFirst(this.#slowest);
  }

  /** As it is now. @param withData with histograms, for several workers' results to be added */
  report(withData: boolean): NetworkHealth {
    const most = withData ? wayCapacity : rowsTold;
    return {
      flows: this.#ended,
      rttMs: timesOf(this.#rtt),
      responseMs: timesOf(this.#response),
      segments: this.#segments,
      repeated: this.#repeated,
      waitedSec: Object.fromEntries(waits.map((name, i) => [name, this.#waitedUs[i] / 1e6])) as Record<Wait, number>,
      paths: this.#paths.rows(pathName, most, withData),
      hosts: this.#hosts.rows(hostName, most, withData),
      slowest: this.#slowest,
      ...(withData ? { rtt: this.#rtt.toData(), response: this.#response.toData() } : {}),
    };
  }
}

const isIpv4 = (words: readonly number[]): boolean => words[1] === 0 && words[2] === 0 && words[3] === 4;

function hostName(words: readonly number[]): string {
  return isIpv4(words) ? formatAddress(4, words[0], 0, 0, 0) : formatAddress(6, words[0], words[1], words[2], words[3]);
}

function pathName(words: readonly number[]): string {
  const client = isIpv4(words)
    ? `${formatAddress(4, words[4], 0, 0, 0)}/24`
    : `${formatAddress(6, words[4], words[5], 0, 0)}/64`;
  return `${client} → ${hostName(words)}`;
}

export function slowFirst(flows: readonly SlowFlow[]): SlowFlow[] {
  return [...flows]
    .sort((a, b) => b.waitedSec - a.waitedSec || a.firstUs - b.firstUs || a.id - b.id)
    .slice(0, slowestKept);
}
