// What a filter says once its words have meanings: tests of columns, joined. Engines and memory read the same tree.

import type { FilterKind, FilterPlace } from './field.ts';
import type { Regex } from './regex/index.ts';

/**
 * A value of a row or of a filter: numbers (times are microseconds), flags, text, 16 bytes of an address (IPv4 as
 * ::ffff:a.b.c.d), 16 hex digits of a hash.
 */
export type FilterValue = number | boolean | string | Uint8Array;

export type Test =
  /** There is a value: number, flag or time not null, text or list not empty. */
  | { readonly is: 'known' }
  /** There is one that says something: also no 0, no `false`, no address of zeros. */
  | { readonly is: 'telling' }
  | { readonly is: 'compare'; readonly comparison: '==' | '<' | '>' | '<=' | '>='; readonly value: FilterValue }
  | { readonly is: 'between'; readonly low: FilterValue; readonly high: FilterValue }
  | { readonly is: 'contains'; readonly text: string }
  | { readonly is: 'matches'; readonly regex: Regex };

/** Never null: a test of a value that is missing is false, its negation true. */
export type Bound =
  /** Of none: `and` is true, `or` is false. */
  | { readonly is: 'and' | 'or'; readonly of: readonly Bound[] }
  | { readonly is: 'not'; readonly of: Bound }
  | { readonly is: 'xor'; readonly of: readonly [Bound, Bound] }
  /**
   * The value at a place passes a test; of lists, some item. `isFailed`: a known value, or some item, does not pass it.
   * `ignoresCase`: text is compared in lower case, and the test's text is in lower case.
   */
  | {
      readonly is: 'test';
      readonly place: FilterPlace;
      readonly test: Test;
      readonly isFailed: boolean;
      readonly ignoresCase: boolean;
    }
  /** Some row of another table with the same run and flow passes. */
  | { readonly is: 'related'; readonly table: string; readonly of: Bound };

export const always: Bound = { is: 'and', of: [] };
export const never: Bound = { is: 'or', of: [] };

export const holdsText = (kind: FilterKind): boolean =>
  kind === 'text' || kind === 'word' || kind === 'json' || kind === 'texts';

/** Largest values of whole numbers; null for other kinds. */
export function largest(kind: FilterKind): number | null {
  return { u8: 0xff, u16: 0xffff, u32: 0xffff_ffff, u64: Number.MAX_SAFE_INTEGER }[kind as 'u8'] ?? null;
}

export function anyOf(of: readonly Bound[]): Bound {
  return of.length === 1 ? of[0] : { is: 'or', of };
}

export function allOf(of: readonly Bound[]): Bound {
  return of.length === 1 ? of[0] : { is: 'and', of };
}
