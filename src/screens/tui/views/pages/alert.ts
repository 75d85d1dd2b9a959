// One alert, argued: what was seen against its limit, why it matters, what else it could be, and where to look.

import { type Alert, printable } from '../../../../core/index.ts';
import type { Row } from '../../../api/index.ts';
import { counted, dayTime, formatCount, wrap } from '../../../present/index.ts';
import { heading } from '../../frame/boxes.ts';
import { fit, linesOf, nothing, type Spans, span } from '../../frame/lines.ts';
import { barSpans } from '../../frame/spark.ts';
import type { Act, Key, Known, Line, Look, Place, Room } from '../../frame/view.ts';
import { severitySpans } from '../overview/panels.ts';
import { told } from '../parts/empty.ts';
import { isKey, opened, put } from '../parts/moving.ts';
import type { Page } from '../parts/opening.ts';
import { numberAt, rowsOfWindow, textAt, textsAt } from '../parts/rows.ts';
import { scrolled } from '../parts/scrolled.ts';
import { narrow, quoted, term } from '../parts/terms.ts';

const filterOf = (id: string): string => `alert.id == "${id.replace(/[^0-9a-z]/gi, '')}"`;

/** The row of the alert; null until it came. */
function rowOf(id: string, known: Known, place: Place): Row | null {
  const rows = rowsOfWindow(known, place, 'alerts', filterOf(id));
  for (let i = 0; rows !== null && i < Math.min(rows.total, 200); i++) {
    const row = rows.at(i);
    if (row !== null && textAt(row, 'alert_id') === id) return row;
  }
  return null;
}

/** All of it: from the snapshot, from the row's document, or as much as the row itself has. */
function alertOf(id: string, known: Known, place: Place): Alert | null {
  const fresh =
    known.snapshot?.alerts.find((alert) => alert.id === id) ?? known.flow?.alerts.find((alert) => alert.id === id);
  const row = rowOf(id, known, place);
  if (fresh !== undefined) return row === null ? fresh : { ...fresh, state: textAt(row, 'state') as Alert['state'] };
  if (row === null) return null;
  return { ...bare(id, row), ...documentOf(textAt(row, 'details')) };
}

/** Only values of the kind that an alert has them in: a document from a disk may be anything. */
function documentOf(json: string): Partial<Alert> {
  try {
    const read: unknown = JSON.parse(json);
    if (typeof read !== 'object' || read === null) return {};
    const sample: Readonly<Record<string, unknown>> = { ...bare('', {}), mitre: '', expected: 0 };
    const fitting = Object.entries(read).filter(
      ([name, value]) =>
        typeof value === typeof sample[name] && Array.isArray(value) === Array.isArray(sample[name]) && value !== null,
    );
    return Object.fromEntries(fitting) as Partial<Alert>;
  } catch {
    // An unreadable document leaves what the row says.
    return {};
  }
}

function bare(id: string, row: Row): Alert {
  const number = (column: string): number => numberAt(row, column) ?? 0;
  const severity = textAt(row, 'severity');
  return {
    id,
    detector: textAt(row, 'detector'),
    title: textAt(row, 'title'),
    version: number('version'),
    severity: (['low', 'medium', 'high', 'severe', 'critical'] as const).find((each) => each === severity) ?? 'info',
    score: number('score'),
    confidence: number('confidence'),
    state: textAt(row, 'state') as Alert['state'],
    explainedBy: null,
    key: textAt(row, 'key'),
    sources: textsAt(row, 'sources'),
    targets: textsAt(row, 'targets'),
    firstUs: number('first_ts'),
    lastUs: number('last_ts'),
    firstPacket: 0,
    packet: 0,
    lastPacket: 0,
    count: number('count'),
    observed: number('observed'),
    threshold: number('threshold'),
    unit: textAt(row, 'unit'),
    expected: null,
    explain: textAt(row, 'explain'),
    against: '',
    meaning: '',
    benign: '',
    next: '',
    mitre: textAt(row, 'mitre') || null,
    flows: textsAt(row, 'flows'),
    packets: [],
    filter: textAt(row, 'filter'),
  };
}

const labelCells = 15;

/** A label and text of as many lines as it takes. */
function said(label: string, words: string, cells: number, look: Look): Spans[] {
  if (words === '') return [];
  const lines = wrap(printable(words), Math.max(12, Math.min(cells - labelCells - 1, 100)));
  return lines.map((line, i) => [...fit([span(` ${i === 0 ? label : ''}`, 'muted')], labelCells, look), span(line)]);
}

/** Seen, limit and usual, as bars on one scale. */
function measureRows(
  { observed, threshold, expected, unit }: Alert,
  severity: Alert['severity'],
  cells: number,
  look: Look,
): Spans[] {
  if (threshold === 0 && observed === 0) return [];
  const values: (readonly [string, number])[] = [
    ['Seen', observed],
    ['Limit', threshold],
  ];
  if (expected !== null) values.push(['Usual', expected]);
  const most = Math.max(...values.map(([, value]) => value), 1e-9);
  const words = values.map(
    ([, value]) => `${Number.isInteger(value) ? formatCount(value) : value.toPrecision(3)} ${unit}`,
  );
  const wordCells = Math.min(28, Math.max(...words.map((each) => each.length)) + 2);
  const bar = Math.max(4, Math.min(60, cells - labelCells - wordCells - 1));
  return values.map(([label, value], i) => [
    ...fit([span(` ${label}`, 'muted')], labelCells, look),
    ...fit([span(words[i])], wordCells, look),
    ...barSpans(value / most, bar, look, i === 0 ? severity : 'muted'),
  ]);
}

