// What a column of a stored table is: declared once, for every engine, for filters and for screens.

/**
 * Kinds, how a batch holds them, and what reading gives:
 *
 * | kind      | in a batch                          | DuckDB        | ClickHouse               | read as            |
 * |-----------|-------------------------------------|---------------|--------------------------|--------------------|
 * | `time`    | int64, microseconds since the epoch | `TIMESTAMP`   | `DateTime64(6, 'UTC')`   | number             |
 * | `address` | 16 bytes, IPv4 as ::ffff:a.b.c.d    | `BLOB`        | `IPv6`                   | text, `10.0.0.1`   |
 * | `u8`…`u64`| unsigned integer                    | `UTINYINT`…   | `UInt8`…                 | number             |
 * | `hash`    | 64 bits                             | `UBIGINT`     | `UInt64`                 | 16 hex digits      |
 * | `real`    | float64                             | `DOUBLE`      | `Float64`                | number             |
 * | `flag`    | 0 or 1                              | `BOOLEAN`     | `Bool`                   | boolean            |
 * | `text`    | UTF-8; empty: not known             | `VARCHAR`     | `String`                 | text               |
 * | `word`    | the same, of few different values   | `VARCHAR`     | `LowCardinality(String)` | text               |
 * | `json`    | the same, JSON                      | `VARCHAR`     | `String`                 | text               |
 * | `texts`   | list of text; empty: not known      | `VARCHAR[]`   | `Array(String)`          | array of text      |
 * | `reals`   | list of float64                     | `DOUBLE[]`    | `Array(Float64)`         | array of numbers   |
 *
 * `u64` holds whole numbers up to 2^53 - 1. Where `nullable` is set (numbers, times and flags only) a value may be
 * missing: NULL in the engines, null when read. Text and lists are never NULL: empty means not known.
 */
export const columnKinds = [
  'time',
  'address',
  'u8',
  'u16',
  'u32',
  'u64',
  'hash',
  'real',
  'flag',
  'text',
  'word',
  'json',
  'texts',
  'reals',
] as const;
export type ColumnKind = (typeof columnKinds)[number];

export interface Column {
  /** Lower case with underscores, as in SQL. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** In words. */
  readonly title: string;
  readonly unit?: string;
  readonly nullable?: boolean;
  /** Of text: whoever fills it writes lower case, so that looking for a part of it need not change every value. */
  readonly isLowerCase?: boolean;
  /** Words of the filter language that mean this column, besides `<table>.<name>`: Wireshark's, and short ones. */
  readonly filters?: readonly string[];
}

export interface Table {
  /** Lower case with underscores. */
  readonly name: string;
  readonly title: string;
  /** Column that the rows' place in time is read from: `--from`, `--to` and retention go by it. */
  readonly time: string;
  readonly columns: readonly Column[];
  /**
   * Raw rows may be deleted after some days; `state` rows are versions of a thing (alerts, runs): the newest `version`
   * of the same `key` is the one that counts.
   */
  readonly keep: 'raw' | 'rollup' | 'state';
  /** With `state`: what tells things apart. */
  readonly key?: readonly string[];
}

/** The column of this name; a programming error where there is none. */
export function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((each) => each.name === name);
  if (column === undefined) throw new Error(`table ${table.name} has no column ${name}`);
  return column;
}
