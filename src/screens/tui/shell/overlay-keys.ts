// Keys while something lies over the view.

import type { Pressed } from '../terminal/pressed.ts';
import type { Around } from './reduce.ts';
import type { ShellState, Step } from './state.ts';
import { edited } from './typing/line-edit.ts';
import { completedPath } from './typing/path-line.ts';

const moves: Readonly<Record<string, number>> = { up: -1, down: 1, pageup: -15, pagedown: 15, home: -1e6, end: 1e6 };

export function pressOverlay(state: ShellState, key: Pressed, { pathsLike, overlayEnd }: Around): Step {
  const { overlay } = state;
  const only = (next: ShellState): Step => ({ state: next, effects: [] });
  if (overlay === null) return only(state);
  if (key.name === 'escape') return only({ ...state, overlay: null });
  if (overlay.is === 'file') {
    const { edit } = overlay;
    if (key.name === 'enter') {
      if (edit.text.trim() === '') return only({ ...state, overlay: null });
      // A folder is on the way to a file.
      if (edit.text.trim().endsWith('/')) return only(state);
      return { state, effects: [{ do: 'open file', path: edit.text.trim() }] };
    }
    const next = key.name === 'tab' ? completedPath(edit, pathsLike) : edited(edit, key);
    return only(next === null ? state : { ...state, overlay: { is: 'file', edit: next } });
  }
  if (key.name === 'q') return { state, effects: [{ do: 'quit' }] };
  const by = moves[key.name];
  if (by !== undefined && overlay.is !== 'copied') {
    return only({ ...state, overlay: { ...overlay, first: Math.max(0, Math.min(overlayEnd, overlay.first + by)) } });
  }
  return only({ ...state, overlay: null });
}