function rowsOf(alert: Alert, known: Known, cells: number, look: Look): Spans[] {
  const incident = known.snapshot?.incidents.find(({ alerts }) => alerts.includes(alert.id));
  const when =
    alert.firstUs === alert.lastUs
      ? dayTime(alert.lastUs)
      : `${dayTime(alert.firstUs)} to ${dayTime(alert.lastUs).slice(11)}`;
  const times = alert.count > 1 ? `, ${formatCount(alert.count)} times` : '';
  const packets = alert.packets.length === 0 ? '' : alert.packets.map(formatCount).join('  ');
  return [
    heading('Alert', cells, look, [
      ...severitySpans(alert.severity, look),
      span(`  ${alert.title}`, 'strong'),
      span(`  ${alert.state}`, 'muted'),
    ]),
    ...wrap(printable(alert.explain), Math.max(12, Math.min(cells - 2, 116))).map(
      (line): Spans => [span(' '), span(line, 'strong')],
    ),
    nothing,
    ...measureRows(alert, alert.severity, cells, look),
    ...said('When', `${when}${times}`, cells, look),
    ...said('From', alert.sources.join(', '), cells, look),
    ...said('To', alert.targets.join(', '), cells, look),
    nothing,
    ...said('Matters', alert.meaning, cells, look),
    ...said('But', alert.against, cells, look),
    ...said('May be', alert.benign, cells, look),
    ...said('Look at', alert.next, cells, look),
    nothing,
    ...said(
      'Incident',
      incident === undefined ? '' : `${incident.explain} ${counted(incident.alerts.length, 'alert')}.`,
      cells,
      look,
    ),
    ...said('Packets', packets, cells, look),
    ...said(
      'Flows',
      alert.flows.length === 0 ? '' : `${formatCount(alert.flows.length)}: Enter lists them`,
      cells,
      look,
    ),
    ...said('Wireshark', alert.filter, cells, look),
    ...said('ATT&CK', alert.mitre ?? '', cells, look),
    ...said('Confidence', `${Math.round(alert.confidence * 100)} %, ${formatCount(alert.score)} points`, cells, look),
    ...said('Detector', `${alert.detector}, version ${alert.version}; alert ${alert.id}`, cells, look),
  ];
}

function draw(id: string, known: Known, place: Place, { columns, rows }: Room, look: Look): readonly Line[] {
  const alert = alertOf(id, known, place);
  if (alert === null) {
    const words =
      known.trouble === null ? ['Looking for the alert…'] : [`This alert could not be had: ${known.trouble}`];
    return linesOf([heading('Alert', columns, look), ...told(words, columns)], columns, rows, look);
  }
  const [head, ...all] = rowsOf(alert, known, columns, look);
  // Empty rows between its parts are the first to go where it is too long.
  const body = all.length < rows ? all : all.filter((row) => row.length > 0);
  return linesOf([head, ...scrolled(body, place, rows - 1)], columns, rows, look);
}

/** Flows that an alert names, or those of who it is about. */
function flowsTerm(alert: Alert): string {
  const from = alert.sources[0];
  const to = alert.targets[0];
  if (from === undefined) return quoted(alert.key);
  const first = term('ip', from);
  return to === undefined || alert.targets.length > 1 ? first : `${first} and ${term('ip', to)}`;
}

function act(id: string, key: Key, known: Known, place: Place, room: Room): Act | null {
  const alert = alertOf(id, known, place);
  if (alert === null) return null;
  const step = { down: 1, j: 1, up: -1, k: -1, pagedown: room.rows, pageup: -room.rows }[key.name];
  if (step !== undefined) return put({ ...place, selected: Math.max(0, Math.min(200, place.selected + step)) });
  if (key.name === 'enter')
    return {
      do: 'view',
      view: 'flows',
      place: { filter: flowsTerm(alert), selected: 0, first: 0, opened: [], trail: [] },
    };
  if (isKey(key, 'a')) {
    const run = numberAt(rowOf(id, known, place) ?? {}, 'run');
    return run === null || !known.about.can.acknowledge ? null : { do: 'acknowledge', run, alertId: id };
  }
  if (isKey(key, 'c')) return alert.filter === '' ? null : { do: 'copy', text: alert.filter, what: 'Wireshark filter' };
  if (isKey(key, 'f') || isKey(key, 'F')) return narrow(term('ip', alert.sources[0] ?? alert.key), isKey(key, 'F'));
  if (isKey(key, 'h') && alert.sources[0] !== undefined) return opened(place, `host:${alert.sources[0]}`);
  return null;
}

export const alertPage: Page = {
  wants: (id) => ({ table: 'alerts', filter: filterOf(id), from: 0, count: 1 }),
  draw,
  act,
  keys: [
    ['enter', 'its flows'],
    ['a', 'acknowledge'],
    ['h', 'the host'],
    ['f', 'only this host'],
    ['c', 'copy for Wireshark'],
  ],
};
