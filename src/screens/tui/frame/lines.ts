// Lines of exact width out of styled text. This is the only way from text to the terminal: whatever comes from the network
// becomes printable here, and nothing but our own colours is an escape sequence.

import { printable } from '../../../core/index.ts';
import { cellWidth, cut, type Ink, inkCode, selectionCode } from '../../present/index.ts';
import type { Line, Look } from './view.ts';

/** A piece of text in one ink. */
export interface Span {
  readonly text: string;
  readonly ink: Ink;
  /** Part of the row under the cursor. */
  readonly isSelected?: boolean;
}

export type Spans = readonly Span[];

export const span = (text: string, ink: Ink = 'text'): Span => ({ text, ink });
export const text = (...parts: readonly string[]): Spans => [span(parts.join(''))];
export const nothing: Spans = [];

const ascii = /^[\u0020-\u007e]*$/;
// Braille, blocks, box lines and arrows, of which frames are full: one cell each, without looking them up.
const narrow = /^[\u0020-\u007e\u2190-\u21ff\u2500-\u25ff\u2800-\u28ff]*$/;

/** Cells that printable text takes. */
export function cellsOf(shown: string): number {
  return narrow.test(shown) ? shown.length : cellWidth(shown);
}

/** More than two marks upon one letter would grow out of their line. */
const heaps = /((?:\p{Mn}|\p{Me}){2})(?:\p{Mn}|\p{Me})+/gu;

/** Text made printable, and no longer than could ever be seen in so many cells: marks that take no cell are bounded, too. */
export function shownText(raw: string, cells: number): string {
  if (ascii.test(raw)) return raw.length > cells ? `${raw.slice(0, cells + 1)}` : raw;
  return printable(raw.slice(0, cells * 4 + 16)).replace(heaps, '$1');
}

export const widthOf = (spans: Spans): number => spans.reduce((sum, { text: each }) => sum + cellsOf(each), 0);

/** Spans of exactly `cells` cells: cut with a mark, or filled up on the right or on the left. */
export function fit(spans: Spans, cells: number, look: Look, align: 'left' | 'right' = 'left'): Span[] {
  const out: Span[] = [];
  let left = Math.max(0, cells);
  for (const [i, each] of spans.entries()) {
    const shown = shownText(each.text, left);
    const width = cellsOf(shown);
    const isLast = i === spans.length - 1;
    if (width < left || (width === left && (isLast || spans.slice(i + 1).every(({ text: t }) => t === '')))) {
      out.push(shown === each.text ? each : { ...each, text: shown });
      left -= width;
      continue;
    }
    // No room for what follows, so the mark stands here.
    const part = left > 0 ? cut(width === left ? `${shown}  ` : shown, left, look.unicode) : '';
    out.push({ ...each, text: part });
    left -= cellsOf(part);
    break;
  }
  if (left <= 0) return out;
  const space = span(' '.repeat(left));
  return align === 'left' ? [...out, space] : [space, ...out];
}

export const selected = (spans: Spans): Spans => spans.map((each) => ({ ...each, isSelected: true }));

/** What our own marks are where there is only ASCII: one cell for one cell, so that nothing moves. */
const plain: Readonly<Record<string, string>> = {
  '–': '-',
  '—': '-',
  '…': '~',
  '·': '.',
  µ: 'u',
  '×': 'x',
  '’': "'",
  '→': '>',
  '←': '<',
  '↓': 'v',
  '↑': '^',
  '⇄': '=',
  '▲': '^',
  '▼': 'v',
  '●': 'o',
  '○': '.',
  '◌': '.',
  '◇': '-',
  '◆': '!',
  '⬢': '#',
  '✓': '+',
  '✗': 'x',
  '│': '|',
  '─': '-',
  '━': '=',
  '┬': '+',
  '┴': '+',
  '┼': '+',
  '├': '+',
  '┤': '+',
  '▌': '>',
  '▎': ' ',
  '└': '+',
  '■': '#',
  '≤': '<',
  '≥': '>',
  '“': '"',
  '”': '"',
};

function asciiOf(shown: string): string {
  if (ascii.test(shown)) return shown;
  let out = '';
  for (const char of shown) out += char <= '\u007e' ? char : (plain[char] ?? '?'.repeat(cellWidth(char)));
  return out;
}

/** A line of at most `cells` cells; spaces at its end are left out where nothing is seen of them. */
export function lineOf(spans: Spans, cells: number, look: Look): Line {
  const fitted = fit(spans, cells, look);
  let line = '';
  let run = '';
  let code = '';
  const flush = (): void => {
    line += code === '' || run === '' ? run : `\u001b[${code}m${run}\u001b[0m`;
    run = '';
  };
  for (const { text: shown, ink, isSelected } of fitted) {
    const next = codeOf(ink, isSelected === true, look, shown);
    if (next !== code && !(next === '' && code === '')) {
      flush();
      code = next;
    }
    run += look.unicode ? shown : asciiOf(shown);
  }
  flush();
  return line.trimEnd();
}

/** In reverse video, ink would become ground: there the bar alone says it. */
function codeOf(ink: Ink, isSelected: boolean, look: Look, shown: string): string {
  if (look.depth === 0) return '';
  const bar = isSelected ? selectionCode(look) : '';
  if (isSelected && look.depth === 16) return bar;
  const own = /^ *$/.test(shown) && ink !== 'underlined' ? '' : inkCode(ink, look);
  return own !== '' && bar !== '' ? `${bar};${own}` : own + bar;
}

/** All lines of a frame: never more than there is room for. */
export function linesOf(rows: readonly Spans[], columns: number, most: number, look: Look): Line[] {
  return rows.slice(0, Math.max(0, most)).map((row) => lineOf(row, columns, look));
}
