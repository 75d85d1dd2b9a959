// What lies over the view: help, messages, a copied text, the path of a file.

import { wrap } from '../../present/index.ts';
import { rowsOf } from '../frame/boxes.ts';
import { linesOf, nothing, type Spans, span } from '../frame/lines.ts';
import type { Line, Look, Room, View } from '../frame/view.ts';
import { help } from '../views/help.ts';
import type { Overlay } from './state.ts';
import { pathSpans } from './typing/path-lines.ts';

/** Lines of the whole room; `about` is the view below. */
export function overlayLines(
  overlay: Overlay,
  about: { readonly view: View; readonly messages: readonly string[]; readonly pathsLike: readonly string[] },
  room: Room,
  look: Look,
): Line[] {
  if (overlay.is === 'help') return [...help(about.view, room, look)];
  const all = contentOf(overlay, about, room);
  const first = 'first' in overlay ? Math.max(0, Math.min(overlay.first, all.length - room.rows + 1)) : 0;
  return linesOf(rowsOf(all.slice(first), room.rows), room.columns, room.rows, look);
}

function contentOf(
  overlay: Exclude<Overlay, { readonly is: 'help' }>,
  { messages, pathsLike }: Parameters<typeof overlayLines>[1],
  { columns }: Room,
): readonly Spans[] {
  switch (overlay.is) {
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
