// Keys that mean the same in every list: moving, opening, going back, sorting.

import { firstShown } from '../../frame/table.ts';
import type { Act, Key, Place } from '../../frame/view.ts';

export const put = (place: Place): Act => ({ do: 'place', place });

/** Moves the cursor in a list of `total` rows of which `page` are seen; null: not such a key. */
export function moved(key: Key, place: Place, total: number, page: number): Act | null {
  const last = Math.max(0, total - 1);
  const steps: Readonly<Record<string, number>> = {
    up: -1,
    k: -1,
    down: 1,
    j: 1,
    pageup: -page,
    pagedown: page,
    home: -total - place.selected,
    end: total,
  };
  const isEnd = (key.name === 'g' && key.shift) || key.name === 'G';
  const step = isEnd ? total : key.name === 'g' ? -total - place.selected : steps[key.name];
  if (step === undefined) return null;
  const selected = Math.max(0, Math.min(last, place.selected + step));
  return put({ ...place, selected, first: firstShown(place.first, selected, page) });
}

/** One step deeper; where the cursor was is kept for the way back. */
export function opened(place: Place, ...things: readonly string[]): Act {
  const here = { selected: place.selected, first: place.first, pane: place.pane, sort: place.sort };
  const trail = [...(place.trail ?? []), ...things.map(() => here)];
  return put({ ...place, opened: [...place.opened, ...things], trail, selected: 0, first: 0, pane: 0, sort: null });
}

/** Another page in the place of the one that is open. */
export function instead(place: Place, thing: string): Act {
  return put({ ...place, opened: [...place.opened.slice(0, -1), thing], sort: null, selected: 0, first: 0, pane: 0 });
}

/** One step back, to the row that was left. */
export function back(place: Place): Act | null {
  if (place.opened.length === 0) return null;
  const trail = place.trail ?? [];
  const { selected, first, pane, sort = null } = trail.at(-1) ?? { selected: 0, first: 0, pane: 0 };
  return put({ ...place, selected, first, pane, sort, opened: place.opened.slice(0, -1), trail: trail.slice(0, -1) });
}

/** Whether a letter came with shift: `S` as a name, or `s` with shift. */
export function isKey(key: Key, letter: string): boolean {
  const isUpper = letter !== letter.toLowerCase();
  if (isUpper) return key.name === letter || (key.name === letter.toLowerCase() && key.shift);
  return key.name === letter && !key.shift;
}

/** `s` sorts by the column and turns the order round the second time; `S` turns it round. */
export function sorted(
  key: Key,
  place: Place,
  column: string,
  now: NonNullable<Place['sort']>,
  isDown: boolean,
): Act | null {
  if (isKey(key, 'S')) return put({ ...place, sort: { ...now, descending: !now.descending }, selected: 0, first: 0 });
  if (!isKey(key, 's')) return null;
  const sort = now.column === column ? { column, descending: !now.descending } : { column, descending: isDown };
  return put({ ...place, sort, selected: 0, first: 0 });
}
