// What the server says about a filter as it is being written. It knows all fields of all tables; a copy of them here
// would cost more than a question to the machine that serves the page.

import { askJson, post, withQuery } from '../data/asking.ts';

export interface FilterMark {
  readonly kind: 'field' | 'operator' | 'value' | 'logic' | 'bare' | 'bracket' | 'wrong';
  readonly at: number;
  readonly length: number;
}

export interface FilterCheck {
  readonly ok: boolean;
  readonly marks: readonly FilterMark[];
  readonly problem?: { readonly message: string; readonly hint: string };
}

export interface Proposal {
  readonly text: string;
  readonly kind: string;
  readonly title: string;
}

export interface Completion {
  readonly at: number;
  readonly length: number;
  readonly proposals: readonly Proposal[];
}

/** What a filter is for: a table, and the scene whose rows know more than the store's; undefined: the store's. */
export interface FilterPlace {
  readonly table: string;
  readonly scene: string | undefined;
}

export const checkFilter = (filter: string, { table, scene }: FilterPlace, signal: AbortSignal): Promise<FilterCheck> =>
  post(withQuery('/filter/check', { scene }), { filter, table }, signal);

export const completeAt = (
  filter: string,
  at: number,
  { table, scene }: FilterPlace,
  signal: AbortSignal,
): Promise<Completion> => post(withQuery('/filter/complete', { scene }), { filter, at, table }, signal);

let tables: Promise<ReadonlySet<string>> | null = null;

/** Names of the tables that filters can be about; flows where that is not known. */
export function tablesWithFilters(): Promise<ReadonlySet<string>> {
  tables ??= askJson<{ name: string }[]>('/tables').then(
    (all) => new Set(all.map(({ name }) => name)),
    () => new Set(['flows']),
  );
  return tables;
}

/** Parts of a text in order, each with its kinds: marks cut to pieces that do not lie over each other. */
export function colouredParts(text: string, marks: readonly FilterMark[]): { text: string; kinds: string[] }[] {
  const cuts = new Set([0, text.length]);
  for (const { at, length } of marks) for (const cut of [at, at + length]) if (cut < text.length) cuts.add(cut);
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(0, -1).map((from, i) => ({
    text: text.slice(from, places[i + 1]),
    kinds: marks.filter(({ at, length }) => at <= from && from < at + length).map(({ kind }) => kind),
  }));
}

/** The text with a proposal in its place, and where the cursor goes. */
export function completedText(
  text: string,
  { at, length }: Completion,
  proposal: Proposal,
): { readonly text: string; readonly cursor: number } {
  const rest = text.slice(at + length);
  const space = rest.startsWith(' ') ? '' : ' ';
  return { text: `${text.slice(0, at)}${proposal.text}${space}${rest}`, cursor: at + proposal.text.length + 1 };
}
