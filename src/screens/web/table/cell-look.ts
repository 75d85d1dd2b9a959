// How a cell of a table looks and what a click on it asks for.

import type { JSX } from 'preact';
import type { Cell, Row } from '../../api/index.ts';
import { cellText, type ShownColumn } from '../../present/index.ts';
import { term } from '../shell/narrow.ts';

export interface CellLook {
  readonly text: string;
  /** Before the text: an icon or a patch of colour that says the same as a word. */
  readonly mark?: JSX.Element;
  /** One term of the filter language: a click narrows to it. */
  readonly term?: string | undefined;
  /** All of it, where the text is short. */
  readonly title?: string | undefined;
  /** A number that is drawn as a bar behind the text, by the largest one in sight. */
  readonly amount?: number | undefined;
}

export type Look = (column: ShownColumn, row: Row) => CellLook;

/** As the value itself says; `kinds` are those of the answer. */
export function plainLook(name: string, kind: string, value: Cell | undefined): CellLook {
  const text = cellText({ name, kind }, value ?? null);
  const isAmount = typeof value === 'number' && /^(bytes|rate|pkts)_/.test(name);
  return isAmount ? { text, amount: value } : { text };
}

/** A term where there is a value to ask for. */
export function termOf(field: string, value: Cell | undefined): string | undefined {
  if (value === null || value === undefined || value === '' || typeof value === 'object') return undefined;
  return term(field, typeof value === 'boolean' ? String(value) : value);
}

/** Columns that fit: those with the highest rank are left out first, rank 0 never. */
export function fittingColumns(
  columns: readonly ShownColumn[],
  width: number,
  cellPx = 7.6,
  gapPx = 16,
): ShownColumn[] {
  const shown = [...columns];
  const needs = (): number => shown.reduce((sum, { least }) => sum + least * cellPx + gapPx, 0);
  while (needs() > width) {
    const last = shown.reduce((worst, each) => (each.rank >= worst.rank ? each : worst));
    if (last.rank === 0) break;
    shown.splice(shown.indexOf(last), 1);
  }
  return shown;
}

/** Widths for CSS grid; text columns take what is left over. */
export const gridTemplate = (columns: readonly ShownColumn[]): string =>
  columns
    .map(({ least, most, align }) => {
      const px = Math.round(least * 7.6 + 16);
      return align === 'right' || most <= least + 4 ? `minmax(${px}px, ${most}fr)` : `minmax(${px}px, ${most * 3}fr)`;
    })
    .join(' ');
