// What may come next in a filter that is being written.

import { holdsText } from './bound.ts';
import type { FilterField, FilterFields } from './field.ts';
import { comparisonOf } from './grammar/parse.ts';
import { type Token, tokensOf } from './grammar/tokens.ts';

export interface Proposal {
  /** What takes the place of the word at the cursor. */
  readonly text: string;
  readonly kind: 'field' | 'operator' | 'value' | 'logic';
  /** In words; empty where the text says it all. */
  readonly title: string;
}

export interface Completion {
  /** The word that a proposal replaces. */
  readonly at: number;
  readonly length: number;
  readonly proposals: readonly Proposal[];
}

/** Values that rows have, which begin with a text: asked of whoever knows rows. */
export type KnownValues = (field: FilterField, beginning: string) => readonly string[];

const mostProposals = 20;

/** What stands before the word at the cursor. */
type Place = { readonly expects: 'term' } | { readonly expects: 'logic' } | FieldPlace;
interface FieldPlace {
  readonly expects: 'operator' | 'value' | 'set';
  readonly field: FilterField | undefined;
}

/** Proposals for the word that ends at the cursor, or for the next one. */
export function completeFilter(
  text: string,
  cursor: number,
  fields: FilterFields,
  known: KnownValues = () => [],
): Completion {
  const tokens = tokensOf(text.slice(0, cursor)).slice(0, -1);
  const last = tokens.at(-1);
  const isInWord = last?.kind === 'word' && last.end === cursor;
  const before = isInWord ? tokens.slice(0, -1) : tokens;
  const isJoined = last?.end === cursor && !last.isApart;
  const word = (isJoined ? chipBefore(before) : '') + (isInWord ? last.text : '');
  const place = placeAfter(before, fields);
  const make = (from: number, proposals: readonly Proposal[]): Completion => ({
    at: from,
    length: cursor - from,
    proposals: proposals.slice(0, mostProposals),
  });
  const start = cursor - word.length;
  if (place.expects === 'term' || place.expects === 'logic') {
    const chip = chipAt(word, fields);
    if (chip !== null) return make(cursor - chip.value.length, valuesOf(chip.field, chip.value, known));
    const sign = word.startsWith('-') ? 1 : 0;
    const logic = place.expects === 'logic' ? words(['and', 'or', 'xor'], word) : words(['not'], word);
    const proposals =
      place.expects === 'logic' && word === '' ? logic : [...fieldsLike(word.slice(sign), fields), ...logic];
    return make(start + sign, proposals);
  }
  if (place.expects === 'operator') {
    return make(start, [...operatorsOf(place.field, word), ...words(['and', 'or'], word)]);
  }
  return make(start, valuesOf(place.field, word, known));
}

/** What a chip with several values has before its last one: `port:80,`; cut off the tokens. */
function chipBefore(before: Token[]): string {
  let text = '';
  while (before.at(-1)?.text === ',' && before.at(-2)?.kind === 'word' && before.at(-1)?.isApart === false) {
    text = `${before.at(-2)!.text},${text}`;
    before.length -= 2;
  }
  return text;
}

function placeAfter(tokens: readonly Token[], fields: FilterFields): Place {
  let place: Place = { expects: 'term' };
  for (const token of tokens) place = next(place, token, fields);
  return place;
}

function next(place: Place, token: Token, fields: FilterFields): Place {
  const text = token.kind === 'string' ? '' : token.text.toLowerCase();
  if (place.expects === 'set') return text === '}' ? { expects: 'logic' } : place;
  if (place.expects === 'value') return text === '{' ? { expects: 'set', field: place.field } : { expects: 'logic' };
  if (place.expects === 'operator') {
    if (text === 'in' || comparisonOf(text) !== undefined) return { expects: 'value', field: place.field };
    if (text === 'not') return place;
  }
  if (['and', 'or', 'xor', 'not', '!', '&&', '||', '^^', '(', 'any', 'all'].includes(text)) return { expects: 'term' };
  const field = fields.find(text.replace(/^-/, ''));
  return field === undefined || field.form === 'protocol' ? { expects: 'logic' } : { expects: 'operator', field };
}

function chipAt(word: string, fields: FilterFields): { field: FilterField; value: string } | null {
  const colon = word.indexOf(':');
  const field = colon < 1 ? undefined : fields.find(word.slice(word.startsWith('-') ? 1 : 0, colon).toLowerCase());
  if (field === undefined) return null;
  return { field, value: word.slice(Math.max(colon, word.lastIndexOf(',')) + 1) };
}

/** Names that begin with the word, then those with a part that does. */
function fieldsLike(word: string, fields: FilterFields): Proposal[] {
  const low = word.toLowerCase();
  const first: string[] = [];
  const second: string[] = [];
  for (const name of fields.names) {
    if (name.startsWith(low)) first.push(name);
    else if (second.length < mostProposals && (name.includes(`.${low}`) || name.includes(`_${low}`))) second.push(name);
    if (first.length >= mostProposals) break;
  }
  return [...first, ...second].map((name) => ({ text: name, kind: 'field', title: fields.find(name)?.title ?? '' }));
}

function words(all: readonly string[], word: string): Proposal[] {
  const fitting = all.filter((each) => each.startsWith(word.toLowerCase()));
  return fitting.map((text) => ({ text, kind: 'logic', title: '' }));
}

const titles: Readonly<Record<string, string>> = {
  '==': 'is',
  '!=': 'is not',
  '>': 'is more than',
  '<': 'is less than',
  '>=': 'is at least',
  '<=': 'is at most',
  contains: 'has a part, in any case',
  matches: 'matches a regular expression',
  in: 'is one of {…}',
};

function operatorsOf(field: FilterField | undefined, word: string): Proposal[] {
  const isText = field?.places.some(({ kind }) => holdsText(kind)) ?? true;
  const fitting = Object.entries(titles).filter(([sign]) => isText || (sign !== 'contains' && sign !== 'matches'));
  return fitting
    .filter(([sign]) => sign.startsWith(word.toLowerCase()))
    .map(([text, title]) => ({ text, kind: 'operator', title }));
}

function valuesOf(field: FilterField | undefined, word: string, known: KnownValues): Proposal[] {
  if (field === undefined) return [];
  const isFlag = field.places.some(({ kind }) => kind === 'flag');
  const declared = [
    ...Object.keys(field.words ?? {}),
    ...Object.keys(field.groups ?? {}),
    ...(isFlag ? ['true', 'false'] : []),
  ];
  const all = new Set([...declared.filter((each) => each.startsWith(word.toLowerCase())), ...known(field, word)]);
  return [...all].map((text) => ({ text: written(text), kind: 'value', title: '' }));
}

/** In quotes where it would not be one word. */
const written = (text: string): string =>
  /^[\p{L}\p{N}._/-]+$/u.test(text) && !text.includes('..') ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
