// Small pictures in one line: how something went of late, and how large it is beside others.

import { bar, cellWidth, type Ink } from '../../present/index.ts';
import { type Span, type Spans, span } from './lines.ts';
import type { Look } from './view.ts';

const asciiLevels = ' .:-=+*#@';
/** Dots from the bottom of the left and of the right column of a braille cell (Unicode U+2800). */
const leftDots = [0, 0x40, 0x44, 0x46, 0x47];
const rightDots = [0, 0x80, 0xa0, 0xb0, 0xb8];

/** `values` as the means of `count` stretches of them; fewer values stand on the right, with nothing before them. */
export function resample(values: readonly number[], count: number): number[] {
  if (values.length <= count) return [...Array<number>(count - values.length).fill(0), ...values];
  const out: number[] = [];
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * values.length) / count);
    const to = Math.max(from + 1, Math.floor(((i + 1) * values.length) / count));
    let sum = 0;
    for (let k = from; k < to; k++) sum += values[k];
    out.push(sum / (to - from));
  }
  return out;
}

/** How values went, two to a cell, from nothing to the largest; something is never drawn as nothing. */
export function spark(values: readonly number[], cells: number, look: Look, ink: Ink): Span {
  const dots = resample(values.slice(-cells * 2), cells * 2);
  const max = Math.max(0, ...dots);
  const level = (value: number, steps: number): number => (max > 0 ? Math.ceil((Math.max(0, value) / max) * steps) : 0);
  let line = '';
  for (let i = 0; i < cells; i++) {
    const [a, b] = [dots[2 * i], dots[2 * i + 1]];
    if (look.unicode) line += String.fromCharCode(0x2800 | leftDots[level(a, 4)] | rightDots[level(b, 4)]);
    else line += asciiLevels[level((a + b) / 2, 8)];
  }
  return span(line, ink);
}

/** A bar of exactly `cells` cells, filled up with spaces. */
export function barSpans(share: number, cells: number, look: Look, ink: Ink): Spans {
  const shown = bar(share, cells, look.unicode);
  return [span(shown, ink), span(' '.repeat(Math.max(0, cells - cellWidth(shown))))];
}

const shades = [' ', '░', '▒', '▓', '█'];
const asciiShades = [' ', '.', ':', '+', '#'];

/** One cell of a map of heat: 0 is nothing, everything else at least the lightest shade. */
export function shade(share: number, look: Look): string {
  const level = share > 0 ? Math.max(1, Math.min(4, Math.ceil(share * 4))) : 0;
  return (look.unicode ? shades : asciiShades)[level];
}
