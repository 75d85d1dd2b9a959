// Words of a filter given their meaning: fields found, values read. From a parsed filter to tests of columns.

import { parseNetwork } from '../address-words.ts';
import { nearest } from '../near-words.ts';
import { allOf, always, anyOf, type Bound, holdsText } from './bound.ts';
import { badFilter } from './failure.ts';
import type { FilterField, FilterFields, FilterPlace } from './field.ts';
import { parseFilter } from './grammar/parse.ts';
import type { Comparison, Literal, LiteralRange, Term } from './grammar/syntax.ts';
import { containsTest, matchesTest, type Order, orderTest, rangeTest, testAt } from './values.ts';
import { addressBeginning } from './words/addresses.ts';
import { entryOf, lowerCase } from './words/letters.ts';

/** Throws BAD_FILTER for fields that do not exist and values that do not fit. */
export function bindFilter(term: Term | null, fields: FilterFields): Bound {
  return term === null ? always : new Binder(fields).bind(term);
}

type PlaceTest = (field: FilterField, place: FilterPlace) => Bound;

class Binder {
  readonly #fields: FilterFields;

  constructor(fields: FilterFields) {
    this.#fields = fields;
  }

  bind(term: Term): Bound {
    switch (term.is) {
      case 'and':
      case 'or':
        return { is: term.is, of: term.of.map((each) => this.bind(each)) };
      case 'xor':
        return term.of.map((each) => this.bind(each)).reduce((a, b) => ({ is: 'xor', of: [a, b] }));
      case 'not':
        return { is: 'not', of: this.bind(term.of) };
      case 'bare':
        return this.#bare(term.value);
      case 'compare':
        return this.#compare(this.#field(term.field), term.comparison, term.value, term.of === 'all');
      case 'in':
        return this.#in(this.#field(term.field), term.values, term.of === 'all');
      case 'chip':
        return this.#chip(this.#field(term.field), term.values);
    }
  }

  #field(name: Literal): FilterField {
    const field = name.isQuoted ? undefined : this.#fields.find(name.text.toLowerCase());
    if (field === undefined) throw unknownField(name, this.#fields);
    return field;
  }

  /** One test at each place of a field; at places of other tables, of the rows of the same flow. */
  #any(field: FilterField, test: PlaceTest): Bound {
    const tests: Bound[] = [];
    let failure: unknown;
    for (const place of field.places) {
      try {
        const bound = test(field, place);
        const isOwn = place.table === this.#fields.table;
        tests.push(isOwn ? bound : { is: 'related', table: place.table, of: bound });
      } catch (cause) {
        // Places may be of different kinds: a value has to fit one of them.
        failure ??= cause;
      }
    }
    if (tests.length === 0 && failure !== undefined) throw failure;
    return anyOf(tests);
  }

  #has(field: FilterField, is: 'known' | 'telling'): Bound {
    return this.#any(field, (_, place) => testAt(place, { is }));
  }

  #bare(value: Literal): Bound {
    const field = value.isQuoted ? undefined : this.#fields.find(value.text.toLowerCase());
    if (field?.alone !== undefined) return bindFilter(parseFilter(field.alone), this.#fields);
    if (field !== undefined) return this.#has(field, 'telling');
    const { text, addresses, ports } = this.#fields.search;
    const found: Bound[] = [];
    const network = parseNetwork(value.text) === null ? addressBeginning(value.text) : value.text;
    if (!value.isQuoted && addresses !== undefined && network !== null) {
      const literal = { ...value, text: network };
      found.push(this.#any(addresses, (each, place) => orderTest(each, place, '==', literal)));
      if (network === value.text) return anyOf(found);
    }
    if (!value.isQuoted && ports !== undefined && /^\d{1,5}$/.test(value.text)) {
      found.push(this.#any(ports, (each, place) => orderTest(each, place, '==', value)));
    }
    const needle = { is: 'contains', text: lowerCase(value.text) } as const;
    for (const place of value.text === '' ? [] : text) found.push(testAt(place, needle, false, true));
    return anyOf(found);
  }

  #compare(field: FilterField, comparison: Comparison, value: Literal, isAll: boolean): Bound {
    this.#refuseProtocol(field, value);
    const fitting = fittingPlaces(field, value, comparison === 'contains' || comparison === 'matches');
    const known = this.#has(fitting, 'known');
    if (value.text === '' && isTextField(fitting)) return this.#empty(fitting, comparison, value);
    const some = (isFailed: boolean): Bound =>
      this.#any(fitting, (each, place) => comparisonTest(each, place, comparison, value, isFailed));
    const none = (isFailed: boolean): Bound => allOf([known, { is: 'not', of: some(isFailed) }]);
    if (comparison === '!=') return none(false);
    if (comparison === '===') return none(true);
    if (comparison === '!==') return isAll ? none(false) : some(true);
    return isAll ? none(true) : some(false);
  }

  /** Empty text is text that is not known. */
  #empty(field: FilterField, comparison: Comparison, value: Literal): Bound {
    const known = this.#has(field, 'known');
    if (comparison === '==' || comparison === '===') return { is: 'not', of: known };
    if (comparison === '!=' || comparison === '!==') return known;
    throw badFilter(`expected some text after \`${comparison}\``, value.at, value.length);
  }

  #in(field: FilterField, values: readonly (Literal | LiteralRange)[], isAll: boolean): Bound {
    const one = (value: Literal | LiteralRange): Bound => {
      if (!('low' in value)) return this.#compare(field, '==', value, false);
      this.#refuseProtocol(field, value.low);
      return this.#any(fittingPlaces(field, value.low, false), (each, place) => rangeTest(each, place, value));
    };
    if (!isAll) return anyOf(values.map(one));
    throw badFilter('`all` cannot be asked of a set: write `not x in {…}`', rangeOf(values[0]).at, 1);
  }

  #chip(field: FilterField, values: readonly (Literal | LiteralRange)[]): Bound {
    return anyOf(
      values.map((value) => {
        if ('low' in value) return this.#in(field, [value], false);
        this.#refuseProtocol(field, value);
        if (value.text === '') return this.#compare(field, '==', value, false);
        return this.#any(fittingPlaces(field, value, true), (each, place) => chipTest(each, place, value));
      }),
    );
  }

  #refuseProtocol(field: FilterField, value: Literal): void {
    if (field.form !== 'protocol') return;
    const message = `\`${field.name}\` is a protocol and has no value: it stands alone, or write \`app == ${field.name}\``;
    throw badFilter(message, value.at, value.length);
  }
}

