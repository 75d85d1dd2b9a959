// One protocol: rows of its table in the columns it declares.

import type { ProtocolInfo, Row } from '../../../api/index.ts';
import {
  cellText,
  counted,
  formatBytes,
  formatCount,
  formatPackets,
  isNumeric,
  type ShownColumn,
  unknown,
} from '../../../present/index.ts';
import { facts, heading } from '../../frame/boxes.ts';
import { linesOf, type Spans, span, text } from '../../frame/lines.ts';
import { type FittedColumn, fitColumns, headRow, shownRows, tableRow } from '../../frame/table.ts';
import type { Act, Key, Known, Line, Look, Place, Room } from '../../frame/view.ts';
import { positionNote } from '../flows/flows.ts';
import { flowThing } from '../flows/keys.ts';
import { emptyRows } from '../parts/empty.ts';
import { instead, isKey, moved, opened, put, sorted } from '../parts/moving.ts';
import { endShort, protocolsByName, protocolTitle } from '../parts/names.ts';
import type { Page } from '../parts/opening.ts';
import { asking, numberAt, rowsFor, rowsOfWindow } from '../parts/rows.ts';
import { narrow, term } from '../parts/terms.ts';

const above = 3;
const newest = { column: 'ts', descending: true } as const;

export const declaredOf = (app: string, known: Known): ProtocolInfo | undefined => {
  const declared = protocolsByName(known.protocols).get(app);
  return declared === undefined || declared.fields.length === 0 ? undefined : declared;
};

/** Time, both ends, then what it declares: the first fields are kept longest. */
function columnsOf({ fields }: ProtocolInfo, cells: number, kept: string | null): FittedColumn[] {
  const own = fields.map(({ column, kind, title }, i): ShownColumn => {
    const isNumber = isNumeric({ kind });
    const least = Math.max(6, Math.min(title.length + 1, 16));
    return {
      column,
      title,
      rank: i === 0 ? 0 : i + 1,
      least,
      most: isNumber ? Math.max(9, least) : i === 0 ? 48 : 28,
      align: isNumber ? 'right' : 'left',
    };
  });
  const place: ShownColumn[] = [
    { column: 'ts', title: 'Time', rank: 0, least: 8, most: 8, align: 'left' },
    { column: 'src_ip', title: 'Client', rank: 1, least: 12, most: 24, align: 'left' },
    { column: 'dst_ip', title: 'Server', rank: 4, least: 12, most: 28, align: 'left' },
  ];
  return fitColumns([...place, ...own], cells, kept);
}

function cellOf(declared: ProtocolInfo, { column, cells }: FittedColumn, row: Row, known: Known, look: Look): Spans {
  if (column === 'src_ip') return text(endShort(row, 'src', cells, known, look));
  if (column === 'dst_ip') return text(endShort(row, 'dst', cells, known, look));
  const field = declared.fields.find((each) => each.column === column);
  const shown = cellText({ name: column, kind: field?.kind ?? 'time', unit: field?.unit ?? null }, row[column] ?? null);
  return [span(shown, shown === unknown ? 'muted' : 'text')];
}

export function sumsRow(app: string, known: Known, cells: number): Spans {
  const volume = known.snapshot?.apps[app];
  const events = known.snapshot?.events[app];
  const forgotten = known.snapshot?.forgotten[app] ?? 0;
  const pairs: [string, string][] =
    volume === undefined
      ? []
      : [
          ['', formatBytes(volume.bytes)],
          ['', formatPackets(volume.packets)],
          ['', counted(volume.flows, 'flow')],
        ];
  if (events !== undefined) pairs.push(['', `${formatCount(events)} told`]);
  if (forgotten > 0) pairs.push(['', `${formatCount(forgotten)} older rows gone`]);
  return facts(pairs, cells);
}

function draw(app: string, known: Known, place: Place, room: Room, look: Look): readonly Line[] {
  const { columns, rows } = room;
  const declared = declaredOf(app, known);
  const found = rowsOfWindow(known, place, app);
  const note = positionNote(place, found, true);
  const more = [span('what was said, newest first; Tab: its flows', 'muted')];
  const head = [heading(protocolTitle(app, known), columns, look, more, note), sumsRow(app, known, columns)];
  if (found === null || found.total === 0 || declared === undefined) {
    return linesOf([...head, ...emptyRows(known, place, 'row', found !== null, columns)], columns, rows, look);
  }
  const count = Math.max(1, rows - above);
  const shown = columnsOf(declared, columns, place.sort?.column ?? null);
  const cursor = shown[cursorAt(shown, place.pane)].column;
  const list: Spans[] = [headRow(shown, { sort: place.sort ?? newest, cursor }, look)];
  const [from, to] = shownRows(place, found.total, count);
  for (let i = from; i < to; i++) {
    const row = found.at(i);
    list.push(
      tableRow(
        shown,
        (column) => (row === null ? text('') : cellOf(declared, column, row, known, look)),
        i === place.selected,
        look,
      ),
    );
  }
  return linesOf([...head, ...list], columns, rows, look);
}

/** The first declared column, when none was chosen. */
const cursorAt = (columns: readonly FittedColumn[], pane: number): number => {
  const start = Math.max(
    0,
    columns.findIndex(({ column }) => !/^(ts|src_ip|dst_ip)$/.test(column)),
  );
  return (((start + pane) % columns.length) + columns.length) % columns.length;
};

function act(app: string, key: Key, known: Known, place: Place, room: Room): Act | null {
  const declared = declaredOf(app, known);
  const found = rowsOfWindow(known, place, app);
  if (key.name === 'tab') return instead(place, `spoken:${app}`);
  const move = moved(key, place, found?.total ?? 0, Math.max(1, room.rows - above));
  if (move !== null || declared === undefined) return move;
  const shown = columnsOf(declared, room.columns, place.sort?.column ?? null);
  if (key.name === 'left') return put({ ...place, pane: place.pane - 1 });
  if (key.name === 'right') return put({ ...place, pane: place.pane + 1 });
  const { column } = shown[cursorAt(shown, place.pane)];
  const sort = sorted(key, place, column, place.sort ?? newest, column === 'ts');
  if (sort !== null) return sort;
  const row = found?.at(place.selected) ?? null;
  if (row === null) return null;
  if (key.name === 'enter') return numberAt(row, 'flow_id') === null ? null : opened(place, flowThing(row));
  if (!isKey(key, 'f') && !isKey(key, 'F')) return null;
  const field = declared.fields.find((each) => each.column === column);
  const value = row[column];
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const word = column.endsWith('_ip') ? 'ip' : (field?.filters[0] ?? `${app}.${column}`);
  return value === '' || column === 'ts' ? null : narrow(term(word, value), isKey(key, 'F'));
}

export const protocolPage: Page = {
  wants: (app, place, room) =>
    asking(place, rowsFor(room, above), { table: app, ...(place.sort === null ? {} : { sort: place.sort }) }),
  draw,
  act,
  keys: [
    ['enter', 'open the flow'],
    ['tab', 'its flows'],
    ['←→', 'column'],
    ['f', 'only this'],
    ['s', 'sort'],
  ],
};
