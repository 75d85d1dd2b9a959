// Values of a batch as reading a store gives them, and a batch of such values.

import { formatIpv4, formatIpv6, parseAddress } from '../../../core/index.ts';
import type { Value } from '../store.ts';
import type { ColumnKind, Table } from '../tables/column.ts';
import type { Batch, ColumnData, FixedData, TextData } from './batch.ts';
import { BatchBuilder } from './batch-builder.ts';

/** The value of a column in a row. */
export type ReadValue = (row: number) => Value;

const decoder = new TextDecoder();
const two32 = 2 ** 32;

/** How a column's values are read; nothing is copied before that. */
export function valueReader(kind: ColumnKind, data: ColumnData): ReadValue {
  if (data.shape === 'word') return (row) => data.words[data.indexes[row]];
  if (data.shape === 'text') return (row) => textAt(data, row);
  if (data.shape === 'list') {
    const item =
      data.items.shape === 'text' ? valueReader('text', data.items) : valueReader('real', data.items as FixedData);
    return (row) => {
      const list: Value[] = [];
      for (let i = row === 0 ? 0 : data.ends[row - 1]; i < data.ends[row]; i++) list.push(item(i));
      return list;
    };
  }
  const { missing, values } = data;
  const read = fixedReader(kind, new DataView(values.buffer, values.byteOffset, values.byteLength));
  return missing === null ? read : (row) => (missing[row] === 1 ? null : read(row));
}

function textAt({ bytes, ends }: TextData, row: number): string {
  const from = row === 0 ? 0 : ends[row - 1];
  return from === ends[row] ? '' : decoder.decode(bytes.subarray(from, ends[row]));
}

function fixedReader(kind: ColumnKind, view: DataView): ReadValue {
  switch (kind) {
    case 'u8':
      return (row) => view.getUint8(row);
    case 'u16':
      return (row) => view.getUint16(row * 2, true);
    case 'u32':
      return (row) => view.getUint32(row * 4, true);
    case 'flag':
      return (row) => view.getUint8(row) === 1;
    case 'real':
      return (row) => view.getFloat64(row * 8, true);
    case 'hash':
      return (row) => hex(view.getUint32(row * 8 + 4, true)) + hex(view.getUint32(row * 8, true));
    case 'address':
      return (row) => addressAt(view, row * 16);
    default:
      return (row) => view.getInt32(row * 8 + 4, true) * two32 + view.getUint32(row * 8, true);
  }
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');

function addressAt(view: DataView, at: number): string {
  const [w0, w1, w2, w3] = [view.getInt32(at), view.getInt32(at + 4), view.getInt32(at + 8), view.getInt32(at + 12)];
  return w0 === 0 && w1 === 0 && w2 === 0xffff ? formatIpv4(w3) : formatIpv6(w0, w1, w2, w3);
}

/** A batch of rows as they were read: values in the order of the table's columns. */
export function batchOfRows(table: Table, rows: readonly (readonly Value[])[]): Batch {
  const builder = new BatchBuilder(table, Math.max(1, rows.length));
  for (const row of rows) {
    for (const [i, column] of table.columns.entries()) setValue(builder, column.name, column.kind, row[i]);
    builder.endRow();
  }
  return builder.take();
}

function setValue(builder: BatchBuilder, name: string, kind: ColumnKind, value: Value): void {
  const at = builder.row;
  if (value === null) return;
  if (kind === 'texts') for (const item of value as readonly Value[]) builder.list(name).addText(String(item));
  else if (kind === 'reals') for (const item of value as readonly Value[]) builder.list(name).addReal(Number(item));
  else if (kind === 'word') builder.word(name).set(at, String(value));
  else if (kind === 'text' || kind === 'json') builder.text(name).set(String(value));
  else if (kind === 'u8' || kind === 'flag') builder.fixed(name).setU8(at, Number(value));
  else if (kind === 'u16') builder.fixed(name).setU16(at, Number(value));
  else if (kind === 'u32') builder.fixed(name).setU32(at, Number(value));
  else if (kind === 'real') builder.fixed(name).setReal(at, Number(value));
  else if (kind === 'hash') setHash(builder, name, String(value));
  else if (kind === 'address') setAddress(builder, name, String(value));
  else builder.fixed(name).setU64(at, Number(value));
}

function setHash(builder: BatchBuilder, name: string, digits: string): void {
  builder
    .fixed(name)
    .setHash(builder.row, Number.parseInt(digits.slice(0, 8), 16), Number.parseInt(digits.slice(8), 16));
}

function setAddress(builder: BatchBuilder, name: string, text: string): void {
  const address = parseAddress(text);
  if (address === null) throw new Error(`'${text}' is no address`);
  builder.fixed(name).setAddress(builder.row, address.ipVersion, ...address.words);
}
