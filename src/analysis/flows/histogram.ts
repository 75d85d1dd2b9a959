// A log-linear histogram of fixed size: quantiles of times in microseconds, to within 1 % of their value.
//
// Values below 128 have a bucket each. Above, every power of two is cut into 64 equal buckets, so a bucket is never wider
// than 1/64 of its lower bound and its middle is within 1/128 (0.8 %) of everything in it:
//
//   value   0 ‥ 127    128 ‥ 255    256 ‥ 511    …    2^39 ‥ 2^40-1
//   bucket  0 ‥ 127    128 ‥ 191    192 ‥ 255    …    2176 ‥ 2239
//   width      1           2            4        …       2^33

import type { HistogramData } from '../../core/snapshot.ts';

const linear = 128;
const perPower = 64;
/** Powers of two above the linear part: 2^7 ‥ 2^39. */
const powers = 33;
const bucketCount = linear + perPower * powers;
const mostUs = 2 ** 40 - 1;

/** Counts values of 0 ‥ 2^40-1 µs (12 days); what is larger counts as the largest, what is negative as 0. */
export class Histogram {
  readonly #buckets: Uint32Array;
  #count = 0;
  #minUs = mostUs;
  #maxUs = 0;

  constructor(buckets: Uint32Array = new Uint32Array(bucketCount)) {
    this.#buckets = buckets;
  }

  /** A copy for another thread. */
  toData(): HistogramData {
    return { counts: this.#buckets.slice(), count: this.#count, min: this.#minUs, max: this.#maxUs };
  }

  static fromData(data: HistogramData): Histogram {
    const made = new Histogram(data.counts.slice());
    made.#count = data.count;
    made.#minUs = data.min;
    made.#maxUs = data.max;
    return made;
  }

  /** How many values were recorded. */
  get count(): number {
    return this.#count;
  }

  /** The largest recorded value, exactly; 0 when there is none. */
  get max(): number {
    return this.#maxUs;
  }

  /** The smallest recorded value, exactly; 0 when there is none. */
  get min(): number {
    return this.#count === 0 ? 0 : this.#minUs;
  }

  /** Counts one value in microseconds; fractions are dropped. */
  record(valueUs: number): void {
    const us = valueUs >= mostUs ? mostUs : valueUs > 0 ? Math.floor(valueUs) : 0;
    this.#buckets[bucketOf(us)]++;
    this.#count++;
    if (us < this.#minUs) this.#minUs = us;
    if (us > this.#maxUs) this.#maxUs = us;
  }

  /**
   * The value below which the share `q` (0 ‥ 1) of the recorded ones lies, in microseconds, interpolated between
   * neighbouring ranks; 0 when nothing was recorded. `quantile(0)` and `quantile(1)` are exact.
   */
  quantile(q: number): number {
    if (this.#count === 0) return 0;
    const rank = Math.min(Math.max(q, 0), 1) * (this.#count - 1);
    const below = Math.floor(rank);
    const low = this.#atRank(below);
    if (rank === below) return low;
    const high = this.#atRank(below + 1);
    return low + (high - low) * (rank - below);
  }

  /** Adds all that `other` has counted. */
  merge(other: Histogram): void {
    for (let i = 0; i < bucketCount; i++) this.#buckets[i] += other.#buckets[i];
    this.#count += other.#count;
    if (other.#minUs < this.#minUs) this.#minUs = other.#minUs;
    if (other.#maxUs > this.#maxUs) this.#maxUs = other.#maxUs;
  }

  /** Forgets everything. */
  clear(): void {
    this.#buckets.fill(0);
    this.#count = 0;
    this.#minUs = mostUs;
    this.#maxUs = 0;
  }

  /** The value at a rank from 0, as far as its bucket tells; the first and the last are known exactly. */
  #atRank(rank: number): number {
    if (rank <= 0) return this.#minUs;
    if (rank >= this.#count - 1) return this.#maxUs;
    let seen = 0;
    // Buckets below the smallest are empty.
    let bucket = bucketOf(this.#minUs);
    while (seen + this.#buckets[bucket] <= rank) seen += this.#buckets[bucket++];
    return Math.min(Math.max(middleOf(bucket), this.#minUs), this.#maxUs);
  }
}

function bucketOf(us: number): number {
  if (us < linear) return us;
  const high = Math.floor(us / 0x1_0000_0000);
  const power = high > 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(us);
  return linear + (power - 7) * perPower + Math.floor(us / 2 ** (power - 6)) - perPower;
}

function middleOf(bucket: number): number {
  if (bucket < linear) return bucket;
  const power = 7 + Math.floor((bucket - linear) / perPower);
  const width = 2 ** (power - 6);
  return (perPower + ((bucket - linear) % perPower)) * width + (width - 1) / 2;
}
