// The first few of many by a rank that stands beside them, without sorting all: a heap of those kept, the last on top.

/** Ranks of rows: numbers (NaN: not known) or texts (empty: not known). What is not known comes last either way. */
export type Ranks = Float64Array | readonly string[];

/** Places of the first `count` in order; of equals, those with the lower place. */
export function bestOf(ranks: Ranks, count: number, isDescending: boolean): Int32Array {
  const comesAfter =
    ranks instanceof Float64Array ? numbersAfter(ranks, isDescending) : textsAfter(ranks, isDescending);
  const most = Math.min(count, ranks.length);
  const heap = new Int32Array(most);
  if (most === 0) return heap;
  const sink = (from: number): void => {
    let at = from;
    const item = heap[at];
    for (;;) {
      let child = 2 * at + 1;
      if (child >= most) break;
      if (child + 1 < most && comesAfter(heap[child + 1], heap[child])) child++;
      if (!comesAfter(heap[child], item)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = item;
  };
  for (let i = 0; i < most; i++) heap[i] = i;
  for (let i = most >> 1; i >= 0; i--) sink(i);
  for (let i = most; i < ranks.length; i++) {
    if (!comesAfter(heap[0], i)) continue;
    heap[0] = i;
    sink(0);
  }
  return heap.sort((a, b) => (comesAfter(a, b) ? 1 : -1));
}

type ComesAfter = (a: number, b: number) => boolean;

function numbersAfter(ranks: Float64Array, isDescending: boolean): ComesAfter {
  return (a, b) => {
    const [x, y] = [ranks[a], ranks[b]];
    if (x === y) return a > b;
    if (Number.isNaN(x)) return !Number.isNaN(y) || a > b;
    if (Number.isNaN(y)) return false;
    return isDescending ? x < y : x > y;
  };
}

function textsAfter(ranks: readonly string[], isDescending: boolean): ComesAfter {
  return (a, b) => {
    const [x, y] = [ranks[a], ranks[b]];
    if (x === y) return a > b;
    if (x === '') return true;
    if (y === '') return false;
    return isDescending ? x < y : x > y;
  };
}
