// What a key does to the screen. Pure: state and key in, state and what is to be done out.

import type { TimeRange } from '../../api/asking.ts';
import type { Act, Known, Place, Room, View } from '../frame/view.ts';
import type { Pressed } from '../terminal/pressed.ts';
import { pressOverlay } from './overlay-keys.ts';
import { type Effect, placeIn, type ShellState, type Step, startPlace } from './state.ts';
import { type FilterWords, narrowed, pressFilter, startFilter } from './typing/filter-edit.ts';

/** What a key may need to know. */
export interface Around {
  readonly views: readonly View[];
  readonly known: Known;
  readonly words: FilterWords;
  /** Room of the view. */
  readonly room: Room;
  readonly nowMs: number;
  /** As far as what lies over the view can be scrolled. */
  readonly overlayEnd: number;
  /** Entries of a folder that begin like this, for paths. */
  readonly pathsLike: (beginning: string) => readonly string[];
}

const step = (state: ShellState, ...effects: readonly Effect[]): Step => ({ state, effects });
const ask: Effect = { do: 'ask' };

/** One key, or a text that was pasted. */
export function press(state: ShellState, key: Pressed, around: Around): Step {
  const told = { ...state, notice: '' };
  if (key.name === 'ctrl+c' && state.editing === null) return step(told, { do: 'quit' });
  if (state.editing !== null) return inFilter(told, key, around);
  if (state.overlay !== null) return pressOverlay(told, key, around);
  return inView(told, key, around);
}

function inFilter(state: ShellState, key: Pressed, { words }: Around): Step {
  if (state.editing === null) return step(state);
  const next = pressFilter(state.editing, key, words);
  if ('edit' in next) return step({ ...state, editing: next.edit });
  if ('cancel' in next) return step({ ...state, editing: null });
  return step(filtered({ ...state, editing: null }, next.apply), ask);
}

/** Every list begins anew under another filter. */
const filtered = (state: ShellState, filter: string): ShellState => ({ ...anew(state), filter });

function anew(state: ShellState): ShellState {
  const places = Object.fromEntries(
    Object.entries(state.places).map(([view, place]) => [view, { ...place, selected: 0, first: 0 }]),
  );
  return { ...state, places };
}

const leastRangeUs = 60e6;

/** Of a store: `[` and `]` half a range back and on, `-` twice as much, `+` the latter half. */
function otherRange(key: string, asked: TimeRange | null, { about, snapshot }: Known): TimeRange | null {
  const [from, to] =
    asked === null ? [snapshot?.firstUs ?? null, snapshot?.lastUs ?? null] : [asked.fromUs, asked.toUs];
  if (about.kind !== 'store' || from === null || to === null) return null;
  const half = (to - from) / 2;
  const moves: Readonly<Record<string, readonly [number, number]>> = {
    '[': [-half, -half],
    ']': [half, half],
    '-': [-2 * half, 0],
    '+': [half, 0],
  };
  const move = moves[key];
  if (move === undefined) return null;
  const fromUs = Math.max(0, Math.round(from + move[0]));
  return { fromUs, toUs: Math.max(fromUs + leastRangeUs, Math.round(to + move[1])) };
}

function inView(state: ShellState, key: Pressed, around: Around): Step {
  const { views, known, room, words, nowMs } = around;
  const view = viewOf(state, views);
  const next = views.find((each) => each.key === key.name);
  if (next !== undefined) return step({ ...state, view: next.name, back: [] }, ask);
  switch (key.name) {
    case 'q':
      return step(state, { do: 'quit' });
    case '/':
      return step({ ...state, editing: startFilter(state.filter, tableOf(view, state, room), words) });
    case '?':
      return step({ ...state, overlay: { is: 'help', first: 0 } });
    case 'm':
      return step({ ...state, overlay: { is: 'messages', first: 0 } });
    case 'o':
      return step({ ...state, overlay: { is: 'file', edit: { text: '', cursor: 0 } } });
    case 't':
      return step(state, { do: 'theme' });
    case 'space':
      return step({ ...state, pausedMs: state.pausedMs === null ? nowMs : null }, ask);
  }
  const range = otherRange(key.name, state.range, known);
  if (range !== null) return step({ ...anew(state), range }, { do: 'range', ...range }, ask);
  const act = view.act(key, known, placeIn(state), room);
  if (act !== null) return acted(state, act);
  if (key.name === 'escape') return backFrom(state);
  if (key.name === 'tab') return put(state, { ...placeIn(state), pane: placeIn(state).pane + (key.shift ? -1 : 1) });
  return step(state);
}

export function viewOf(state: ShellState, views: readonly View[]): View {
  return views.find(({ name }) => name === state.view) ?? views[0];
}

/** Table whose fields a filter means in this view. */
function tableOf(view: View, state: ShellState, room: Room): string {
  return view.wants(placeIn(state), room).table ?? 'flows';
}

function put(state: ShellState, place: Place): Step {
  const next = { ...state, places: { ...state.places, [state.view]: place } };
  return step(place.filter === state.filter ? next : filtered(next, place.filter), ask);
}

function acted(state: ShellState, act: Act): Step {
  switch (act.do) {
    case 'place':
      return put(state, act.place);
    case 'view': {
      const place = { ...placeIn(state, act.view), ...act.place };
      const places = { ...state.places, [act.view]: place };
      const next = { ...state, view: act.view, places, back: [...state.back, state.view].slice(-20) };
      return step(place.filter === state.filter ? next : { ...next, filter: place.filter }, ask);
    }
    case 'narrow':
      return step(filtered(state, narrowed(state.filter, act.term, act.isNot)), ask);
    case 'copy':
      return step({ ...state, overlay: { is: 'copied', what: act.what, text: act.text } }, act);
    default:
      return step(state, act);
  }
}

/** One step back: out of what was opened, to the view before, then without the filter. */
function backFrom(state: ShellState): Step {
  const place = placeIn(state);
  if (place.opened.length > 0) {
    const { trail = [], ...rest } = place;
    const before = trail.at(-1) ?? startPlace;
    const { selected, first, pane } = before;
    return put(state, { ...rest, selected, first, pane, opened: place.opened.slice(0, -1), trail: trail.slice(0, -1) });
  }
  const view = state.back.at(-1);
  if (view !== undefined) return step({ ...state, view, back: state.back.slice(0, -1) }, ask);
  return state.filter === '' ? step(state) : step(filtered(state, ''), ask);
}
