// Rows as plain objects, and how they become batches: for tests that compute answers from the same rows.

import { type Batch, batchOfRows, type Column, type Table, type Value } from '../../../src/output/store/index.ts';

/** Values by column, as reading gives them. */
export type StoreRow = Readonly<Record<string, Value>>;

/** @param rows whole ones */
export function batchOf(table: Table, rows: readonly StoreRow[]): Batch {
  return batchOfRows(
    table,
    rows.map((row) => table.columns.map(({ name }) => row[name])),
  );
}

/** The row as it is read: columns left out are 0, empty or missing. */
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
