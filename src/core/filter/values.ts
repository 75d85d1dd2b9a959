// Words of a filter as values of a field: which test they make at one place.

import { nearest } from '../near-words.ts';
import { type Bound, type FilterValue, holdsText, largest, never, type Test } from './bound.ts';
import { badFilter } from './failure.ts';
import type { FilterField, FilterPlace } from './field.ts';
import type { Literal, LiteralRange } from './grammar/syntax.ts';
import { PatternError, regexOf } from './regex/index.ts';
import { addressBytes, addressPattern, addressRange } from './words/addresses.ts';
import { entryOf, lowerCase } from './words/letters.ts';
import { numberOf, timeOf } from './words/numbers.ts';

export type Order = '==' | '<' | '>' | '<=' | '>=';

/** A test at one place. */
export function testAt(place: FilterPlace, test: Test, isFailed = false, ignoresCase = place.kind === 'word'): Bound {
  return { is: 'test', place, test, isFailed, ignoresCase };
}

/** @param isFailed asks for known values that do not compare so */
export function orderTest(
  field: FilterField,
  place: FilterPlace,
  order: Order,
  literal: Literal,
  isFailed = false,
  ignoresCase = place.kind === 'word',
): Bound {
  const make = (test: Test): Bound => testAt(place, test, isFailed, ignoresCase);
  if (field.form === 'addresses in text') return textAddressTest(field, place, order, literal, isFailed);
  if (place.kind === 'address') return make(addressTest(field, order, literal));
  const value = valueAt(field, place, literal, ignoresCase);
  if (largest(place.kind) !== null && typeof value === 'number') {
    const test = wholeTest(order, value, largest(place.kind)!);
    return test === null ? (isFailed ? testAt(place, { is: 'known' }) : never) : make(test);
  }
  return make({ is: 'compare', comparison: order, value });
}

/** Both ends included. */
export function rangeTest(field: FilterField, place: FilterPlace, range: LiteralRange): Bound {
  if (place.kind === 'address') {
    const low = addressBytes(range.low.text);
    const high = addressBytes(range.high.text);
    if (low === null) throw unfit(field, place, range.low);
    if (high === null) throw unfit(field, place, range.high);
    return testAt(place, { is: 'between', low, high });
  }
  const ignoresCase = place.kind === 'word';
  const low = valueAt(field, place, range.low, ignoresCase);
  const high = valueAt(field, place, range.high, ignoresCase);
  const most = largest(place.kind);
  if (most === null || typeof low !== 'number' || typeof high !== 'number') {
    return testAt(place, { is: 'between', low, high });
  }
  const from = Math.max(0, Math.ceil(low));
  const to = Math.min(most, Math.floor(high));
  return from > to ? never : testAt(place, { is: 'between', low: from, high: to });
}

export function containsTest(field: FilterField, place: FilterPlace, literal: Literal, isFailed = false): Bound {
  if (!holdsText(place.kind)) throw notText(field, literal, 'contains');
  const text = lowerCase(field.form === 'mac' ? (macOf(literal.text) ?? literal.text) : literal.text);
  return testAt(place, { is: 'contains', text }, isFailed, true);
}

export function matchesTest(field: FilterField, place: FilterPlace, literal: Literal, isFailed = false): Bound {
  if (!holdsText(place.kind)) throw notText(field, literal, 'matches');
  try {
    return testAt(place, { is: 'matches', regex: regexOf(literal.text) }, isFailed, false);
  } catch (cause) {
    if (!(cause instanceof PatternError)) throw cause;
    // Escapes may make the place in the literal another one than that in the pattern: the whole of it is shown then.
    const isPlain = literal.length === literal.text.length + (literal.isQuoted ? 2 : 0);
    const at = isPlain
      ? Math.min(literal.at + (literal.isQuoted ? 1 : 0) + cause.at, literal.at + literal.length - 1)
      : literal.at;
    throw badFilter(`the pattern cannot be used: ${cause.message}`, at, isPlain ? 1 : literal.length);
  }
}

function notText(field: FilterField, literal: Literal, word: string): Error {
  return badFilter(`\`${field.name}\` is not text: \`${word}\` cannot be asked of it`, literal.at, literal.length);
}

/** Whole numbers are compared with whole numbers within their range; null: no value can compare so. */
function wholeTest(order: Order, value: number, most: number): Test | null {
  if (order === '==') return Number.isInteger(value) && value >= 0 && value <= most ? compare('==', value) : null;
  if (order === '>' || order === '>=') {
    const least = order === '>' ? Math.floor(value) + 1 : Math.ceil(value);
    if (least > most) return null;
    return compare('>=', Math.max(0, least));
  }
  const top = order === '<' ? Math.ceil(value) - 1 : Math.floor(value);
  if (top < 0) return null;
  return compare('<=', Math.min(most, top));
}

const compare = (comparison: Order, value: FilterValue): Test => ({ is: 'compare', comparison, value });

