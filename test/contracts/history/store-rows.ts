// Rows as plain objects, and how they become batches: for tests that compute answers from the same rows.

import { parseAddress } from '../../../src/core/index.ts';
import { type Batch, BatchBuilder, type Column, type Table, type Value } from '../../../src/output/store/index.ts';

/** Values by column, as reading gives them. Columns left out are 0, empty or missing. */
export type StoreRow = Readonly<Record<string, Value>>;

export function batchOf(table: Table, rows: readonly StoreRow[]): Batch {
  const builder = new BatchBuilder(table, rows.length + 1);
  for (const row of rows) {
    for (const column of table.columns) set(builder, column, row[column.name] ?? null);
    builder.endRow();
  }
  return builder.take();
}

/** The row as it is read: every column has a value. */
export function wholeRow(table: Table, row: StoreRow): StoreRow {
  return Object.fromEntries(table.columns.map((column) => [column.name, row[column.name] ?? emptyOf(column)]));
}

function emptyOf({ kind, nullable }: Column): Value {
  if (nullable === true) return null;
  if (kind === 'texts' || kind === 'reals') return [];
  if (kind === 'text' || kind === 'word' || kind === 'json') return '';
  if (kind === 'address') return '::';
  if (kind === 'hash') return '0'.repeat(16);
  return kind === 'flag' ? false : 0;
}

function set(builder: BatchBuilder, { name, kind }: Column, value: Value): void {
  const { row } = builder;
  if (value === null) return;
  switch (kind) {
    case 'text':
    case 'json':
      builder.text(name).set(String(value));
      return;
    case 'word':
      builder.word(name).set(row, String(value));
      return;
    case 'texts':
      for (const item of value as readonly Value[]) builder.list(name).addText(String(item));
      return;
    case 'reals':
      for (const item of value as readonly Value[]) builder.list(name).addReal(Number(item));
      return;
    default:
      setFixed(builder, { name, kind, title: '' }, value);
  }
}

function setFixed(builder: BatchBuilder, { name, kind }: Column, value: Value): void {
  const column = builder.fixed(name);
  const { row } = builder;
  switch (kind) {
    case 'address': {
      const parsed = parseAddress(String(value));
      if (parsed === null) throw new Error(`${value} is no address`);
      column.setAddress(row, parsed.ipVersion, ...parsed.words);
      return;
    }
    case 'hash':
      column.setHash(row, Number.parseInt(String(value).slice(0, 8), 16), Number.parseInt(String(value).slice(8), 16));
      return;
    case 'real':
      column.setReal(row, Number(value));
      return;
    case 'flag':
      column.setU8(row, value === true ? 1 : 0);
      return;
    case 'u8':
      column.setU8(row, Number(value));
      return;
    case 'u16':
      column.setU16(row, Number(value));
      return;
    case 'u32':
      column.setU32(row, Number(value));
      return;
    default:
      column.setU64(row, Number(value));
      return;
  }
}
