// About how many different things, in two words: linear counting (Whang, Vander-Zanden, Taylor 1990), enough to tell
// five from one.

const bits = 64;

export function setBit(w: Int32Array, at: number, hash: number): void {
  w[at + ((hash >>> 5) & 1)] |= 1 << (hash & 31);
}

export function bitsCounted(w: Int32Array, at: number): number {
  const zeros = bits - ones(w[at]) - ones(w[at + 1]);
  return Math.round(bits * Math.log(bits / Math.max(1, zeros)));
}

function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