const rangeOf = (value: Literal | LiteralRange): Literal => ('low' in value ? value.low : value);

/** Whether all places hold text, so that it may be asked for being empty. */
const isTextField = (field: FilterField): boolean =>
  field.form !== 'addresses in text' && field.places.every(({ kind }) => holdsText(kind));

/** Of `host`: addresses or names, whatever the value is. */
function fittingPlaces(field: FilterField, value: Literal, isForText: boolean): FilterField {
  if (field.form !== 'address or name') return field;
  const isAddress = !isForText || !value.isQuoted ? parseNetwork(value.text) !== null : false;
  const places = field.places.filter(({ kind }) => (kind === 'address') === isAddress);
  return places.length === 0 ? field : { ...field, places };
}

function comparisonTest(
  field: FilterField,
  place: FilterPlace,
  comparison: Comparison,
  value: Literal,
  isFailed: boolean,
): Bound {
  if (comparison === 'contains') return containsTest(field, place, value, isFailed);
  if (comparison === 'matches') return matchesTest(field, place, value, isFailed);
  const order: Order = comparison === '!=' || comparison === '===' || comparison === '!==' ? '==' : comparison;
  const group = order === '==' ? groupOf(field, value) : undefined;
  if (group === undefined) return orderTest(field, place, order, value, isFailed);
  const tests = group.map((text) => orderTest(field, place, order, { ...value, text }, isFailed));
  return isFailed ? allOf(tests) : anyOf(tests);
}

const groupOf = (field: FilterField, value: Literal): readonly string[] | undefined =>
  entryOf(field.groups ?? {}, value.text.toLowerCase());

function chipTest(field: FilterField, place: FilterPlace, value: Literal): Bound {
  if (!holdsText(place.kind) || field.form === 'addresses in text') return orderTest(field, place, '==', value);
  if (groupOf(field, value) !== undefined) return comparisonTest(field, place, '==', value, false);
  if (field.isWhole === true) return orderTest(field, place, '==', value, false, true);
  return containsTest(field, place, value);
}

function unknownField(name: Literal, fields: FilterFields): Error {
  const near = nearest(name.text, fields.names);
  const also = near === undefined ? '' : `; did you mean \`${near}\`?`;
  const message = fields.isElsewhere(name.text.toLowerCase())
    ? `\`${name.text}\` is not known of ${fields.table}`
    : `there is no field \`${name.text}\`${also}`;
  return badFilter(message, name.at, name.length);
}
