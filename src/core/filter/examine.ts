// A filter as it is being written: what its parts are, for colours, and what is wrong with it.

import { Failure } from '../failures.ts';
import { bindFilter } from './bind.ts';
import type { Bound } from './bound.ts';
import type { FilterFields } from './field.ts';
import { parseFilter } from './grammar/parse.ts';
import type { Mark, MarkKind } from './grammar/syntax.ts';

/** `wrong` lies over the others. */
export interface ColourMark {
  readonly kind: MarkKind | 'wrong';
  readonly at: number;
  readonly length: number;
}

export interface ExaminedFilter {
  /** Null where something is wrong. */
  readonly bound: Bound | null;
  /** In order; parts behind a mistake in the grammar have none. */
  readonly marks: readonly ColourMark[];
  readonly failure: Failure | null;
}

/** Never throws for what a user can write. */
export function examineFilter(text: string, fields: FilterFields): ExaminedFilter {
  const marks: Mark[] = [];
  try {
    const bound = bindFilter(parseFilter(text, marks), fields);
    return { bound, marks: coloured(text, marks, fields), failure: null };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    const { at, length } = failure.range ?? { at: 0, length: text.length };
    // What is missing at the end is shown at the last letter.
    const from = Math.min(at, Math.max(0, text.length - 1));
    const wrong = { kind: 'wrong', at: from, length: Math.max(1, length) } as const;
    return { bound: null, marks: [...coloured(text, marks, fields), wrong], failure };
  }
}

/** In order of place; a word alone that is a field is coloured as one. */
function coloured(text: string, marks: readonly Mark[], fields: FilterFields): ColourMark[] {
  return marks
    .map((mark) => {
      const word = text.slice(mark.at, mark.at + mark.length).toLowerCase();
      return mark.kind === 'bare' && fields.find(word) !== undefined ? { ...mark, kind: 'field' as const } : mark;
    })
    .sort((a, b) => a.at - b.at);
}
