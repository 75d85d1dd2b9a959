// Repeatable random numbers: xoshiro128** (Blackman and Vigna 2018), seeded through SplitMix32.

/**
 * @typedef {object} Random
 * @property {() => number} word unsigned 32-bit integer
 * @property {() => number} unit number in [0, 1)
 * @property {(limit: number) => number} below integer in [0, limit)
 * @property {(share: number) => boolean} chance true with this probability
 */

/**
 * @param {number} seed any integer; the same one gives the same numbers for ever
 * @returns {Random}
 */
export function createRandom(seed) {
  let mix = seed >>> 0;
  const next32 = () => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  const s = Uint32Array.of(next32(), next32(), next32(), next32());
  const word = () => {
    const five = Math.imul(s[1], 5);
    const out = Math.imul((five << 7) | (five >>> 25), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return out;
  };
  const unit = () => word() / 0x100000000;
  return { word, unit, below: (limit) => Math.floor(unit() * limit), chance: (share) => unit() < share };
}

/**
 * Zipf's law: rank r is drawn in proportion to 1 / r^exponent.
 *
 * @param {Random} random
 * @param {number} ranks how many there are
 * @param {number} exponent
 * @returns {() => number} draws a rank, counted from 0
 */
export function createZipf(random, ranks, exponent) {
  const upTo = new Float64Array(ranks);
  let total = 0;
  for (let r = 0; r < ranks; r++) {
    total += (r + 1) ** -exponent;
    upTo[r] = total;
  }
  return () => {
    const wanted = random.unit() * total;
    let below = -1;
    let from = ranks - 1;
    while (from - below > 1) {
      const middle = (below + from) >> 1;
      if (upTo[middle] >= wanted) from = middle;
      else below = middle;
    }
    return from;
  };
}
