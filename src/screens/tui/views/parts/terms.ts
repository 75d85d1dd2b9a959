// Terms of the filter language for values on the screen.

import type { Act } from '../../frame/view.ts';

/** Words that mean something else to the language. */
const taken = /^(and|or|not|xor|in|contains|matches|eq|ne|gt|lt|ge|le)$/i;

/** In quotes where it would not be one word of the language. */
export function quoted(value: string): string {
  const isWord = /^[\p{L}\p{N}._-]+$/u.test(value) && !value.includes('..') && !taken.test(value);
  return isWord ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** A filter and one term more. */
export function withFilter(filter: string, also: string): string {
  return filter.trim() === '' ? also : `(${filter.trim()}) and ${also}`;
}

/** Addresses stand as they are: the language knows them. */
export function term(field: string, value: string | number): string {
  if (typeof value === 'number') return `${field} == ${value}`;
  const isAddress = /^[\d.]+$|^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(value);
  return `${field} == ${isAddress ? value : quoted(value)}`;
}

export const narrow = (of: string, isNot: boolean): Act => ({ do: 'narrow', term: of, isNot });
