// Rows as text to keep: CSV (RFC 4180) and JSON. Cells that a spreadsheet would take for formulas are made harmless:
// names in them come from the network.

import type { Cell, RowWindow } from '../../api/index.ts';
import { isoTime } from '../../present/index.ts';

export function csvCell(cell: Cell, kind = ''): string {
  if (cell === null) return '';
  const text =
    kind === 'time' && typeof cell === 'number' ? isoTime(cell) : Array.isArray(cell) ? cell.join(' ') : String(cell);
  const safe = typeof cell !== 'number' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvText({ columns, rows }: Pick<RowWindow, 'columns' | 'rows'>): string {
  const head = columns.map(({ name }) => csvCell(name)).join(',');
  const lines = rows.map((row) => row.map((cell, i) => csvCell(cell, columns[i].kind)).join(','));
  return `${[head, ...lines].join('\r\n')}\r\n`;
}

/** A list of objects, times in ISO 8601. */
export function jsonText({ columns, rows }: Pick<RowWindow, 'columns' | 'rows'>): string {
  const lines = rows.map((row) =>
    JSON.stringify(
      Object.fromEntries(
        columns.map(({ name, kind }, i) => [
          name,
          kind === 'time' && typeof row[i] === 'number' ? isoTime(row[i]) : row[i],
        ]),
      ),
    ),
  );
  return `[${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n`}]\n`;
}
