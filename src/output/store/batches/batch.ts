// Rows on their way into a store: column by column, in memory that can be handed to another thread as it is.
//
//   fixed width   values: bytes of n little-endian values       missing: one byte a row, 1 where there is none
//   text          bytes: UTF-8, one after the other             ends: where each one ends
//   word          indexes: place in `words` of each row         words: the different values
//   list          ends: where each row's items end              items: a column of text or of float64

import type { ColumnKind } from '../tables/column.ts';

export interface FixedData {
  readonly shape: 'fixed';
  /** Row count times width of the kind: 1, 2, 4 or 8 bytes, 16 for addresses (network order). */
  readonly values: Uint8Array;
  /** Null where the column is not nullable, or no row lacks a value. */
  readonly missing: Uint8Array | null;
}

export interface TextData {
  readonly shape: 'text';
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

export interface WordData {
  readonly shape: 'word';
  readonly words: readonly string[];
  readonly indexes: Uint32Array;
}

export interface ListData {
  readonly shape: 'list';
  readonly ends: Uint32Array;
  readonly items: TextData | FixedData;
}

export type ColumnData = FixedData | TextData | WordData | ListData;

export interface Batch {
  readonly table: string;
  readonly rows: number;
  /** In the order of the table's columns. */
  readonly columns: readonly ColumnData[];
}

/** Bytes a value of a fixed kind takes; 0 for text and lists. */
export const widths: Readonly<Record<ColumnKind, number>> = {
  time: 8,
  address: 16,
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  hash: 8,
  real: 8,
  flag: 1,
  text: 0,
  word: 0,
  json: 0,
  texts: 0,
  reals: 0,
};
