// View 5: what looks unusual, newest first, alerts of one incident together; Enter opens one.

import { type Alert, type Incident, type Severity, severities } from '../../../../core/index.ts';
import type { Row } from '../../../api/index.ts';
import { alertColumns, cellText, counted, formatCount, unknown } from '../../../present/index.ts';
import { heading } from '../../frame/boxes.ts';
import { fit, linesOf, nothing, type Spans, span, text } from '../../frame/lines.ts';
import { type FittedColumn, fitColumns, headRow, shownRows, tableRow } from '../../frame/table.ts';
import type { Act, Key, Known, Line, Look, Place, Room, View, Wants } from '../../frame/view.ts';
import { positionNote } from '../flows/flows.ts';
import { severitySpans } from '../overview/panels.ts';
import { emptyRows } from '../parts/empty.ts';
import { isKey, moved, opened, sorted } from '../parts/moving.ts';
import { asking, keyAt, numberAt, type Rows, rowsFor, rowsOfWindow, shortCount, textAt } from '../parts/rows.ts';
import { narrow, term } from '../parts/terms.ts';

/** A severity is never cut: it is read as a word. */
const ownColumns = alertColumns.map((column) => (column.column === 'severity' ? { ...column, least: 10 } : column));

const newest = { column: 'last_ts', descending: true } as const;
const mostIncidents = 3;
/** As many as one answer may hold: within them, alerts of an incident are brought together. */
const mostTogether = 200;

/** Incidents shown above the list, where there is room. */
const incidentRows = (known: Known, room: Room): number => {
  const count = Math.min(mostIncidents, known.snapshot?.incidents.length ?? 0);
  return count === 0 || room.rows < 12 ? 0 : count + 2;
};

const above = (known: Known, room: Room): number => incidentRows(known, room) + 2;

function wants(place: Place, room: Room): Wants {
  // Left out, it is newest first, to the very end.
  const sort = place.sort === null ? {} : { sort: place.sort };
  if (place.first + room.rows < mostTogether)
    return { ...asking(place, room.rows, { table: 'alerts', ...sort }), from: 0, count: mostTogether };
  return asking(place, rowsFor(room, 2), { table: 'alerts', ...sort });
}

/** Rows of the list, and the mark that joins those of one incident. */
interface AlertRows extends Rows {
  mark(index: number): string;
}

/** Rows in the order of the answer, those of an incident behind its first. */
function alertRows(known: Known, place: Place): AlertRows | null {
  const rows = rowsOfWindow(known, place, 'alerts');
  if (rows === null) return null;
  const incidents = known.snapshot?.incidents ?? [];
  const isWhole = (known.asked?.from ?? 0) === 0 && rows.total <= mostTogether && place.sort === null;
  if (!isWhole || incidents.length === 0) return { ...rows, mark: () => '' };
  const { order, marks } = together(rows, incidents);
  return { ...rows, at: (index) => rows.at(order[index] ?? index), mark: (index) => marks[index] ?? '' };
}

function together(rows: Rows, incidents: readonly Incident[]): { order: number[]; marks: string[] } {
  const incidentOf = new Map<string, Incident>(
    incidents.flatMap((each) => each.alerts.map((id) => [id, each] as const)),
  );
  const places = Array.from({ length: rows.total }, (_, i) => i);
  const groupOf = (at: number): string => incidentOf.get(textAt(rows.at(at) ?? {}, 'alert_id'))?.id ?? '';
  const order: number[] = [];
  const marks: string[] = [];
  const seen = new Set<string>();
  for (const at of places) {
    const group = groupOf(at);
    if (seen.has(group)) continue;
    const members = group === '' ? [at] : places.filter((each) => groupOf(each) === group);
    if (group !== '') seen.add(group);
    for (const [i, each] of members.entries()) {
      order.push(each);
      marks.push(members.length === 1 ? '' : i === 0 ? '┬ ' : i === members.length - 1 ? '└ ' : '├ ');
    }
  }
  return { order, marks };
}

const severityOf = (row: Row): Severity => severities.find((each) => each === textAt(row, 'severity')) ?? 'info';

function alertCell({ column: name, cells }: FittedColumn, row: Row, markText: string, look: Look): Spans {
  if (name === 'severity') return severitySpans(severityOf(row), look);
  if (name === 'title') return [span(markText, 'line'), span(textAt(row, 'title'), 'strong')];
  if (name === 'state') return [span(textAt(row, 'state'), textAt(row, 'state') === 'open' ? 'text' : 'muted')];
  if (name === 'count') return text(shortCount(numberAt(row, 'count') ?? 0, cells));
  const shown = cellText({ name, kind: name.endsWith('_ts') ? 'time' : 'text' }, row[name] ?? null);
  return [span(shown, shown === unknown || name === 'mitre' ? 'muted' : 'text')];
}

