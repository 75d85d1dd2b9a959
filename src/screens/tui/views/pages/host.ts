// One host: what is known of it, what it speaks and with whom, and its flows.

import { printable } from '../../../../core/index.ts';
import type { Row, SceneAbout } from '../../../api/index.ts';
import { formatBytes, formatCount, formatPackets } from '../../../present/index.ts';
import { beside, betweenCells, facts, heading, rowsOf, sideHeading } from '../../frame/boxes.ts';
import { fit, linesOf, nothing, type Spans, span } from '../../frame/lines.ts';
import { barSpans } from '../../frame/spark.ts';
import { cutMiddle } from '../../frame/table.ts';
import type { Act, Key, Known, Line, Look, Place, Room, Wants } from '../../frame/view.ts';
import { positionNote } from '../flows/flows.ts';
import { flowActs } from '../flows/keys.ts';
import { flowOrder, flowTable, orderWords } from '../flows/list.ts';
import { newestAlerts, severitySpans } from '../overview/panels.ts';
import { emptyRows } from '../parts/empty.ts';
import { isKey, moved, opened } from '../parts/moving.ts';
import { appInk, nameOf, protocolTitle } from '../parts/names.ts';
import type { Page } from '../parts/opening.ts';
import { keyAt, numberAt, type Rows, rowsOfWindow, textAt } from '../parts/rows.ts';
import { term, withFilter } from '../parts/terms.ts';

/** What is summed up here comes from so many of its largest flows. */
const mostFlows = 200;

/** Rows above those of its flows. */
const aboveFlows = ({ rows }: Room): number => (rows >= 26 ? 13 : rows >= 16 ? 9 : 4);

const filterOf = (ip: string, place: Place): string => withFilter(place.filter, term('ip', ip));

function wants(ip: string, place: Place, about: SceneAbout | undefined): Wants {
  const filter = filterOf(ip, place);
  const from = Math.max(0, place.first - 60);
  return { table: 'flows', filter, sort: place.sort ?? flowOrder(about), from, count: mostFlows };
}

interface Part {
  readonly label: string;
  readonly app: string;
  bytes: number;
}

/** Bytes by what is spoken, and by who is spoken with, of the flows at hand. */
function partsOf(ip: string, rows: Rows, known: Known): { apps: Part[]; peers: Part[] } {
  const apps = new Map<string, Part>();
  const peers = new Map<string, Part>();
  const add = (into: Map<string, Part>, label: string, app: string, bytes: number): void => {
    const part = into.get(label) ?? { label, app, bytes: 0 };
    part.bytes += bytes;
    into.set(label, part);
  };
  for (let i = 0; i < Math.min(rows.total, mostFlows); i++) {
    const row = rows.at(i);
    if (row === null) continue;
    const bytes = (numberAt(row, 'bytes_fwd') ?? 0) + (numberAt(row, 'bytes_rev') ?? 0);
    const app = textAt(row, 'app');
    add(apps, protocolTitle(app, known), app, bytes);
    add(peers, peerOf(ip, row, known), app, bytes);
  }
  const sorted = (from: Map<string, Part>): Part[] => [...from.values()].sort((a, b) => b.bytes - a.bytes);
  return { apps: sorted(apps), peers: sorted(peers) };
}

function peerOf(ip: string, row: Row, known: Known): string {
  const side = textAt(row, 'src_ip') === ip ? 'dst' : 'src';
  return nameOf(textAt(row, `${side}_ip`), row, side, known) || textAt(row, `${side}_ip`);
}

function partRows(
  parts: readonly Part[],
  cells: number,
  count: number,
  known: Known,
  look: Look,
  isPeer: boolean,
): Spans[] {
  const most = Math.max(1, parts[0]?.bytes ?? 0);
  const label = Math.floor(cells * 0.45);
  const bar = Math.max(0, cells - label - 12);
  return parts
    .slice(0, count)
    .map(({ label: words, app, bytes }) => [
      span(' '),
      ...fit([span(cutMiddle(words, label, look))], label, look),
      span(' '),
      ...barSpans(bytes / most, bar, look, isPeer ? 'text' : appInk(app, known)),
      ...fit([span(formatBytes(bytes))], 9, look, 'right'),
    ]);
}

