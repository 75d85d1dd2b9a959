// Filters matched against rows in memory: the same rows as the engines find.

import type { Bound, FilterValue, Test } from './bound.ts';
import type { FilterKind, FilterPlace } from './field.ts';
import { addressBytes, compareBytes } from './words/addresses.ts';
import { lowerCase } from './words/letters.ts';

/** What a row holds: null where nothing is known. Addresses may be text or 16 bytes, hashes are 16 hex digits. */
export type RowValue = FilterValue | null | undefined | readonly string[] | readonly number[];

/** How rows are read. */
export interface RowAccess<Row> {
  value(row: Row, column: string): RowValue;
  /** Rows of another table with the run and the flow of this one; of them, `value` is asked, too. */
  related(row: Row, table: string): Iterable<Row>;
}

export function matchFilter<Row>(bound: Bound, row: Row, access: RowAccess<Row>): boolean {
  switch (bound.is) {
    case 'and':
      return bound.of.every((each) => matchFilter(each, row, access));
    case 'or':
      return bound.of.some((each) => matchFilter(each, row, access));
    case 'not':
      return !matchFilter(bound.of, row, access);
    case 'xor':
      return matchFilter(bound.of[0], row, access) !== matchFilter(bound.of[1], row, access);
    case 'related':
      for (const other of access.related(row, bound.table)) if (matchFilter(bound.of, other, access)) return true;
      return false;
    case 'test':
      return testRow(bound, row, access);
  }
}

function testRow<Row>(
  { place, test, isFailed, ignoresCase }: Bound & { is: 'test' },
  row: Row,
  access: RowAccess<Row>,
): boolean {
  const { guard } = place;
  if (guard !== undefined && access.value(row, guard.column) !== guard.equals) return false;
  if (place.columns.length === 0) return true;
  const value = placeValue(place, row, access);
  if (test.is === 'known') return isKnown(value);
  if (test.is === 'telling') return isTelling(value, place.kind);
  const values = (Array.isArray(value) ? value : isKnown(value) ? [value] : []) as FilterValue[];
  return values.some((each) => passes(plainOf(each, place.kind, ignoresCase), test) !== isFailed);
}

function placeValue<Row>(place: FilterPlace, row: Row, access: RowAccess<Row>): RowValue {
  if (place.columns.length === 1) return access.value(row, place.columns[0]);
  return place.columns.reduce((sum, column) => sum + Number(access.value(row, column) ?? 0), 0);
}

function isKnown(value: RowValue): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0;
  return value !== null && value !== undefined;
}

function isTelling(value: RowValue, kind: FilterKind): boolean {
  if (!isKnown(value) || value === 0 || value === false) return false;
  if (kind === 'address') return (plainOf(value as FilterValue, kind, false) as Uint8Array).some((byte) => byte !== 0);
  return kind !== 'hash' || !/^0+$/.test(String(value));
}

const noAddress = new Uint8Array(16);

function plainOf(value: FilterValue, kind: FilterKind, ignoresCase: boolean): FilterValue {
  if (typeof value !== 'string') return value;
  if (kind === 'address') return addressBytes(value) ?? noAddress;
  return ignoresCase ? lowerCase(value) : value;
}

function passes(value: FilterValue, test: Test): boolean {
  switch (test.is) {
    case 'compare': {
      const order = compareValues(value, test.value);
      if (test.comparison === '==') return order === 0;
      if (test.comparison === '<') return order < 0;
      if (test.comparison === '>') return order > 0;
      return test.comparison === '<=' ? order <= 0 : order >= 0;
    }
    case 'between':
      return compareValues(value, test.low) >= 0 && compareValues(value, test.high) <= 0;
    case 'contains':
      return String(value).includes(test.text);
    case 'matches':
      return test.regex.test(String(value));
    default:
      return true;
  }
}

/** Text goes by code points, which is the order of its UTF-8. */
function compareValues(a: FilterValue, b: FilterValue): number {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return Number(a) - Number(b);
}

function compareText(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; ) {
    const x = a.codePointAt(i)!;
    const y = b.codePointAt(i)!;
    if (x !== y) return x - y;
    i += x > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}
