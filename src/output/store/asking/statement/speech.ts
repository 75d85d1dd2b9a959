// What the two engines say differently.

import type { Dialect } from '../../store.ts';

/** Pieces of SQL; arguments are SQL, numbers are written as they are. */
export interface Speech {
  /** Sum of whole numbers as a whole number, 0 where there is none. */
  total(expression: string, only?: string): string;
  /** Exact percentile, between two values linear; NULL where there is none. */
  percentile(expression: string, share: number, only?: string): string;
  /** Microseconds of a time, as a whole number. */
  micros(time: string): string;
  /** Beginning of the interval of `us` microseconds that `micros` lies in, as whole microseconds. */
  floored(micros: string, us: number): string;
  /** The time of so many microseconds. */
  time(micros: string): string;
  /** Different values that are not empty, in order. */
  texts(expression: string): string;
  /** The first `most` texts with the largest weights, equal ones in order of the text. */
  heaviest(expression: string, weight: string, most: number): string;
  /** One row per item of both lists of text. */
  items(first: string, second: string): string;
  /** What an outer join found nothing for: an empty list, 0. */
  listOrEmpty(expression: string): string;
  countOrNone(expression: string): string;
  /** An address of 32 hex digits. */
  addressOfHex(hex: string): string;
  /** `SELECT`: one row per item of two lists of the same length, the first of text, the second of numbers. */
  pairs(texts: string, reals: string, text: string, real: string): string;
  /** `IN` a question of its own; on a cluster it is asked once, for all nodes. */
  readonly isIn: string;
  /** Columns that put rows in an order of their own, which stays the same from one page to the next. */
  readonly rowOrder: readonly string[];
}

const filtered = (only: string | undefined): string => (only === undefined ? '' : ` FILTER (WHERE ${only})`);

const duckdb: Speech = {
  total: (expression, only) => `coalesce(sum(${expression})${filtered(only)}, 0)::UBIGINT`,
  percentile: (expression, share, only) => `quantile_cont(${expression}, ${share})${filtered(only)}`,
  micros: (time) => `epoch_us(${time})`,
  floored: (micros, us) => `(${micros} // ${us} * ${us})`,
  time: (micros) => `make_timestamp(${micros})`,
  texts: (expression) => `coalesce(list_sort(list(DISTINCT ${expression}) FILTER (WHERE ${expression} <> '')), [])`,
  heaviest: (expression, weight, most) => `list(${expression} ORDER BY ${weight} DESC, ${expression})[1:${most}]`,
  items: (first, second) => `unnest(list_concat(${first}, ${second}))`,
  listOrEmpty: (expression) => `coalesce(${expression}, [])`,
  countOrNone: (expression) => `coalesce(${expression}, 0)::UBIGINT`,
  addressOfHex: (hex) => `unhex(${hex})`,
  pairs: (texts, reals, text, real) =>
    `SELECT unnest(CAST(${texts} AS VARCHAR[])) AS ${text}, unnest(CAST(${reals} AS DOUBLE[])) AS ${real}`,
  isIn: 'IN',
  rowOrder: ['rowid'],
};

const clickhouse: Speech = {
  total: (expression, only) => `toUInt64(sum(${expression})${filtered(only)})`,
  percentile: (expression, share, only) => `quantileExactInclusive(${share})(${expression})${filtered(only)}`,
  micros: (time) => `toUnixTimestamp64Micro(${time})`,
  floored: (micros, us) => `(intDiv(${micros}, ${us}) * ${us})`,
  time: (micros) => `fromUnixTimestamp64Micro(toInt64(${micros}), 'UTC')`,
  texts: (expression) => `arraySort(groupUniqArrayIf(toString(${expression}), ${expression} <> ''))`,
  heaviest: (expression, weight, most) =>
    `arraySlice(arrayMap(each -> each.2, arraySort(groupArray((-toInt64(${weight}), ${expression})))), 1, ${most})`,
  items: (first, second) => `arrayJoin(arrayConcat(${first}, ${second}))`,
  listOrEmpty: (expression) => expression,
  countOrNone: (expression) => `toUInt64(${expression})`,
  addressOfHex: (hex) => `CAST(toFixedString(unhex(${hex}), 16) AS IPv6)`,
  // Two arrayJoin beside each other would join every item with every other.
  pairs: (texts, reals, text, real) =>
    `SELECT pair.1 AS ${text}, pair.2 AS ${real} FROM (SELECT arrayJoin(arrayZip(${texts}, ${reals})) AS pair)`,
  isIn: 'GLOBAL IN',
  rowOrder: ['_part', '_part_offset'],
};

export const speeches: Readonly<Record<Dialect, Speech>> = { duckdb, clickhouse };
