// Kinds of columns as types of ClickHouse: what a table keeps, what a block sends, and how it is compressed.

import type { Column, ColumnKind } from '../../tables/index.ts';

const types: Readonly<Record<ColumnKind, string>> = {
  time: "DateTime64(6, 'UTC')",
  address: 'IPv6',
  u8: 'UInt8',
  u16: 'UInt16',
  u32: 'UInt32',
  u64: 'UInt64',
  hash: 'UInt64',
  real: 'Float64',
  flag: 'Bool',
  text: 'String',
  word: 'LowCardinality(String)',
  json: 'String',
  texts: 'Array(String)',
  reals: 'Array(Float64)',
};

/** Type of the values in a block. */
export function sentType({ kind, nullable }: Column): string {
  return nullable === true ? `Nullable(${types[kind]})` : types[kind];
}

/** Numbers that grow from row to row are kept as differences; small ones without their zero bits. */
const codecs: Readonly<Record<ColumnKind, string>> = {
  time: 'DoubleDelta, ZSTD(1)',
  address: 'ZSTD(1)',
  u8: 'ZSTD(1)',
  u16: 'ZSTD(1)',
  u32: 'T64, ZSTD(1)',
  u64: 'T64, ZSTD(1)',
  hash: 'NONE', // random bits
  real: 'ZSTD(1)',
  flag: 'ZSTD(1)',
  text: 'ZSTD(1)',
  word: 'ZSTD(1)',
  json: 'ZSTD(3)',
  texts: 'ZSTD(1)',
  reals: 'ZSTD(1)',
};

/** Type and codec of a column in a table. @param merge function that rows of one key are added up with */
export function keptColumn(column: Column, merge?: string): string {
  const type = merge === undefined ? sentType(column) : `SimpleAggregateFunction(${merge}, ${sentType(column)})`;
  return `${quoted(column.name)} ${type} CODEC(${codecs[column.kind]})`;
}

/** A name in SQL. Names come from declared tables and checked URLs only. */
export const quoted = (name: string): string => `\`${name}\``;
