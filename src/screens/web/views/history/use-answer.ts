// An answer of the store, asked for again when the question changes; the one before is stopped.

import { useEffect, useState } from 'preact/hooks';
import { troubleText } from '../pieces/asked-rows.ts';

export interface Answered<T> {
  readonly answer: T | null;
  readonly trouble: string | null;
  readonly isAsking: boolean;
}

/** @param question the same text: the same answer; null: nothing is asked */
export function useAnswer<T>(question: string | null, ask: (signal: AbortSignal) => Promise<T>): Answered<T> {
  const [state, setState] = useState<Answered<T>>({ answer: null, trouble: null, isAsking: false });
  useEffect(() => {
    if (question === null) return;
    const stopping = new AbortController();
    setState((before) => ({ ...before, isAsking: true }));
    ask(stopping.signal).then(
      (answer) => setState({ answer, trouble: null, isAsking: false }),
      (error) => {
        if (!stopping.signal.aborted) setState({ answer: null, trouble: troubleText(error), isAsking: false });
      },
    );
    return () => stopping.abort();
  }, [question]);
  return state;
}
