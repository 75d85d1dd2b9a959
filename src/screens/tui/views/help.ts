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

/** Keys of a view and of the program; the shell puts it over the view. */
export function help(view: View, room: Room, look: Look): readonly Line[] {
  const { columns, rows } = room;
  const own = (cells: number): Spans[] => [heading(view.title, cells, look), ...keyRows(view.keys), nothing];
  const all = (cells: number): Spans[] => [
    columns < 100 ? heading('Everywhere', cells, look) : sideHeading('Everywhere', cells, look),
    ...keyRows(everywhere),
    nothing,
  ];
  const last = (cells: number): Spans[] => [heading('Signs', cells, look), ...keyRows(signs)];
  if (columns < 100) return linesOf([...own(columns), ...all(columns), ...last(columns)], columns, rows, look);
  const left = Math.floor(columns * 0.4);
  const right = columns - left - 2;
  const parts = [[...own(left), ...last(left)], all(right)];
  const tall = Math.max(...parts.map(({ length }) => length));
  return linesOf(beside([parts[0], left], [parts[1], right], Math.min(rows, tall), look), columns, rows, look);
}
