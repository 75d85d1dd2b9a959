// View 2: all flows, those with most traffic first; Enter opens one.

import { counted, formatCount } from '../../../present/index.ts';
import { heading } from '../../frame/boxes.ts';
import { linesOf, type Spans, span } from '../../frame/lines.ts';
import type { Act, Key, Known, Look, Place, Room, View } from '../../frame/view.ts';
import { emptyRows } from '../parts/empty.ts';
import { moved } from '../parts/moving.ts';
import { asking, keyAt, type Rows, rowsFor, rowsOfWindow } from '../parts/rows.ts';
import { flowActs } from './keys.ts';
import { flowOrder, flowTable, orderWords } from './list.ts';

/** Heading and titles. */
const above = 2;

/** `38 of 1,284`, and what gave way. */
export function positionNote(place: Place, rows: Rows | null, isShort = false): string {
  if (rows === null) return '';
  const { total, found, kept, forgotten } = rows;
  const at = found === 0 ? '0' : `${formatCount(Math.min(found, place.selected + 1))} of ${formatCount(found)}`;
  if (isShort) return at;
  const reach = found > total ? `, the first ${formatCount(total)} in this order` : '';
  const all = kept > found ? `, ${formatCount(kept)} in all` : '';
  return `${at}${reach}${all}${forgotten > 0 ? `, ${counted(forgotten, 'older one')} gone` : ''}`;
}

function draw(known: Known, place: Place, room: Room, look: Look): readonly string[] {
  const rows = rowsOfWindow(known, place, 'flows');
  const { columns } = room;
  const note = positionNote(place, rows);
  const more: Spans = [span(orderWords(known, place), 'muted')];
  const head = heading('Flows', columns, look, more, note);
  if (rows === null || rows.total === 0) {
    return linesOf([head, ...emptyRows(known, place, 'flow', rows !== null, columns)], columns, room.rows, look);
  }
  return linesOf([head, ...flowTable(known, place, rows, columns, room.rows - above, look)], columns, room.rows, look);
}

function act(key: Key, known: Known, place: Place, room: Room): Act | null {
  const rows = rowsOfWindow(known, place, 'flows');
  return moved(key, place, rows?.total ?? 0, rowsFor(room, above)) ?? flowActs(key, known, place, room.columns);
}

export const flowsView: View = {
  key: '2',
  name: 'flows',
  title: 'Flows',
  wants: (place, room, about) =>
    asking(place, rowsFor(room, above), { table: 'flows', sort: place.sort ?? flowOrder(about) }),
  draw,
  act,
  keyAt: (known, place, index) => keyAt(rowsOfWindow(known, place, 'flows'), index),
  keys: [
    ['enter', 'open'],
    ['←→', 'column'],
    ['f', 'only this'],
    ['F', 'not this'],
    ['s', 'sort'],
    ['S', 'reverse'],
    ['c', 'copy for Wireshark'],
    ['b', 'copy as BPF'],
    ['x', 'save packets'],
  ],
};