function addressTest(field: FilterField, order: Order, literal: Literal): Test {
  const range = addressRange(literal.text);
  if (range === null) throw badFilter(addressMessage(field, literal), literal.at, literal.length);
  if (order === '==') {
    const isOne = range.low.every((byte, i) => byte === range.high[i]);
    return isOne ? compare('==', range.low) : { is: 'between', ...range };
  }
  return compare(order, order === '<' || order === '>=' ? range.low : range.high);
}

const addressMessage = (field: FilterField, literal: Literal): string =>
  `\`${literal.text}\` is no value of \`${field.name}\`: expected an address such as 10.0.0.5 or a network such as 10.0.0.0/8`;

function textAddressTest(
  field: FilterField,
  place: FilterPlace,
  order: Order,
  literal: Literal,
  isFailed: boolean,
): Bound {
  const found = addressPattern(literal.text);
  if (order !== '==' || found === null) {
    const isNetwork = addressRange(literal.text) !== null;
    const message = isNetwork
      ? `only \`==\` with an address or an IPv4 network can be asked of \`${field.name}\` here`
      : addressMessage(field, literal);
    throw badFilter(message, literal.at, literal.length);
  }
  if ('address' in found) return testAt(place, compare('==', found.address), isFailed);
  return testAt(place, { is: 'matches', regex: regexOf(found.pattern) }, isFailed);
}

function valueAt(field: FilterField, place: FilterPlace, literal: Literal, ignoresCase: boolean): FilterValue {
  const value = plainValue(field, place, literal.text);
  if (value === undefined) throw unfit(field, place, literal);
  return ignoresCase && typeof value === 'string' ? lowerCase(value) : value;
}

function plainValue(field: FilterField, place: FilterPlace, text: string): FilterValue | undefined {
  switch (place.kind) {
    case 'time':
      return timeOf(text);
    case 'flag':
      return entryOf(flags, text.toLowerCase());
    case 'hash':
      return hashOf(text);
    case 'text':
    case 'word':
    case 'json':
    case 'texts':
      return field.form === 'mac' ? macOf(text) : text;
    default:
      return entryOf(field.words ?? {}, text.toLowerCase()) ?? numberOf(text, place.unit);
  }
}

const flags: Readonly<Record<string, boolean>> = { true: true, yes: true, 1: true, false: false, no: false, 0: false };

/** `00:1a:2b:3c:4d:5e` however its digits are kept apart. */
function macOf(text: string): string | undefined {
  const plain = text.replace(/[:.-]/g, '').toLowerCase();
  if (/^[0-9a-f]{12}$/.test(plain)) return plain.match(/../g)!.join(':');
  const parts = text.split(/[:-]/);
  if (parts.length !== 6 || !parts.every((part) => /^[0-9a-f]{1,2}$/i.test(part))) return undefined;
  return parts.map((part) => part.toLowerCase().padStart(2, '0')).join(':');
}

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** First 64 bits of a Community ID (`1:` and Base64 or hex), or 16 hex digits. */
function hashOf(text: string): string | undefined {
  const hex = /^(?:1:)?([0-9a-f]{16})(?:[0-9a-f]{24})?$/i.exec(text);
  if (hex !== null) return hex[1].toLowerCase();
  const match = /^1:([A-Za-z0-9+/]{27})=$/.exec(text);
  if (match === null) return undefined;
  let bits = 0n;
  for (const sign of match[1].slice(0, 11)) bits = (bits << 6n) | BigInt(base64.indexOf(sign));
  return (bits >> 2n).toString(16).padStart(16, '0');
}

function unfit(field: FilterField, place: FilterPlace, literal: Literal): Error {
  const near = field.words === undefined ? undefined : nearest(literal.text, Object.keys(field.words));
  const also = near === undefined ? '' : `; did you mean \`${near}\`?`;
  const message = `\`${literal.text}\` is no value of \`${field.name}\`: expected ${expectedOf(field, place)}${also}`;
  return badFilter(message, literal.at, literal.length);
}

function expectedOf(field: FilterField, place: FilterPlace): string {
  if (field.words !== undefined) {
    const words = Object.keys(field.words);
    return words.length > 8 ? `a number or a name such as \`${words[0]}\`` : `one of ${words.join(', ')}`;
  }
  if (field.form === 'mac') return 'a MAC address such as 00:1a:2b:3c:4d:5e';
  if (place.kind === 'address') return 'an address such as 10.0.0.5';
  if (place.kind === 'time') return 'a time such as "2026-11-22 10:00"';
  if (place.kind === 'flag') return '`true` or `false`';
  if (place.kind === 'hash') return 'a Community ID such as "1:LQU9qZlK+B5F3KDmev6m5PMibrg="';
  if (place.unit === 'us' || place.unit === 'ms' || place.unit === 'sec') {
    return `a duration such as 10ms, or a number of ${place.unit === 'sec' ? 'seconds' : place.unit}`;
  }
  return place.unit === undefined ? 'a number such as 443' : `a number of ${place.unit}, such as 1MB`;
}
