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

/** Cells are as wide as in a terminal, and have a little air; a mark stands before some words. */
const widthPx = (cells: number): number => Math.round((cells + 2) * 7.3 + 16);
/** Columns that are no wider than this hold numbers and words; wider ones share what is left over. */
const mostOfWord = 16;

/** Numbers take no more than they need, words are whole, names and sentences are cut where there is little room. */
const cellsOf = ({ least, most, align }: ShownColumn): number => {
  if (align === 'right') return least;
  return most <= mostOfWord ? most : least + (most - least) / 4;
};

export const leastWidth = (columns: readonly ShownColumn[]): number =>
  columns.reduce((sum, column) => sum + widthPx(cellsOf(column)), 0);

/** Columns that fit: those with the highest rank are left out first, rank 0 never. */
export function fittingColumns(columns: readonly ShownColumn[], width: number): ShownColumn[] {
  const shown = [...columns];
  while (leastWidth(shown) > width) {
    const last = shown.reduce((worst, each) => (each.rank >= worst.rank ? each : worst));
    if (last.rank === 0) break;
    shown.splice(shown.indexOf(last), 1);
  }
  return shown;
}

/** Widths for CSS grid. */
export const gridTemplate = (columns: readonly ShownColumn[]): string =>
  columns.map((column) => `minmax(${widthPx(cellsOf(column))}px,${column.most <= mostOfWord ? 1 : 12}fr)`).join(' ');
