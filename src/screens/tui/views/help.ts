// Help over a view: its own keys, and those that mean the same everywhere.

import { beside, heading, sideHeading } from '../frame/boxes.ts';
import { linesOf, nothing, type Spans, span } from '../frame/lines.ts';
import type { Line, Look, Room, View } from '../frame/view.ts';

const names: Readonly<Record<string, string>> = {
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  space: 'Space',
};

/** A key as it is called: `Enter`, `f`. */
export const keyName = (key: string): string => names[key] ?? key;

const everywhere: View['keys'] = [
  ['1–8', 'views'],
  ['↑↓ j k', 'rows; PgUp PgDn pages; g G ends'],
  ['enter', 'open what is under the cursor'],
  ['escape', 'one step back; clears the filter'],
  ['/', 'filter: names, addresses, ports, protocols, any field'],
  ['f F', 'only this value, not this value'],
  ['s S', 'sort by, turn round'],
  ['space', 'hold the screen; the capture goes on'],
  ['[ ] - +', 'of a store: back and on, more and less time'],
  ['o m', 'open a file; what the program told'],
  ['c', 'copy as a Wireshark filter'],
  ['b', 'copy as a capture filter (BPF)'],
  ['x', 'save packets as pcapng'],
  ['t', 'theme'],
  ['?', 'this help'],
  ['q', 'quit'],
];

const signs: View['keys'] = [
  ['↓ ↑', 'in and out; of a flow, from and to the server'],
  ['–', 'not known; 0 is nothing at all'],
  ['▲', 'an alert names it'],
];

const keyRows = (keys: View['keys']): Spans[] =>
  keys.map(([key, does]) => [span('  '), span(keyName(key).padEnd(9), 'strong'), span(does)]);

/** From the first row on, or as far as the last page goes; the last line says how much is left. */
export function scrolled(all: readonly Spans[], first: number, rows: number): readonly Spans[] {
  const from = Math.max(0, Math.min(first, all.length - rows));
  const left = all.length - from - rows;
  if (left <= 0) return all.slice(from);
  return [...all.slice(from, from + rows - 1), [span(`  ↓ ${left + 1} lines more`, 'muted')]];
}

/** Keys of a view and of the program; the shell puts it over the view. */
export function helpRows(view: View, columns: number, look: Look): Spans[] {
  const own = (cells: number): Spans[] => [heading(view.title, cells, look), ...keyRows(view.keys), nothing];
  const all = (cells: number): Spans[] => [
    columns < 100 ? heading('Everywhere', cells, look) : sideHeading('Everywhere', cells, look),
    ...keyRows(everywhere),
    nothing,
  ];
  const last = (cells: number): Spans[] => [heading('Signs', cells, look), ...keyRows(signs)];
  if (columns < 100) return [...own(columns), ...all(columns), ...last(columns)];
  const left = Math.floor(columns * 0.4);
  const right = columns - left - 2;
  const parts = [[...own(left), ...last(left)], all(right)];
  return beside([parts[0], left], [parts[1], right], Math.max(...parts.map(({ length }) => length)), look);
}

export const help = (view: View, { columns, rows }: Room, look: Look): readonly Line[] =>
  linesOf(scrolled(helpRows(view, columns, look), 0, rows), columns, rows, look);
