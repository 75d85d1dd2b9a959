// The first few of very many, without sorting them all: a heap of those kept, the last of them on top.

/** Below 0 when `a` comes first. */
export type Order<T> = (a: T, b: T) => number;

/** The first `count` items in order; of equals, those that came earlier. */
export function largest<T>(items: Iterable<T>, count: number, order: Order<T>): T[] {
  interface Kept {
    readonly item: T;
    readonly came: number;
  }
  const isAfter = (a: Kept, b: Kept): boolean => (order(a.item, b.item) || a.came - b.came) > 0;
  const heap: Kept[] = [];
  const sink = (from: number): void => {
    let at = from;
    for (;;) {
      let top = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && isAfter(heap[child], heap[top])) top = child;
      }
      if (top === at) return;
      [heap[at], heap[top]] = [heap[top], heap[at]];
      at = top;
    }
  };
  let came = 0;
  for (const item of items) {
    if (heap.length < count) {
      heap.push({ item, came: came++ });
      if (heap.length === count) for (let i = count >> 1; i >= 0; i--) sink(i);
    } else if (count > 0 && order(item, heap[0].item) < 0) {
      heap[0] = { item, came: came++ };
      sink(0);
    }
  }
  return heap.sort((a, b) => (isAfter(a, b) ? 1 : -1)).map(({ item }) => item);
}
