// What the person did: view, places, filter, pause, and what lies over the view. All of it is plain data.

import type { TimeRange } from '../../api/asking.ts';
import type { Act, Place } from '../frame/view.ts';
import type { FilterEdit } from './typing/filter-edit.ts';
import type { LineEdit } from './typing/line-edit.ts';

/** What lies over the view until Esc. */
export type Overlay =
  | { readonly is: 'help'; readonly first: number }
  | { readonly is: 'messages'; readonly first: number }
  | { readonly is: 'copied'; readonly what: string; readonly text: string }
  | { readonly is: 'file'; readonly edit: LineEdit };

export interface ShellState {
  /** Name of the view. */
  readonly view: string;
  readonly places: Readonly<Record<string, Place>>;
  /** The last one that was right; one for all views. */
  readonly filter: string;
  readonly editing: FilterEdit | null;
  readonly overlay: Overlay | null;
  /** Views that others were opened from. */
  readonly back: readonly string[];
  /** The screen stands still since then; the capture does not. */
  readonly pausedMs: number | null;
  /** Stretch of a store that was asked for; null: the one it begins with. */
  readonly range: TimeRange | null;
  /** Told in the last line until the next key. */
  readonly notice: string;
}

/** What the shell is to do beyond changing its state. */
export type Effect =
  | Extract<Act, { readonly do: 'copy' | 'save packets' | 'acknowledge' }>
  /** The state of every question is old: ask at once. */
  | { readonly do: 'ask' }
  | { readonly do: 'open file'; readonly path: string }
  /** The other of the two palettes, for light and for dark backgrounds. */
  | { readonly do: 'theme' }
  /** Another stretch of a store. */
  | { readonly do: 'range'; readonly fromUs: number; readonly toUs: number }
  | { readonly do: 'quit' };

export interface Step {
  readonly state: ShellState;
  readonly effects: readonly Effect[];
}

export const startPlace: Place = { selected: 0, first: 0, sort: null, opened: [], filter: '', pane: 0 };

export function startShell(view: string, filter: string): ShellState {
  return {
    view,
    places: {},
    filter,
    editing: null,
    overlay: null,
    back: [],
    pausedMs: null,
    range: null,
    notice: '',
  };
}

/** Where the person is in a view. */
export function placeIn(state: ShellState, view = state.view): Place {
  return { ...(state.places[view] ?? startPlace), filter: state.filter };
}
