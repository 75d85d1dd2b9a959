// An answer as data: CSV (RFC 4180), one JSON document, or JSON lines. Times are ISO 8601 in UTC, numbers exact.

import { formatTime } from '../../../../../core/index.ts';
import type { ColumnKind, Result, Value } from '../../../../../output/store/index.ts';

/** How an answer that comes in pieces is written. */
export interface DataFormat {
  head(result: Result): string;
  rows(result: Result, isFirst: boolean): string;
  tail(isEmpty: boolean): string;
}

const numbers: readonly ColumnKind[] = ['u8', 'u16', 'u32', 'u64', 'real'];

/** A value as JSON. Whole numbers above 2^53 come as text and stay exact. */
function jsonValue(value: Value, kind: ColumnKind): string {
  if (kind === 'time' && typeof value === 'number') return JSON.stringify(formatTime(value));
  if (typeof value === 'string' && numbers.includes(kind) && /^-?\d+$/.test(value)) return value;
  return JSON.stringify(value);
}

function jsonRow({ columns }: Result, row: readonly Value[]): string {
  return `{${columns.map(({ name, kind }, i) => `${JSON.stringify(name)}:${jsonValue(row[i], kind)}`).join(',')}}`;
}

/** RFC 4180: quoted where a comma, a quote or a line break is inside; quotes twice. */
function csvCell(value: Value, kind: ColumnKind): string {
  if (value === null) return '';
  const text =
    kind === 'time' && typeof value === 'number'
      ? formatTime(value)
      : Array.isArray(value)
        ? JSON.stringify(value)
        : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const dataFormats: Readonly<Record<'json' | 'jsonl' | 'csv', DataFormat>> = {
  json: {
    head: () => '[',
    rows: (result, isFirst) =>
      result.rows.map((row, i) => `${isFirst && i === 0 ? '' : ','}\n${jsonRow(result, row)}`).join(''),
    tail: (isEmpty) => (isEmpty ? ']\n' : '\n]\n'),
  },
  jsonl: {
    head: () => '',
    rows: (result) => result.rows.map((row) => `${jsonRow(result, row)}\n`).join(''),
    tail: () => '',
  },
  csv: {
    head: ({ columns }) => `${columns.map(({ name }) => csvCell(name, 'text')).join(',')}\r\n`,
    rows: ({ columns, rows }) =>
      rows.map((row) => `${row.map((value, i) => csvCell(value, columns[i].kind)).join(',')}\r\n`).join(''),
    tail: () => '',
  },
};
