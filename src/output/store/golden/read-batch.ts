// Rows of a batch as plain values, for tests.

import { type Batch, valueReader } from '../batches/index.ts';
import type { Value } from '../store.ts';
import type { Table } from '../tables/index.ts';

/** A value for each column, as an engine would give it. */
export function readBatch(batch: Batch, table: Table): Readonly<Record<string, Value>>[] {
  const readers = table.columns.map(({ name, kind }, i) => [name, valueReader(kind, batch.columns[i])] as const);
  return Array.from({ length: batch.rows }, (_, row) =>
    Object.fromEntries(readers.map(([name, read]) => [name, read(row)])),
  );
}
