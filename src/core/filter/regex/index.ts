/**
 * Regular expressions that match in linear time, the same rows here and in engines that use RE2.
 *
 * Guarantees: what a pattern means is decided here once (which letters are the same but for case, what a dot takes); the
 * text for RE2 spells it out. Time to match is bounded by length of text times size of pattern.
 */
import { compilePattern } from './automaton.ts';
import { parsePattern } from './pattern.ts';
import { writePattern } from './write.ts';

export { PatternError } from './pattern.ts';

export interface Regex {
  /** For engines that use RE2, without options. */
  readonly re2: string;
  /** Whether some part of a text matches. */
  test(text: string): boolean;
}

/** Throws a PatternError. */
export function regexOf(text: string): Regex {
  const pattern = parsePattern(text);
  return { re2: writePattern(pattern), test: compilePattern(pattern) };
}
