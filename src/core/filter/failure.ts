// Filters that cannot be understood: which word, and what was expected there.

import { Failure } from '../failures.ts';

/** @param at,length the word, counted in UTF-16 units of the filter */
export function badFilter(message: string, at: number, length: number, hint = defaultHint): Failure {
  return new Failure('BAD_FILTER', message, hint, undefined, { at, length });
}

const defaultHint = 'see docs/50-filter.md for the fields, the operators and examples';
