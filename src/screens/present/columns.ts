// Text in columns: the width of text in terminal cells (Unicode Standard Annex 11), alignment, tables, wrapping.

import { paint, type Style } from './looks/style.ts';

// Combining marks and joiners take no cell; East Asian wide characters and emoji take two.
const noCell = /\p{Mn}|\p{Me}|[\u200b-\u200d]/u;
const twoCells =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const colour = /\u001b\[[0-9;]*m/g;

/** Cells that text takes on a terminal; colours take none. */
export function cellWidth(text: string): number {
  let cells = 0;
  for (const char of text.replace(colour, '')) {
    if (char <= '\u007e') cells++;
    else if (!noCell.test(char)) cells += twoCells.test(char) ? 2 : 1;
  }
  return cells;
}

/** Fills up to `cells` cells with spaces, on the right or (numbers) on the left. */
export function pad(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, cells - cellWidth(text)));
  return align === 'left' ? text + space : space + text;
}

/** Cuts text without colours to `cells` cells, the last one telling that there was more. */
export function cut(text: string, cells: number, unicode: boolean): string {
  if (cellWidth(text) <= cells) return text;
  const end = unicode ? '…' : '~';
  let shown = '';
  let used = 1;
  for (const char of text) {
    const width = cellWidth(char);
    if (used + width > cells) break;
    shown += char;
    used += width;
  }
  return shown + end;
}

/** As much of the beginning of a word as `cells` cells hold, one character at least. */
function beginning(word: string, cells: number): string {
  let shown = '';
  let used = 0;
  for (const char of word) {
    used += cellWidth(char);
    if (used > cells && shown !== '') break;
    shown += char;
  }
  return shown;
}

/**
 * Breaks text without colours at spaces, but not between a number and what it counts; words that are too long are
 * broken anywhere. At least one line.
 */
export function wrap(text: string, cells: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<!\d) /)) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (cellWidth(joined) <= cells) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (cellWidth(line) > cells) {
      const fitting = beginning(line, cells);
      if (fitting === line) break;
      lines.push(fitting);
      line = line.slice(fitting.length);
    }
  }
  lines.push(line);
  return lines;
}

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Columns with the highest rank are left out first when the line is too short; those without rank never. */
  readonly rank?: number;
}

/** Rows as aligned lines under their titles, none longer than the style's width unless one unranked column is. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], style: Style): string[] {
  const widths = columns.map((column, i) => Math.max(cellWidth(column.title), ...rows.map((row) => cellWidth(row[i]))));
  const shown = columns.map((_, i) => i);
  const total = (): number => shown.reduce((sum, i) => sum + widths[i] + 2, 0);
  while (total() > style.width) {
    const ranked = shown.filter((i) => columns[i].rank !== undefined);
    if (ranked.length === 0) break;
    const last = ranked.reduce((worst, i) => ((columns[i].rank ?? 0) >= (columns[worst].rank ?? 0) ? i : worst));
    shown.splice(shown.indexOf(last), 1);
  }
  const lineOf = (cells: readonly string[]): string =>
    `  ${shown
      .map((i) => pad(cells[i], widths[i], columns[i].align))
      .join('  ')
      .trimEnd()}`;
  return [paint(lineOf(columns.map((column) => column.title)), 'muted', style), ...rows.map(lineOf)];
}
