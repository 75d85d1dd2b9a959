// What to do where capturing is not allowed: the ways for this machine, with lines that can be copied.

import { wrap } from '../../present/index.ts';
import { nothing, type Spans, span } from '../frame/lines.ts';

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

/** Commands stand from the first column on, so that a mouse takes them whole. */
export function cardRows({ message, interfaceName, ways }: Card, chosen: number, cells: number): Spans[] {
  const said = wrap(message, cells - 4).map((line): Spans => [span(`   ${line}`)]);
  const rows = ways.flatMap(({ title, lines, why }, i): Spans[] => [
    [span(i === chosen ? ' ▌ ' : '   ', 'focus'), span(`${i + 1}  `, 'strong'), span(title, 'strong')],
    ...lines.flatMap((line) => broken(line, cells).map((part): Spans => [span(part, 'web-secret')])),
    ...wrap(why, cells - 9).map((line): Spans => [span(`      ${line}`, 'muted')]),
    nothing,
  ]);
  return [
    [span('▎', 'focus'), span(`Listening on ${interfaceName} needs permission`, 'strong')],
    nothing,
    ...said,
    nothing,
    ...rows,
    [
      span('   not now?  ', 'muted'),
      span('d'),
      span('  the demo     ', 'muted'),
      span('o'),
      span('  a capture file', 'muted'),
    ],
    nothing,
    [span('   waiting… tries again every two seconds, and goes on when it works', 'good')],
  ];
}

/** Parts of a command that fill the line: a terminal joins them again when they are marked. */
function broken(line: string, cells: number): string[] {
  const parts: string[] = [];
  for (let at = 0; at < line.length; at += cells) parts.push(line.slice(at, at + cells));
  return parts;
}
