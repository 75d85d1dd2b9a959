// A filter as it is written: what is wrong with it, and what may come next.

import type { ColourMark, Completion, ExaminedFilter, Failure } from '../../../../core/index.ts';
import type { Pressed } from '../../terminal/pressed.ts';
import { edited, type LineEdit, lineWith, replaced } from './line-edit.ts';

export type ValuesOf = (columns: readonly string[], beginning: string) => readonly string[];

/** The filter language, with the fields of a table. */
export interface FilterWords {
  examine(text: string, table: string): Pick<ExaminedFilter, 'marks' | 'failure'>;
  /** @param values text in columns that begins so, as far as it is at hand */
  complete(text: string, cursor: number, table: string, values?: ValuesOf): Completion;
}

export interface FilterEdit extends LineEdit {
  readonly table: string;
  readonly marks: readonly ColourMark[];
  readonly failure: Failure | null;
  readonly completion: Completion;
  /** Proposal under the cursor; -1: none, Enter then applies the filter. */
  readonly chosen: number;
}

export type FilterStep =
  | { readonly edit: FilterEdit }
  | { readonly apply: string }
  /** Esc: the last good filter stays. */
  | { readonly cancel: true };

function examined(line: LineEdit, table: string, words: FilterWords): FilterEdit {
  const { marks, failure } = words.examine(line.text, table);
  const isEmpty = line.text.trim() === '';
  const completion = words.complete(line.text, line.cursor, table);
  return { ...line, table, marks: isEmpty ? [] : marks, failure: isEmpty ? null : failure, completion, chosen: -1 };
}

export function startFilter(text: string, table: string, words: FilterWords): FilterEdit {
  return examined(lineWith(text), table, words);
}

/** The proposal takes the place of the word at the cursor; a space follows where the next word begins. */
function taken(edit: FilterEdit, index: number, words: FilterWords): FilterEdit {
  const { at, length, proposals } = edit.completion;
  const proposal = proposals[index];
  if (proposal === undefined) return edit;
  const isEnd = edit.text.length === edit.cursor;
  return examined(replaced(edit, at, length, proposal.text + (isEnd ? ' ' : '')), edit.table, words);
}

export function pressFilter(edit: FilterEdit, key: Pressed, words: FilterWords): FilterStep {
  const count = edit.completion.proposals.length;
  switch (key.name) {
    case 'escape':
    case 'ctrl+c':
      return { cancel: true };
    case 'tab':
      return { edit: taken(edit, Math.max(0, edit.chosen), words) };
    case 'down':
      return { edit: { ...edit, chosen: Math.min(count - 1, edit.chosen + 1) } };
    case 'up':
      return { edit: { ...edit, chosen: Math.max(-1, edit.chosen - 1) } };
    case 'enter':
      if (edit.chosen >= 0) return { edit: taken(edit, edit.chosen, words) };
      return edit.failure === null ? { apply: edit.text.trim() } : { edit };
  }
  const line = edited(edit, key);
  return { edit: line === null ? edit : examined(line, edit.table, words) };
}

/** A filter with one more term: only this, or not this. */
export function narrowed(filter: string, term: string, isNot: boolean): string {
  const added = isNot ? `not (${term})` : term;
  if (filter === '') return added;
  // Said already.
  if (filter === added || filter.endsWith(` and ${added}`)) return filter;
  const isOpen = /\b(or|xor)\b|\|\||\^\^/i.test(filter);
  return `${isOpen ? `(${filter})` : filter} and ${/\b(or|xor)\b/i.test(added) && !isNot ? `(${added})` : added}`;
}