/** Address, name, sums, risk. */
function headRows(ip: string, known: Known, cells: number, look: Look): Spans[] {
  const { snapshot } = known;
  const name = snapshot?.names[ip] ?? '';
  const talker = snapshot?.talkers.find((each) => each.ip === ip);
  const risk = snapshot?.risks.find(({ host }) => host === ip);
  const alert = newestAlerts(known).find(
    ({ key, sources, targets }) => key === ip || sources.includes(ip) || targets.includes(ip),
  );
  const riskSpans: Spans =
    risk === undefined
      ? [span('no alert points at it', 'muted')]
      : [span(`risk ${formatCount(risk.score)}, ${risk.level}`, risk.level === 'ok' ? 'text' : 'medium')];
  const sums: [string, string][] =
    talker === undefined
      ? []
      : [
          ['↓', `${formatBytes(talker.bytesReceived)}, ${formatPackets(talker.packetsReceived)}`],
          ['↑', `${formatBytes(talker.bytes)}, ${formatPackets(talker.packets)}`],
        ];
  const alertRow: Spans =
    alert === undefined
      ? nothing
      : [span(' '), ...severitySpans(alert.severity, look), span(`  ${alert.title}  `, 'strong'), span(alert.explain)];
  return [
    heading('Host', cells, look, [span(name === '' ? ip : `${printable(name)}  ${ip}`, 'strong')]),
    [...facts(sums, cells), span(sums.length > 0 ? '   ' : ' '), ...riskSpans],
    alertRow,
  ];
}

function draw(ip: string, known: Known, place: Place, room: Room, look: Look): readonly Line[] {
  const { columns, rows } = room;
  const found = rowsOfWindow(known, place, 'flows', filterOf(ip, place));
  const head = headRows(ip, known, columns, look);
  const above = aboveFlows(room);
  const note = positionNote(place, found, true);
  const title = heading('Flows', columns, look, [span(orderWords(known, place), 'muted')], note);
  if (found === null || found.total === 0) {
    return linesOf([...head, title, ...emptyRows(known, place, 'flow', found !== null, columns)], columns, rows, look);
  }
  const middle = above - head.length - 1;
  const parts = middle < 3 ? [] : summaryRows(ip, found, known, columns, middle, look);
  const list = flowTable(known, place, found, columns, Math.max(1, rows - above - 1), look);
  return linesOf([...head, ...parts, title, ...list], columns, rows, look);
}

function summaryRows(ip: string, rows: Rows, known: Known, cells: number, count: number, look: Look): Spans[] {
  const { apps, peers } = partsOf(ip, rows, known);
  const left = Math.floor((cells - betweenCells) / 2);
  const right = cells - left - betweenCells;
  const note = rows.total > mostFlows ? `${mostFlows} largest flows` : '';
  const speaks = [heading('Speaks', left, look), ...partRows(apps, left - 1, count - 1, known, look, false)];
  const withWhom = [
    sideHeading('With', right, look, note),
    ...partRows(peers, right - 1, count - 1, known, look, true),
  ];
  return beside([rowsOf(speaks, count), left], [withWhom, right], count, look);
}

function act(ip: string, key: Key, known: Known, place: Place, room: Room): Act | null {
  const found = rowsOfWindow(known, place, 'flows', filterOf(ip, place));
  if (isKey(key, 'a')) {
    const alert = newestAlerts(known).find(({ key: about, sources, targets }) =>
      [about, ...sources, ...targets].includes(ip),
    );
    return alert === undefined ? null : opened(place, `alert:${alert.id}`);
  }
  const page = Math.max(1, room.rows - aboveFlows(room) - 1);
  return moved(key, place, found?.total ?? 0, page) ?? flowActs(key, known, place, room.columns);
}

export const hostPage: Page = {
  wants: (ip, place, _, about) => wants(ip, place, about),
  draw,
  act,
  keyAt: (ip, known, place, index) => keyAt(rowsOfWindow(known, place, 'flows', filterOf(ip, place)), index),
  keys: [
    ['enter', 'open the flow'],
    ['a', 'its newest alert'],
    ['f', 'only this'],
  ],
};
