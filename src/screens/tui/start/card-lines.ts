// What to do where capturing is not allowed: the ways for this machine, with lines that can be copied.

import { wrap } from '../../present/index.ts';
import { nothing, type Spans, span } from '../frame/lines.ts';
import type { Room } from '../frame/view.ts';

/** One way to be allowed. */
export interface Way {
  readonly title: string;
  readonly lines: readonly string[];
  readonly why: string;
}

export interface Card {
  /** What the system said. */
  readonly message: string;
  readonly interfaceName: string;
  readonly ways: readonly Way[];
}

/** Commands stand from the first column on, so that a mouse takes them whole; the chosen way is always in the room. */
export function cardRows({ message, interfaceName, ways }: Card, chosen: number, { columns, rows }: Room): Spans[] {
  const head: Spans[] = [
    [span('▎', 'focus'), span(`Listening on ${interfaceName} needs permission`, 'strong')],
    ...wrap(message, columns - 4).map((line): Spans => [span(`   ${line}`)]),
    [span('   waiting… tries again every two seconds, and goes on when it works', 'good')],
    nothing,
  ];
  const parts = ways.map((way, i) => wayRows(way, i, i === chosen, columns));
  const room = rows - head.length;
  let first = 0;
  const height = (): number => parts.slice(first, chosen + 1).reduce((sum, part) => sum + part.length, 0);
  while (first < chosen && height() > room) first++;
  return [...head, ...parts.slice(first).flat()];
}

function wayRows({ title, lines, why }: Way, index: number, isChosen: boolean, columns: number): Spans[] {
  return [
    [span(isChosen ? ' ▌ ' : '   ', 'focus'), span(`${index + 1}  ${title}`, 'strong')],
    ...lines.flatMap((line) => broken(line, columns).map((part): Spans => [span(part, 'web-secret')])),
    ...wrap(why, columns - 9).map((line): Spans => [span(`      ${line}`, 'muted')]),
    nothing,
  ];
}

/** Parts of a command that fill the line: a terminal joins them again when they are marked. */
function broken(line: string, cells: number): string[] {
  const parts: string[] = [];
  for (let at = 0; at < line.length; at += cells) parts.push(line.slice(at, at + cells));
  return parts;
}
