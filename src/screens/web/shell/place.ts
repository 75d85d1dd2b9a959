// Where somebody is in the dashboard, as the part of the address behind `#`: it never leaves the browser.

import type { TimeRange } from '../../api/index.ts';
import type { ViewParams } from './screen.ts';

export interface Place {
  /** `main`, or a scene that was begun from a screen. */
  readonly scene: string;
  readonly view: string;
  readonly filter: string;
  readonly range: TimeRange | null;
  /** Or so many seconds up to the newest packet; null: `range`, or all there is. */
  readonly last: number | null;
  readonly params: ViewParams;
}

export const firstPlace: Place = { scene: 'main', view: 'overview', filter: '', range: null, last: null, params: {} };

/** Parameters that are no step of their own: changing them leaves nothing to go back to. */
const settings = new Set(['sort', 'columns', 'dense', 'row', 'span', 'unit']);

/** `#/flows?filter=tls&range=1700000000000000-1700000060000000&flow=3.17`; what is as always is left out. */
export function placeText({ scene, view, filter, range, last, params }: Place): string {
  const query = new URLSearchParams();
  if (scene !== firstPlace.scene) query.set('scene', scene);
  if (filter !== '') query.set('filter', filter);
  if (range !== null) query.set('range', `${range.fromUs}-${range.toUs}`);
  else if (last !== null) query.set('range', `last-${last}`);
  for (const [name, value] of Object.entries(params)) if (value !== '') query.append(`${name}`, value);
  const text = query.toString();
  return `#/${encodeURIComponent(view)}${text === '' ? '' : `?${text}`}`;
}

/** Never throws: what cannot be understood is as always. */
export function placeOf(hash: string): Place {
  const [, path = '', text = ''] = /^#?\/?([^?]*)\??(.*)$/s.exec(hash) ?? [];
  const query = new URLSearchParams(text);
  const params: Record<string, string> = {};
  for (const [name, value] of query) if (!['scene', 'filter', 'range'].includes(name)) params[name] = value;
  return {
    scene: query.get('scene') ?? firstPlace.scene,
    view: decoded(path) || firstPlace.view,
    filter: query.get('filter') ?? '',
    range: rangeOf(query.get('range') ?? ''),
    last: lastOf(query.get('range') ?? ''),
    params,
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}

function rangeOf(text: string): TimeRange | null {
  const match = /^(\d{1,16})-(\d{1,16})$/.exec(text);
  if (match === null) return null;
  const [fromUs, toUs] = [Number(match[1]), Number(match[2])];
  return fromUs < toUs ? { fromUs, toUs } : null;
}

function lastOf(text: string): number | null {
  const match = /^last-([1-9]\d{0,8})$/.exec(text);
  return match === null ? null : Number(match[1]);
}

/** Whether going from one to the other is a step that the back button takes back. */
export function isStep(from: Place, to: Place): boolean {
  const steps = (place: Place): string => placeText({ ...place, params: Object.fromEntries(stepsOf(place.params)) });
  return steps(from) !== steps(to);
}

const stepsOf = (params: ViewParams): [string, string][] =>
  Object.entries(params).filter(([name]) => !settings.has(name));

/** One step back: the last thing that was opened is closed, then the range, then the filter; null: there is nothing. */
export function oneStepBack(place: Place): Place | null {
  const last = stepsOf(place.params).at(-1);
  if (last !== undefined) {
    const { [last[0]]: _, ...params } = place.params;
    return { ...place, params };
  }
  if (place.range !== null || place.last !== null) return { ...place, range: null, last: null };
  return place.filter === '' ? null : { ...place, filter: '' };
}
