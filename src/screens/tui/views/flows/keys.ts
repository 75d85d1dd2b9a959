// What keys do with the flow under the cursor, wherever flows are listed.

import type { Row } from '../../../api/index.ts';
import { copyWords } from '../../../present/index.ts';
import type { Act, Key, Known, Place } from '../../frame/view.ts';
import { isKey, opened, put, sorted } from '../parts/moving.ts';
import { numberAt, rowsOfWindow, textAt } from '../parts/rows.ts';
import { narrow } from '../parts/terms.ts';
import { cursorColumn, flowListColumns, flowOrder, flowTerm } from './list.ts';

/** Columns whose beginning of the alphabet comes first when they are sorted by. */
const risesFirst = /^(src_ip|dst_ip|app|host|state|country|verdict)$/;

/** Keys of a list of flows, moving excepted. @param hasCursor columns can be chosen; otherwise it is the server's */
export function flowActs(key: Key, known: Known, place: Place, cells: number, hasCursor = true): Act | null {
  const columns = flowListColumns(known, place, cells);
  const { column } = cursorColumn(columns, hasCursor ? place.pane : 0);
  if (!hasCursor && (key.name === 'left' || key.name === 'right')) return null;
  if (key.name === 'left') return put({ ...place, pane: (place.pane - 1) % columns.length });
  if (key.name === 'right') return put({ ...place, pane: (place.pane + 1) % columns.length });
  const now = place.sort ?? flowOrder(known.about);
  const sort = sorted(key, place, column, now, !risesFirst.test(column));
  if (sort !== null) return sort;
  const row = rowsOfWindow(known, place, 'flows')?.at(place.selected) ?? null;
  if (row === null) return null;
  if (key.name === 'enter') return opened(place, flowThing(row));
  if (isKey(key, 'f') || isKey(key, 'F')) {
    const of = flowTerm(row, column);
    return of === null ? null : narrow(of, isKey(key, 'F'));
  }
  return ownActs(key, row, known);
}

export const flowThing = (row: Row): string => `flow:${numberAt(row, 'run') ?? 0}:${numberAt(row, 'flow_id') ?? 0}`;

/** What can be done with one flow: copied, saved. */
export function ownActs(key: Key, row: Row, known: Known): Act | null {
  const [run, flowId] = [numberAt(row, 'run') ?? 0, numberAt(row, 'flow_id') ?? 0];
  const words = copyWords({
    run,
    flow_id: flowId,
    src_ip: textAt(row, 'src_ip'),
    dst_ip: textAt(row, 'dst_ip'),
    src_port: numberAt(row, 'src_port') ?? 0,
    dst_port: numberAt(row, 'dst_port') ?? 0,
    proto: numberAt(row, 'proto') ?? 0,
  });
  if (isKey(key, 'c')) return { do: 'copy', text: words.wireshark, what: 'Wireshark filter' };
  if (isKey(key, 'b')) return { do: 'copy', text: words.bpf, what: 'capture filter' };
  if (isKey(key, 'x')) return known.about.can.packets ? { do: 'save packets', run, flowId } : null;
  return null;
}
