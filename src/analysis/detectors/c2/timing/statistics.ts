// How even a series is: median, median absolute deviation, Bowley's skewness (as RITA, github.com/activecm/rita, uses them).

const scratch = new Float64Array(64);

/** Median of the first `n` numbers, which are put in order. */
export function medianOf(values: Float64Array, n: number): number {
  values.subarray(0, n).sort();
  return n === 0 ? 0 : (values[(n - 1) >> 1] + values[n >> 1]) / 2;
}

/** Median absolute deviation of the first `n` numbers, as a share of their median; 1 when that is 0. */
export function spreadOf(values: Float64Array, n: number, median: number): number {
  if (median <= 0) return 1;
  const most = Math.min(n, scratch.length);
  for (let i = 0; i < most; i++) scratch[i] = Math.abs(values[i] - median);
  return medianOf(scratch, most) / median;
}

/** Evenness of the first `n` numbers in order, 0 to 1: no skew, no spread. */
export function evenness(sorted: Float64Array, n: number): number {
  if (n < 2) return 0;
  const at = (share: number): number => sorted[Math.min(n - 1, Math.round(share * (n - 1)))];
  const [low, middle, high] = [at(0.25), at(0.5), at(0.75)];
  const width = high - low;
  // Where nearly all are the same, skewness says nothing.
  const skew = width <= 0.1 * Math.abs(middle) ? 0 : (high + low - 2 * middle) / width;
  return (1 - Math.abs(skew) + Math.max(0, 1 - spreadOf(sorted, n, middle))) / 2;
}

/** Evenness of counts in slots, 0 to 1. */
export function flatness(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length);
  if (mean === 0) return 0;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
  return Math.max(0, 1 - Math.sqrt(variance) / mean);
}
