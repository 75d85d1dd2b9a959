// What lies over the view: help, messages, a copied text, the path of a file.

import { wrap } from '../../present/index.ts';
import { rowsOf } from '../frame/boxes.ts';
import { linesOf, nothing, type Spans, span } from '../frame/lines.ts';
import type { Line, Look, Room, View } from '../frame/view.ts';
import { helpRows, scrolled } from '../views/help.ts';
import type { Overlay } from './state.ts';
import { pathSpans } from './typing/path-lines.ts';

interface Behind {
  readonly view: View;
  readonly messages: readonly string[];
  readonly pathsLike: readonly string[];
}

/** Lines of the whole room; `about` is the view below. */
export function overlayLines(overlay: Overlay, about: Behind, room: Room, look: Look): Line[] {
  const all = contentOf(overlay, about, room, look);
  const first = 'first' in overlay ? overlay.first : 0;
  return linesOf(rowsOf(scrolled(all, first, room.rows), room.rows), room.columns, room.rows, look);
}

/** As far as it can be scrolled. */
export function overlayEnd(overlay: Overlay, about: Behind, room: Room, look: Look): number {
  return Math.max(0, contentOf(overlay, about, room, look).length - room.rows);
}

function contentOf(
  overlay: Overlay,
  { view, messages, pathsLike }: Behind,
  { columns }: Room,
  look: Look,
): readonly Spans[] {
  switch (overlay.is) {
    case 'help':
      return helpRows(view, columns, look);
    case 'messages':
      return [title('Messages'), nothing, ...(messages.length === 0 ? [[span('   none')]] : told(messages, columns))];
    case 'copied':
      return [
        title(overlay.what),
        nothing,
        ...told(overlay.text.split('\n'), columns),
        nothing,
        [span('   It is on the clipboard where the terminal allows that (OSC 52); Esc goes back.', 'muted')],
      ];
    case 'file':
      return [title('Open a capture file'), nothing, ...pathSpans(overlay.edit, pathsLike)];
  }
}

const title = (words: string): Spans => [span('▎', 'focus'), span(words, 'strong')];

function told(lines: readonly string[], columns: number): Spans[] {
  return lines.flatMap((line) => wrap(line, Math.max(20, columns - 6)).map((part) => [span(`   ${part}`)]));
}
