// Whether a batch is what its table says. Vectors are written by memory copies, so a batch that does not fit is refused
// before one byte is copied.

import { type Batch, type ColumnData, type FixedData, type TextData, widths } from '../../batches/batch.ts';
import type { Column, Table } from '../../tables/column.ts';

/** Throws an Error that names what does not fit. */
export function checkBatch(table: Table, batch: Batch): void {
  if (batch.columns.length !== table.columns.length) {
    throw new Error(`batch of ${table.name} has ${batch.columns.length} columns, not ${table.columns.length}`);
  }
  for (let i = 0; i < batch.columns.length; i++) {
    const objection = objectionTo(table.columns[i], batch.columns[i], batch.rows);
    if (objection !== null) throw new Error(`batch of ${table.name}, column ${table.columns[i].name}: ${objection}`);
  }
}

function objectionTo(column: Column, data: ColumnData, rows: number): string | null {
  const { kind } = column;
  const shape = kind === 'texts' || kind === 'reals' ? 'list' : widths[kind] > 0 ? 'fixed' : 'text';
  if (data.shape === 'word')
    return shape === 'text' ? objectionToWords(data, rows) : 'words in a column of another kind';
  if (data.shape !== shape) return `${data.shape} in a column of ${kind}`;
  if (data.shape === 'fixed') return objectionToFixed(data, rows, widths[kind]);
  if (data.shape === 'text') return objectionToText(data, rows);
  const objection = objectionToEnds(data.ends, rows);
  if (objection !== null) return objection;
  const items = rows === 0 ? 0 : data.ends[rows - 1];
  if (data.items.shape !== (kind === 'reals' ? 'fixed' : 'text')) return `list of ${data.items.shape}`;
  return data.items.shape === 'fixed' ? objectionToFixed(data.items, items, 8) : objectionToText(data.items, items);
}

function objectionToFixed({ values, missing }: FixedData, rows: number, width: number): string | null {
  if (values.byteLength < rows * width) return `${values.byteLength} bytes for ${rows} rows`;
  return missing !== null && missing.length < rows ? `missing is told for ${missing.length} of ${rows} rows` : null;
}

function objectionToText({ bytes, ends }: TextData, rows: number): string | null {
  const objection = objectionToEnds(ends, rows);
  if (objection !== null) return objection;
  return rows > 0 && ends[rows - 1] > bytes.byteLength ? 'text ends behind its bytes' : null;
}

function objectionToEnds(ends: Uint32Array, rows: number): string | null {
  if (ends.length < rows) return `${ends.length} ends for ${rows} rows`;
  for (let i = 1; i < rows; i++) if (ends[i] < ends[i - 1]) return 'ends go back';
  return null;
}

function objectionToWords({ words, indexes }: { words: readonly string[]; indexes: Uint32Array }, rows: number) {
  if (indexes.length < rows) return `${indexes.length} words for ${rows} rows`;
  for (let i = 0; i < rows; i++) if (indexes[i] >= words.length) return 'a word that is not in the list';
  return null;
}
