// Rows of imported files are kept from the day of their import, not from the day that they tell of.

import type { Batch, FixedData, WordData } from '../../batches/index.ts';
import type { Table } from '../../tables/index.ts';
import { keptFrom } from '../tables/definitions.ts';
import type { ExtraColumn } from './native.ts';

/** Runs that are files, as far as this process has written them. */
export class FileRows {
  readonly #runs = new Set<number>();

  /** When rows of a batch begin to be kept, where that is not their own time. */
  keptFrom(table: Table, batch: Batch, nowMs: number): ExtraColumn | null {
    const at = table.columns.findIndex(({ name }) => name === 'run');
    if (at < 0) return null;
    const { values } = batch.columns[at] as FixedData;
    const runs = new DataView(values.buffer, values.byteOffset, values.byteLength);
    const runOf = (row: number): number => Number(runs.getBigUint64(row * 8, true));
    if (table.name === 'runs') {
      this.#learn(table, batch, runOf);
      return null;
    }
    // A batch is of one run.
    if (this.#runs.size === 0 || !this.#runs.has(runOf(0))) return null;
    const seconds = new Uint32Array(batch.rows).fill(Math.floor(nowMs / 1000));
    return { name: keptFrom, type: 'DateTime', values: new Uint8Array(seconds.buffer) };
  }

  #learn(table: Table, batch: Batch, runOf: (row: number) => number): void {
    const kinds = batch.columns[table.columns.findIndex(({ name }) => name === 'kind')] as WordData;
    for (let row = 0; row < batch.rows; row++) {
      if (kinds.words[kinds.indexes[row]] === 'file') this.#runs.add(runOf(row));
    }
  }
}
