// A value that changes often, for those who read it: taken now and then.

import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';

/** At first and when it was nothing: at once. */
export function useCalm<T>(source: ReadonlySignal<T>, everyMs: number): T {
  const [value, setValue] = useState(() => source.peek());
  useEffect(() => {
    let shown: T = source.peek();
    let nextMs = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = (): void => {
      timer = undefined;
      nextMs = performance.now() + everyMs;
      shown = source.peek();
      setValue(() => shown);
    };
    const stop = source.subscribe((next) => {
      if (next === shown || timer !== undefined) return;
      const waitMs = shown === null || next === null ? 0 : nextMs - performance.now();
      if (waitMs <= 0) take();
      else timer = setTimeout(take, waitMs);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [source, everyMs]);
  return value;
}
