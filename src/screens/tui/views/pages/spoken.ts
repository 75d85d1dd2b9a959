// Flows that speak one protocol.

import { heading } from '../../frame/boxes.ts';
import { linesOf, span } from '../../frame/lines.ts';
import type { Act, Key, Known, Line, Look, Place, Room } from '../../frame/view.ts';
import { positionNote } from '../flows/flows.ts';
import { flowActs } from '../flows/keys.ts';
import { flowOrder, flowTable } from '../flows/list.ts';
import { emptyRows } from '../parts/empty.ts';
import { instead, moved } from '../parts/moving.ts';
import { protocolTitle } from '../parts/names.ts';
import type { Page } from '../parts/opening.ts';
import { asking, keyAt, rowsFor, rowsOfWindow } from '../parts/rows.ts';
import { term, withFilter } from '../parts/terms.ts';
import { declaredOf, sumsRow } from './protocol.ts';

const above = 3;

const filterOf = (app: string, place: Place): string => withFilter(place.filter, term('app', app));

function draw(app: string, known: Known, place: Place, { columns, rows }: Room, look: Look): readonly Line[] {
  const found = rowsOfWindow(known, place, 'flows', filterOf(app, place));
  const note = positionNote(place, found, true);
  const hint = declaredOf(app, known) === undefined ? 'flows' : 'flows; Tab: what was said';
  const head = [
    heading(protocolTitle(app, known), columns, look, [span(hint, 'muted')], note),
    sumsRow(app, known, columns),
  ];
  if (found === null || found.total === 0) {
    return linesOf([...head, ...emptyRows(known, place, 'flow', found !== null, columns)], columns, rows, look);
  }
  return linesOf([...head, ...flowTable(known, place, found, columns, rows - above, look)], columns, rows, look);
}

function act(app: string, key: Key, known: Known, place: Place, room: Room): Act | null {
  if (key.name === 'tab') return declaredOf(app, known) === undefined ? null : instead(place, `protocol:${app}`);
  const found = rowsOfWindow(known, place, 'flows', filterOf(app, place));
  return moved(key, place, found?.total ?? 0, rowsFor(room, above)) ?? flowActs(key, known, place, room.columns);
}

export const spokenPage: Page = {
  wants: (app, place, room, about) =>
    asking(place, rowsFor(room, above), {
      table: 'flows',
      filter: filterOf(app, place),
      sort: place.sort ?? flowOrder(about),
    }),
  draw,
  act,
  keyAt: (app, known, place, index) => keyAt(rowsOfWindow(known, place, 'flows', filterOf(app, place)), index),
  keys: [
    ['enter', 'open'],
    ['tab', 'what was said'],
    ['f', 'only this'],
    ['s', 'sort'],
  ],
};
