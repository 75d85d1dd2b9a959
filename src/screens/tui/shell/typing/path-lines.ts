// The path of a file while it is written, and what lies in the folder.

import { type Span, type Spans, span } from '../../frame/lines.ts';
import type { LineEdit } from './line-edit.ts';

const mostShown = 12;

/** Rows: the line with its cursor, what may follow, and the keys. */
export function pathSpans({ text, cursor }: LineEdit, like: readonly string[]): Spans[] {
  const letter = text.slice(cursor, cursor + 1);
  const line: Span[] = [
    span('   Path: ', 'muted'),
    span(text.slice(0, cursor)),
    letter === '' ? span('█', 'focus') : span(letter, 'underlined'),
    span(text.slice(cursor + 1)),
  ];
  const shown = like.slice(0, mostShown).map((path): Spans => [span(`         ${path}`, 'muted')]);
  const more = like.length > mostShown ? [[span(`         and ${like.length - mostShown} more`, 'muted')]] : [];
  return [line, ...shown, ...more, [span('   Enter opens · Tab completes · Esc goes back', 'muted')]];
}
