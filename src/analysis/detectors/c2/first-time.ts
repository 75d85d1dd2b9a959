// Whether a conversation is told for the first time: `alive`, `closed` and `ended` each tell it.

import type { FlowSignal } from '../../../core/index.ts';
import type { Surroundings } from '../detector.ts';

/** Remembers the last 256 conversations or so. */
export function firstTimes(around: Pick<Surroundings, 'table' | 'now'>): (s: FlowSignal) => boolean {
  const seen = around.table({ capacity: 256, keyWords: 2, words: 1, idleSec: 60 });
  return (s) => {
    const row = seen.claim(around.now.sec, s.id | 0, Math.floor(s.id / 2 ** 32));
    if (row < 0) return true;
    return seen.words[seen.at(row)]++ === 0;
  };
}
