// Round trips and response times by path or host: a bounded table, a histogram where something was measured.

import type { HealthRow, HistogramData, TimesMs } from '../../core/index.ts';
import { Histogram } from '../flows/histogram.ts';
import { KeyTable } from '../sketches/index.ts';

const FLOWS = 0;
const SEGMENTS = 0;
const REPEATED = 1;

/** Percentiles in milliseconds of a histogram of microseconds. */
export function timesOf(h: Histogram | null): TimesMs {
  if (h === null || h.count === 0) return { p50: null, p95: null, max: null, count: 0 };
  return { p50: h.quantile(0.5) / 1000, p95: h.quantile(0.95) / 1000, max: h.max / 1000, count: h.count };
}

/** Keys are six words; names are made from them when asked for. */
export class WayTable {
  readonly #keys: KeyTable;
  readonly #rtt: (Histogram | null)[];
  readonly #response: (Histogram | null)[];
  /** Percentiles as they were told last: of most ways nothing new is known the next time. */
  readonly #rttTimes: (TimesMs | null)[];
  readonly #responseTimes: (TimesMs | null)[];

  /** @param capacity rows at the most; a row with both histograms has 18 KiB */
  constructor(capacity: number) {
    this.#keys = new KeyTable({
      capacity,
      keyWords: 6,
      words: 1,
      doubles: 2,
      idleSec: 3600,
      evicted: (way) => this.#clear(way),
    });
    this.#rtt = new Array(this.#keys.capacity).fill(null);
    this.#response = new Array(this.#keys.capacity).fill(null);
    this.#rttTimes = new Array(this.#keys.capacity).fill(null);
    this.#responseTimes = new Array(this.#keys.capacity).fill(null);
  }

  #clear(way: number): void {
    this.#rtt[way]?.clear();
    this.#response[way]?.clear();
    this.#rttTimes[way] = null;
    this.#responseTimes[way] = null;
  }

  /** The row of a key, -1 when there is no room for it. */
  claim(sec: number, a: number, b: number, c: number, d: number, e: number, f: number): number {
    return this.#keys.claim(sec, a, b, c, d, e, f);
  }

  addRoundTrip(way: number, us: number): void {
    this.#rtt[way] ??= new Histogram();
    this.#rtt[way]?.record(us);
  }

  addResponse(way: number, us: number): void {
    this.#response[way] ??= new Histogram();
    this.#response[way]?.record(us);
  }

  addFlow(way: number, segments: number, repeated: number): void {
    const flows = ++this.#keys.words[this.#keys.at(way) + FLOWS];
    this.#keys.doubles[2 * way + SEGMENTS] += segments;
    this.#keys.doubles[2 * way + REPEATED] += repeated;
    this.#keys.setWorth(way, flows);
  }

  /** All rows, those with the worst answers and round trips first. */
  rows(name: (words: readonly number[]) => string, most: number, withData: boolean): HealthRow[] {
    const found: HealthRow[] = [];
    for (let way = 0; way < this.#keys.capacity; way++) {
      if (!this.#keys.isUsed(way)) continue;
      const rtt = this.#rtt[way];
      const response = this.#response[way];
      const words = [0, 1, 2, 3, 4, 5].map((i) => this.#keys.key(way, i));
      found.push({
        name: name(words),
        flows: this.#keys.words[this.#keys.at(way) + FLOWS],
        rttMs: timesNow(this.#rttTimes, way, rtt),
        responseMs: timesNow(this.#responseTimes, way, response),
        segments: this.#keys.doubles[2 * way + SEGMENTS],
        repeated: this.#keys.doubles[2 * way + REPEATED],
        ...(withData ? dataOf(rtt, response) : {}),
      });
    }
    return slowestFirst(found).slice(0, most);
  }
}

/** The percentiles of a way, made anew when something was measured since. */
function timesNow(told: (TimesMs | null)[], way: number, h: Histogram | null): TimesMs {
  const before = told[way];
  if (before !== null && before.count === (h?.count ?? 0)) return before;
  const now = timesOf(h);
  told[way] = now;
  return now;
}

function dataOf(rtt: Histogram | null, response: Histogram | null): { rtt?: HistogramData; response?: HistogramData } {
  return {
    ...(rtt === null ? {} : { rtt: rtt.toData() }),
    ...(response === null ? {} : { response: response.toData() }),
  };
}

/** By what a user waits for: the answer and the round trip, at the 95th percentile. */
export function slowestFirst(rows: HealthRow[]): HealthRow[] {
  const weight = (row: HealthRow): number => (row.rttMs.p95 ?? 0) + (row.responseMs.p95 ?? 0);
  return rows.sort((a, b) => weight(b) - weight(a) || b.flows - a.flows || (a.name < b.name ? -1 : 1));
}
