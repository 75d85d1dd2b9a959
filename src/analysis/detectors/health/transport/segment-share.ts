// Shares of segments with something wrong, by client, server and port: what several detectors have in common.

import { type HealthSignal, healthMoment, type Severity } from '../../../../core/index.ts';
import type { Surroundings, Watch } from '../../detector.ts';
import { grouped, percent } from '../../wording.ts';
import { aboutFlow, pairRow } from '../flow-words.ts';

const LEVEL = 0;
const RAISED = 1;
const PART = 0;
const WHOLE = 1;

interface Limits {
  /** Share from which it is told, from which it is `low`, from which it is `medium`. */
  readonly warn: number;
  readonly minor: number;
  readonly major: number;
  /** Segments from which a share means something, from which it may be `low`, and from which `medium`. */
  readonly segments: number;
  readonly someSegments: number;
  readonly manySegments: number;
  /** Times it has to be seen at the least. */
  readonly least: number;
}

export interface ShareSpec {
  readonly part: (s: HealthSignal) => number;
  readonly whole: (s: HealthSignal) => number;
  readonly unit: string;
  /** What happened to how many of how many, in words; the share follows. */
  readonly words: (part: number, whole: number) => string;
  readonly against?: (s: HealthSignal) => string;
}

const ranks: readonly Severity[] = ['info', 'info', 'low', 'medium'];

/** Adds flows up as they end, looks at those that last, and raises at a higher level or twice the number. */
export function watchShare(
  { now, table, raise }: Pick<Surroundings, 'now' | 'table' | 'raise'>,
  limits: Limits,
  spec: ShareSpec,
): Watch {
  // 1,024 triples of client, server and port.
  const pairs = table({ capacity: 1024, keyWords: 4, words: 2, doubles: 2, idleSec: 600 });
  return {
    health(s: HealthSignal): void {
      if (s.isDoubled || (s.moment !== healthMoment.ended && s.moment !== healthMoment.alive)) return;
      const row = pairRow(pairs, now.sec, s);
      if (row < 0) return;
      const d = row * pairs.doublesPerRow;
      const part = pairs.doubles[d + PART] + spec.part(s);
      const whole = pairs.doubles[d + WHOLE] + spec.whole(s);
      if (s.moment === healthMoment.ended) {
        pairs.doubles[d + PART] = part;
        pairs.doubles[d + WHOLE] = whole;
      }
      if (whole < limits.segments || part < limits.least) return;
      const seen = part / whole;
      if (seen < limits.warn) return;
      const isMajor = seen >= limits.major && whole >= limits.manySegments;
      const level = isMajor ? 3 : seen >= limits.minor && whole >= limits.someSegments ? 2 : 1;
      const w = pairs.words;
      const at = pairs.at(row);
      if (level <= w[at + LEVEL] && part < 2 * w[at + RAISED]) return;
      w[at + LEVEL] = Math.max(level, w[at + LEVEL]);
      w[at + RAISED] = part;
      pairs.setWorth(row, 1 + level);
      const about = aboutFlow(s);
      raise({
        ...about,
        severity: ranks[w[at + LEVEL]],
        observed: seen,
        threshold: limits.warn,
        unit: spec.unit,
        count: part,
        explain: `${about.key}: ${spec.words(part, whole)} (${percent(seen)}), limit ${percent(limits.warn)}.`,
        against: spec.against?.(s) ?? '',
      });
    },
  };
}

/** `12 of 340 segments`. */
export const ofSegments = (part: number, whole: number): string => `${grouped(part)} of ${grouped(whole)} segments`;
