// A filter made narrower by one term, as somebody would have typed it.

/** Whether a term can stand beside `and` without brackets. */
const hasOr = (filter: string): boolean =>
  /(^|[\s)])(or|xor|\|\||\^\^)([\s(]|$)/i.test(filter.replace(/"(?:\\.|[^"\\])*"/g, '""'));

const isIn = (filter: string, term: string): boolean => ` and ${filter} and `.includes(` and ${term} and `);

/** Only this, or with `isNot` not this. What is there already is not added again; its opposite gives way. */
export function narrowed(filter: string, term: string, isNot: boolean): string {
  const wanted = isNot ? negated(term) : term;
  const opposite = isNot ? term : negated(term);
  const before = hasOr(filter) ? `(${filter})` : filter;
  const terms = isIn(before, opposite) ? without(before, opposite) : before;
  if (terms === '') return wanted;
  return isIn(terms, wanted) ? terms : `${terms} and ${wanted}`;
}

const without = (filter: string, term: string): string =>
  ` and ${filter} and `
    .replace(` and ${term} and `, ' and ')
    .replace(/^ and | and $/g, '')
    .replace(/^ ?and ?$/, '')
    .trim();

function negated(term: string): string {
  return / == /.test(term) && !hasOr(term) && !/ and /i.test(term) ? `not ${term}` : `not (${term})`;
}

/** `field == value`, the value in quotes where it is not one plain word. */
export function term(field: string, value: string | number): string {
  const text = String(value);
  const isPlain = /^[\p{L}\p{N}._:/-]+$/u.test(text) && !text.includes('..');
  return `${field} == ${isPlain ? text : `"${text.replace(/["\\]/g, '\\$&')}"`}`;
}