/** What alerts add up to, the gravest first. */
function incidentPart(known: Known, room: Room, look: Look): Spans[] {
  const count = incidentRows(known, room);
  if (count === 0) return [];
  const rank = (severity: Alert['severity']): number => severities.indexOf(severity);
  const all = [...(known.snapshot?.incidents ?? [])].sort(
    (a, b) => rank(b.severity) - rank(a.severity) || b.lastUs - a.lastUs,
  );
  const rows = all
    .slice(0, mostIncidents)
    .map(
      ({ severity, host, explain, alerts }): Spans => [
        span('   '),
        ...fit(severitySpans(severity, look), 11, look),
        ...fit([span(host, 'strong')], Math.min(41, Math.max(16, host.length + 2)), look),
        ...fit([span(`${counted(alerts.length, 'alert')}  `, 'muted')], 11, look),
        span(explain),
      ],
    );
  return [heading('Incidents', room.columns, look, nothing, formatCount(all.length)), ...rows, nothing];
}

function draw(known: Known, place: Place, room: Room, look: Look): readonly Line[] {
  const { columns, rows } = room;
  const found = alertRows(known, place);
  const note = positionNote(place, found);
  const head = heading('Alerts', columns, look, countSpans(known, look), note);
  const incidents = incidentPart(known, room, look);
  if (found === null || found.total === 0) {
    return linesOf([head, ...emptyRows(known, place, 'alert', found !== null, columns)], columns, rows, look);
  }
  const shown = fitColumns(ownColumns, columns, place.sort?.column ?? null);
  const out: Spans[] = [...incidents, head, headRow(shown, { sort: place.sort ?? newest, cursor: null }, look)];
  const count = Math.max(1, rows - above(known, room));
  const [from, to] = shownRows(place, found.total, count);
  for (let i = from; i < to; i++) {
    const row = found.at(i);
    out.push(
      tableRow(
        shown,
        (column) => (row === null ? text('') : alertCell(column, row, found.mark(i), look)),
        i === place.selected,
        look,
      ),
    );
  }
  return linesOf(out, columns, rows, look);
}

/** How many of each severity, the gravest first. */
function countSpans({ snapshot }: Known, look: Look): Spans {
  if (snapshot === null) return nothing;
  const present = [...severities].reverse().filter((severity) => (snapshot.alertCounts[severity] ?? 0) > 0);
  return present.flatMap((severity) => [
    ...severitySpans(severity, look),
    span(` ${formatCount(snapshot.alertCounts[severity])}  `, 'muted'),
  ]);
}

/** `s` goes through these orders. */
const orders = ['last_ts', 'severity_rank', 'count', 'first_ts'] as const;

function act(key: Key, known: Known, place: Place, room: Room): Act | null {
  const found = alertRows(known, place);
  const move = moved(key, place, found?.total ?? 0, Math.max(1, room.rows - above(known, room)));
  if (move !== null) return move;
  const now = place.sort ?? newest;
  const next = orders[(orders.indexOf(now.column as (typeof orders)[number]) + 1) % orders.length];
  const sort = sorted(key, place, next, now, true);
  if (sort !== null) return sort;
  const row = found?.at(place.selected) ?? null;
  if (row === null) return null;
  const id = textAt(row, 'alert_id');
  if (key.name === 'enter') return opened(place, `alert:${id}`);
  if (isKey(key, 'a') && known.about.can.acknowledge)
    return { do: 'acknowledge', run: numberAt(row, 'run') ?? 0, alertId: id };
  if (isKey(key, 'c')) {
    const filter = textAt(row, 'filter');
    return filter === '' ? null : { do: 'copy', text: filter, what: 'Wireshark filter' };
  }
  if (isKey(key, 'f') || isKey(key, 'F'))
    return narrow(term('alert.detector', textAt(row, 'detector')), isKey(key, 'F'));
  return null;
}

export const alertsView: View = {
  key: '5',
  name: 'alerts',
  title: 'Alerts',
  wants,
  draw,
  act,
  keyAt: (known, place, index) => keyAt(alertRows(known, place), index),
  keys: [
    ['enter', 'why'],
    ['a', 'acknowledge'],
    ['f', 'only such'],
    ['F', 'not such'],
    ['s', 'order'],
    ['c', 'copy for Wireshark'],
  ],
};
