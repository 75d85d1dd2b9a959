// View 3: hosts, those with most bytes first; Enter opens one.

import type { Row } from '../../../api/index.ts';
import { cellText, hostColumns, unknown } from '../../../present/index.ts';
import { heading } from '../../frame/boxes.ts';
import { linesOf, type Spans, span, text } from '../../frame/lines.ts';
import { cutMiddle, type FittedColumn, fitColumns, headRow, shownRows, tableRow } from '../../frame/table.ts';
import type { Act, Key, Known, Look, Place, Room, View } from '../../frame/view.ts';
import { positionNote } from '../flows/flows.ts';
import { isOver, placed } from '../flows/list.ts';
import { emptyRows } from '../parts/empty.ts';
import { isKey, moved, opened, put, sorted } from '../parts/moving.ts';
import { protocolTitle } from '../parts/names.ts';
import { asking, keyAt, numberAt, rowsFor, rowsOfWindow, shortCount, textAt, textsAt } from '../parts/rows.ts';
import { narrow, term } from '../parts/terms.ts';

const above = 2;
const bySize = { column: 'bytes', descending: true } as const;

function columnsOf(known: Known, place: Place, cells: number): FittedColumn[] {
  const shown = isOver(known) ? hostColumns.filter(({ column }) => !/^rate_/.test(column)) : hostColumns;
  return fitColumns(placed(shown, known), cells, place.sort?.column ?? null);
}

const riskInk = { ok: 'text', watch: 'low', suspicious: 'medium', 'likely compromised': 'critical' } as const;

/** `▲` with the address where alerts name it; its risk on the page. */
function hostCell({ column: name, cells }: FittedColumn, row: Row, known: Known, look: Look): Spans {
  if (name === 'ip') {
    const ip = textAt(row, 'ip');
    const level = known.snapshot?.risks.find(({ host }) => host === ip)?.level ?? 'ok';
    const isNamed = (numberAt(row, 'alerts') ?? 0) > 0 || level !== 'ok';
    const mark = isNamed ? [span('▲ ', level === 'ok' ? 'medium' : riskInk[level])] : [];
    return [...mark, span(cutMiddle(ip, cells - (isNamed ? 2 : 0), look))];
  }
  if (name === 'name')
    return text(textAt(row, 'name') || textAt(row, 'names') || known.snapshot?.names[textAt(row, 'ip')] || unknown);
  if (name === 'apps')
    return text(
      textsAt(row, 'apps')
        .map((app) => protocolTitle(app, known))
        .join(', ') || unknown,
    );
  const other = { bytes_in: 'bytes_rx', bytes_out: 'bytes_tx' }[name];
  const value = row[name] ?? (other === undefined ? null : (row[other] ?? null));
  if (value === 0) return [span('0', 'muted')];
  if (name === 'flows') return text(typeof value === 'number' ? shortCount(value, cells) : unknown);
  const shown = cellText({ name, kind: name.endsWith('_ts') ? 'time' : 'u64' }, value);
  return [span(shown, shown === unknown ? 'muted' : 'text')];
}

function draw(known: Known, place: Place, room: Room, look: Look): readonly string[] {
  const { columns, rows } = room;
  const found = rowsOfWindow(known, place, 'hosts');
  const note = positionNote(place, found);
  const head = heading('Hosts', columns, look, place.sort === null ? [span('by bytes, both ways', 'muted')] : [], note);
  if (found === null || found.total === 0) {
    return linesOf([head, ...emptyRows(known, place, 'host', found !== null, columns)], columns, rows, look);
  }
  const shown = columnsOf(known, place, columns);
  const cursor = shown[cursorAt(shown, place.pane)].column;
  const out: Spans[] = [head, headRow(shown, { sort: place.sort, cursor }, look)];
  const [from, to] = shownRows(place, found.total, Math.max(1, rows - above));
  for (let i = from; i < to; i++) {
    const row = found.at(i);
    const cellOf = (column: FittedColumn): Spans => (row === null ? text('') : hostCell(column, row, known, look));
    out.push(tableRow(shown, cellOf, i === place.selected, look));
  }
  return linesOf(out, columns, rows, look);
}

const cursorAt = (columns: readonly FittedColumn[], pane: number): number =>
  ((pane % columns.length) + columns.length) % columns.length;

const fields: Readonly<Record<string, string>> = { ip: 'ip', name: 'name', country: 'country' };

function act(key: Key, known: Known, place: Place, room: Room): Act | null {
  const found = rowsOfWindow(known, place, 'hosts');
  const move = moved(key, place, found?.total ?? 0, rowsFor(room, above));
  if (move !== null) return move;
  const shown = columnsOf(known, place, room.columns);
  if (key.name === 'left') return put({ ...place, pane: place.pane - 1 });
  if (key.name === 'right') return put({ ...place, pane: place.pane + 1 });
  const { column, align } = shown[cursorAt(shown, place.pane)];
  const sort = sorted(key, place, column, place.sort ?? bySize, align === 'right' || column.endsWith('_ts'));
  if (sort !== null) return sort;
  const row = found?.at(place.selected) ?? null;
  if (row === null) return null;
  const ip = textAt(row, 'ip');
  if (key.name === 'enter') return opened(place, `host:${ip}`);
  if (isKey(key, 'c'))
    return { do: 'copy', text: `ip${ip.includes(':') ? 'v6' : ''}.addr == ${ip}`, what: 'Wireshark filter' };
  if (isKey(key, 'b')) return { do: 'copy', text: `host ${ip}`, what: 'capture filter' };
  if (!isKey(key, 'f') && !isKey(key, 'F')) return null;
  const app = column === 'apps' ? textsAt(row, 'apps')[0] : undefined;
  const value = textAt(row, column);
  const of =
    app !== undefined
      ? term('app', app)
      : fields[column] !== undefined && value !== ''
        ? term(fields[column], value)
        : term('ip', ip);
  return narrow(of, isKey(key, 'F'));
}

export const hostsView: View = {
  key: '3',
  name: 'hosts',
  title: 'Hosts',
  wants: (place, room) => asking(place, rowsFor(room, above), { table: 'hosts', sort: place.sort ?? bySize }),
  draw,
  act,
  keyAt: (known, place, index) => keyAt(rowsOfWindow(known, place, 'hosts'), index),
  keys: [
    ['enter', 'open'],
    ['←→', 'column'],
    ['f', 'only this'],
    ['F', 'not this'],
    ['s', 'sort'],
    ['S', 'reverse'],
    ['c', 'copy for Wireshark'],
    ['b', 'copy as BPF'],
  ],
};
