// What was hit on a list, by host and entry: raised when it is new, when it is worse than before, and as it doubles.

import type { Evidence, Severity } from '../../../core/index.ts';
import { hashText } from '../../sketches/index.ts';
import type { Surroundings } from '../detector.ts';
import type { IntelMatch } from './lists.ts';

const TIMES = 0;
const RAISED = 1;
const LEVEL = 2;

const levels: readonly Severity[] = ['info', 'low', 'medium', 'high'];

export type HitEvidence = Pick<Evidence, 'sources' | 'targets' | 'explain' | 'filter'> & {
  readonly flow?: string;
  readonly firstPacket?: number;
};

export interface Hits {
  /**
   * A host met an entry.
   * @param host words of its address, version first
   * @param level 1 low, 2 medium, 3 high
   * @param tell the words, made only when they are needed; gets how often it was met
   */
  note(
    host: readonly number[],
    match: IntelMatch,
    key: string,
    level: 1 | 2 | 3,
    tell: (times: number) => HitEvidence,
  ): void;
}

/** @param capacity rows of host and entry, 52 bytes each */
export function openHits({ table, now, raise }: Pick<Surroundings, 'table' | 'now' | 'raise'>, capacity = 1024): Hits {
  const rows = table({ capacity, keyWords: 6, words: 3, idleSec: 24 * 3600 });
  return {
    note([version, a, b, c, d], match, key, level, tell) {
      const row = rows.claim(now.sec, version, a, b, c, d, hashText(key));
      if (row < 0) return;
      const w = rows.words;
      const o = rows.at(row);
      const times = Math.min(0x7fffffff, ++w[o + TIMES]);
      const isWorse = level > w[o + LEVEL];
      if (!isWorse && times < 2 * w[o + RAISED]) return;
      w[o + RAISED] = times;
      w[o + LEVEL] = Math.max(level, w[o + LEVEL]);
      rows.setWorth(row, w[o + LEVEL]);
      const { flow, ...words } = tell(times);
      raise({
        key,
        severity: levels[w[o + LEVEL]],
        confidence: match.list.confidence,
        observed: times,
        threshold: 1,
        unit: 'times',
        count: times,
        against: match.list.confidence < 0.5 ? `The list ${match.list.name} says itself that it is not sure.` : '',
        ...(flow === undefined ? {} : { flows: [flow] }),
        ...words,
      });
    },
  };
}
