// What is usual of one measure, for many series at once: median and spread of the last bins (robust z), a control chart on
// logarithms (EWMA, Roberts 1959), and sums of small deviations (CUSUM, Page 1954).
//
//   slot   [ ring of values ] [ bins seen · place · EWMA · CUSUM up · CUSUM down · exceedances ]
//
// A value that is far off teaches little (drift guard): whoever attacks slowly enough to be learned is seen by CUSUM.

const ring = 60;
const state = 6;
const SEEN = 0;
const PLACE = 1;
const EWMA = 2;
const UP = 3;
const DOWN = 4;
const RECENT = 5;

/** EWMA: weight of the new value, and limit in standard deviations. CUSUM: slack and limit in standard deviations. */
const lambda = 0.2;
const chartLimit = 3.5;
const slack = 0.5;
const sumLimit = 8;
/** From MAD to the standard deviation of a normal distribution. */
const madFactor = 1.4826;
/** Least spread on the logarithmic scale: 5 %. */
const leastSpread = 0.05;
/** Bins remembered as exceeding or not, and how many of them have to. */
const memoryBits = 5;

/** What a new value is like. Reused. */
export interface Judgement {
  /** Deviation of log1p(value) from the median, in robust standard deviations. */
  z: number;
  /** Median of the last bins, on the scale of the values. */
  usual: number;
  /** Bins of the last five that were far off, this one included. */
  persistence: number;
  /** The control chart or the sums left their limits. */
  isShifted: boolean;
  /** Bins seen before this one. */
  seen: number;
}

export class RobustSeries {
  readonly #values: Float64Array;
  readonly #state: Float64Array;
  readonly #sorted = new Float64Array(ring);
  readonly #judgement: Judgement = { z: 0, usual: 0, persistence: 0, isShifted: false, seen: 0 };

  /** @param slots series, 528 bytes each */
  constructor(slots: number) {
    this.#values = new Float64Array(slots * ring);
    this.#state = new Float64Array(slots * state);
  }

  get bytes(): number {
    return this.#values.byteLength + this.#state.byteLength;
  }

  clear(slot: number): void {
    this.#state.fill(0, slot * state, (slot + 1) * state);
  }

  /**
   * Judges the value of a bin by those before it, then learns it.
   * @param far z from which a bin counts as far off
   */
  add(slot: number, value: number, far: number): Judgement {
    const s = this.#state;
    const at = slot * state;
    const x = Math.log1p(Math.max(0, value));
    const out = this.#judgement;
    const seen = s[at + SEEN];
    out.seen = seen;
    const held = Math.min(seen, ring);
    const median = this.#median(slot, held);
    const spread = Math.max(leastSpread, this.#mad(slot, held, median) * madFactor);
    out.usual = Math.expm1(median);
    out.z = held === 0 ? 0 : (x - median) / spread;
    const isFar = Math.abs(out.z) >= far;
    const recent = ((s[at + RECENT] << 1) | (isFar ? 1 : 0)) & ((1 << memoryBits) - 1);
    s[at + RECENT] = recent;
    out.persistence = bitsOf(recent);
    out.isShifted = this.#chart(at, x, median, spread, held);
    this.#learn(slot, x, median, out.z, seen);
    return out;
  }

  #chart(at: number, x: number, median: number, spread: number, held: number): boolean {
    const s = this.#state;
    if (held === 0) {
      s[at + EWMA] = x;
      return false;
    }
    const ewma = s[at + EWMA] + lambda * (x - s[at + EWMA]);
    s[at + EWMA] = ewma;
    const deviation = (x - median) / spread;
    s[at + UP] = Math.max(0, s[at + UP] + deviation - slack);
    s[at + DOWN] = Math.max(0, s[at + DOWN] - deviation - slack);
    const limit = chartLimit * spread * Math.sqrt(lambda / (2 - lambda));
    const isOut = Math.abs(ewma - median) > limit || s[at + UP] > sumLimit || s[at + DOWN] > sumLimit;
    // Told once: the sums begin anew.
    if (s[at + UP] > sumLimit) s[at + UP] = 0;
    if (s[at + DOWN] > sumLimit) s[at + DOWN] = 0;
    return isOut;
  }

  /** Usual values are learned as they are, unusual ones only in part (detection.md §1.10, drift guard). */
  #learn(slot: number, x: number, median: number, z: number, seen: number): void {
    const s = this.#state;
    const at = slot * state;
    const far = Math.abs(z);
    const share = seen < ring || far < 2 ? 1 : far < 3.5 ? 0.1 : 0.01;
    s[at + SEEN] = seen + 1;
    this.#values[slot * ring + s[at + PLACE]] = seen === 0 ? x : median + share * (x - median);
    s[at + PLACE] = (s[at + PLACE] + 1) % ring;
  }

  #median(slot: number, held: number): number {
    if (held === 0) return 0;
    const from = slot * ring;
    const sorted = this.#sorted.subarray(0, held);
    sorted.set(this.#values.subarray(from, from + held));
    return middle(sorted.sort());
  }

  #mad(slot: number, held: number, median: number): number {
    if (held === 0) return 0;
    const from = slot * ring;
    const sorted = this.#sorted.subarray(0, held);
    for (let i = 0; i < held; i++) sorted[i] = Math.abs(this.#values[from + i] - median);
    return middle(sorted.sort());
  }
}

function middle(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

function bitsOf(word: number): number {
  let bits = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}
