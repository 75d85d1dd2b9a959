// The first few of many by a rank that stands beside them, without sorting all: a heap of those kept, the last on top.

/** Places of the first `count` in order; of equals, those with the lower place. NaN, not known, comes last either way. */
export function bestOf(ranks: Float64Array, count: number, isDescending: boolean): Int32Array {
  const keys = keysOf(ranks, isDescending);
  const most = Math.min(count, keys.length);
  const heap = new Int32Array(most);
  if (most === 0) return heap;
  for (let i = 0; i < most; i++) heap[i] = i;
  for (let i = most >> 1; i >= 0; i--) sink(heap, keys, i);
  for (let i = most; i < keys.length; i++) {
    // Of equals the one that is kept has the lower place.
    if (keys[i] <= keys[heap[0]]) continue;
    heap[0] = i;
    sink(heap, keys, 0);
  }
  return heap.sort((a, b) => keys[b] - keys[a] || a - b);
}

/** The larger the earlier; numbers only, so that they can be subtracted. */
function keysOf(ranks: Float64Array, isDescending: boolean): Float64Array {
  const keys = new Float64Array(ranks.length);
  for (let i = 0; i < ranks.length; i++) {
    const rank = isDescending ? ranks[i] : -ranks[i];
    keys[i] = Number.isNaN(rank) ? -Number.MAX_VALUE : rank;
  }
  return keys;
}

function sink(heap: Int32Array, keys: Float64Array, from: number): void {
  const item = heap[from];
  let at = from;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isAfter(keys, heap[child + 1], heap[child])) child++;
    if (!isAfter(keys, heap[child], item)) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = item;
}

const isAfter = (keys: Float64Array, a: number, b: number): boolean =>
  keys[a] < keys[b] || (keys[a] === keys[b] && a > b);
