// Batches of plain rows, for tests.

import {
  type Batch,
  type Column,
  type ColumnData,
  type ColumnKind,
  type FixedData,
  type Table,
  type TextData,
  widths,
} from '../../src/output/store/index.ts';

/** A value as a test writes it: addresses as 16 bytes, times in microseconds, hashes as hex digits; null or left out: missing. */
export type Cell = string | number | bigint | boolean | Uint8Array | null | readonly string[] | readonly number[];

export type Row = Readonly<Record<string, Cell>>;

/** Columns that a row leaves out are missing where they may be, otherwise empty. */
export function batchOf(table: Table, rows: readonly Row[]): Batch {
  return {
    table: table.name,
    rows: rows.length,
    columns: table.columns.map((column) =>
      columnData(
        column,
        rows.map((row) => row[column.name] ?? null),
      ),
    ),
  };
}

function columnData(column: Column, cells: readonly Cell[]): ColumnData {
  const { kind } = column;
  if (kind === 'word') return wordData(cells.map((cell) => String(cell ?? '')));
  if (kind === 'text' || kind === 'json') return textData(cells.map((cell) => String(cell ?? '')));
  if (kind === 'texts' || kind === 'reals')
    return listData(
      kind,
      cells.map((cell) => (cell ?? []) as string[]),
    );
  return fixedData(kind, cells, column.nullable === true);
}

function wordData(texts: readonly string[]): ColumnData {
  const words = [...new Set(texts)];
  return { shape: 'word', words, indexes: Uint32Array.from(texts, (text) => words.indexOf(text)) };
}

function textData(texts: readonly string[]): TextData {
  const parts = texts.map((text) => Buffer.from(text, 'utf8'));
  return {
    shape: 'text',
    bytes: new Uint8Array(Buffer.concat(parts)),
    ends: endsOf(parts.map(({ length }) => length)),
  };
}

function endsOf(lengths: readonly number[]): Uint32Array {
  let end = 0;
  return Uint32Array.from(lengths, (length) => {
    end += length;
    return end;
  });
}

function listData(kind: 'texts' | 'reals', lists: readonly (readonly (string | number)[])[]): ColumnData {
  const items = lists.flat();
  return {
    shape: 'list',
    ends: endsOf(lists.map(({ length }) => length)),
    items: kind === 'texts' ? textData(items as string[]) : fixedData('real', items, false),
  };
}

function fixedData(kind: ColumnKind, cells: readonly Cell[], isNullable: boolean): FixedData {
  const width = widths[kind];
  const values = new Uint8Array(width * cells.length);
  const view = new DataView(values.buffer);
  const missing = new Uint8Array(cells.length);
  cells.forEach((cell, row) => {
    if (cell === null) missing[row] = 1;
    else if (cell instanceof Uint8Array) values.set(cell, width * row);
    else setNumber(view, width * row, kind, cell as string | number | bigint | boolean);
  });
  return { shape: 'fixed', values, missing: isNullable && missing.includes(1) ? missing : null };
}

function setNumber(view: DataView, at: number, kind: ColumnKind, cell: string | number | bigint | boolean): void {
  if (kind === 'real') view.setFloat64(at, Number(cell), true);
  else if (kind === 'hash') view.setBigUint64(at, BigInt(`0x${cell}`), true);
  else if (kind === 'time') view.setBigInt64(at, BigInt(cell), true);
  else if (kind === 'u64') view.setBigUint64(at, BigInt(cell), true);
  else if (kind === 'u32') view.setUint32(at, Number(cell), true);
  else if (kind === 'u16') view.setUint16(at, Number(cell), true);
  else view.setUint8(at, Number(cell));
}
