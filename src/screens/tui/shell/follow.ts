// Keeps the cursor on its row while the order of a list changes.

import type { Known, Place, View } from '../frame/view.ts';
import { placeIn, type ShellState } from './state.ts';

export interface Answered {
  readonly before: Known;
  readonly after: Known;
}

/** The state with the cursor on the row that it was on; as it is where that row is not near any more. */
export function follow(state: ShellState, view: View, { before, after }: Answered): ShellState {
  const place = placeIn(state);
  // At the top of a list nobody chose a row: there the cursor stays at the top.
  if (place.selected === 0 || view.keyAt === undefined || !isSameQuestion(before, after)) return state;
  const key = view.keyAt(before, place, place.selected);
  if (key === null || view.keyAt(after, place, place.selected) === key) return state;
  const from = after.asked?.from ?? 0;
  for (let i = from; i < from + (after.window?.rows.length ?? 0); i++) {
    if (view.keyAt(after, place, i) === key)
      return { ...state, places: { ...state.places, [view.name]: at(place, i) } };
  }
  return state;
}

/** The same rows in the same order, apart from what has happened since. */
function isSameQuestion({ asked: before }: Known, { asked: after }: Known): boolean {
  if (before === null || after === null || before.table !== after.table || before.filter !== after.filter) return false;
  return before.sort?.column === after.sort?.column && before.sort?.descending === after.sort?.descending;
}

/** The row stays where it is seen, unless it stood within what is shown before: then nothing scrolls. */
function at(place: Place, selected: number): Place {
  const isNear = selected >= place.first && selected <= Math.max(place.selected, place.first);
  return { ...place, selected, first: isNear ? place.first : Math.max(0, place.first + selected - place.selected) };
}
