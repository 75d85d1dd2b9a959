// Reads a batch back into rows of plain values, as an engine would give them; for tests.

import { formatAddress } from '../../../core/index.ts';
import type { Batch, ColumnData, FixedData, TextData } from '../batches/index.ts';
import type { Value } from '../store.ts';
import type { ColumnKind, Table } from '../tables/index.ts';

function fixedValue(data: FixedData, kind: ColumnKind, row: number): Value {
  if (data.missing?.[row] === 1) return null;
  const view = new DataView(data.values.buffer, data.values.byteOffset, data.values.byteLength);
  switch (kind) {
    case 'u8':
      return view.getUint8(row);
    case 'flag':
      return view.getUint8(row) === 1;
    case 'u16':
      return view.getUint16(row * 2, true);
    case 'u32':
      return view.getUint32(row * 4, true);
    case 'hash':
      return view
        .getBigUint64(row * 8, true)
        .toString(16)
        .padStart(16, '0');
    case 'real':
    case 'reals':
      return view.getFloat64(row * 8, true);
    case 'address': {
      const word = (i: number) => view.getUint32(row * 16 + i * 4);
      const isV4 = word(0) === 0 && word(1) === 0 && word(2) === 0xffff;
      return isV4 ? formatAddress(4, word(3), 0, 0, 0) : formatAddress(6, word(0), word(1), word(2), word(3));
    }
    default:
      return Number(view.getBigUint64(row * 8, true));
  }
}

function textValue(data: TextData, row: number): string {
  const from = row === 0 ? 0 : data.ends[row - 1];
  return new TextDecoder().decode(data.bytes.slice(from, data.ends[row]));
}

function cellOf(data: ColumnData, kind: ColumnKind, row: number): Value {
  if (data.shape === 'fixed') return fixedValue(data, kind, row);
  if (data.shape === 'text') return textValue(data, row);
  if (data.shape === 'word') return data.words[data.indexes[row]];
  const { items } = data;
  const from = row === 0 ? 0 : data.ends[row - 1];
  const list: Value[] = [];
  for (let i = from; i < data.ends[row]; i++) {
    list.push(items.shape === 'text' ? textValue(items, i) : fixedValue(items, kind, i));
  }
  return list;
}

/** Rows of a batch, a value for each column. */
export function readBatch(batch: Batch, table: Table): Readonly<Record<string, Value>>[] {
  return Array.from({ length: batch.rows }, (_, row) =>
    Object.fromEntries(table.columns.map(({ name, kind }, i) => [name, cellOf(batch.columns[i], kind, row)])),
  );
}
