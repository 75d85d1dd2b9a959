// View 1: how much is going on, traffic over time, who and what it is, the largest flows, the newest alert.

import { momentSentence, wrap } from '../../../present/index.ts';
import { beside, betweenCells, heading, rowsOf, sideHeading } from '../../frame/boxes.ts';
import { areaChart } from '../../frame/chart.ts';
import { linesOf, nothing, type Spans, span } from '../../frame/lines.ts';
import type { Act, Key, Known, Look, Place, Room, View } from '../../frame/view.ts';
import { positionNote } from '../flows/flows.ts';
import { flowActs } from '../flows/keys.ts';
import { flowOrder, flowTable, isOver, orderWords } from '../flows/list.ts';
import { emptyRows, told, waiting } from '../parts/empty.ts';
import { isKey, moved, opened, put } from '../parts/moving.ts';
import { asking, keyAt, rowsOfWindow } from '../parts/rows.ts';
import { axisLabel, familyLayers, latest, spanWords, timeLabels } from '../parts/series.ts';
import { alertPanel, healthPanel, hostPanel, newestAlertRow, newestAlerts, protocolPanel } from './panels.ts';
import { tilesRow } from './tiles.ts';

/** Where everything stands, by the room alone. */
interface Layout {
  /** Heading, picture, times. */
  readonly chart: number;
  /** Cells of what stands beside the chart; 0: it has a page of its own, reached by Tab. */
  readonly side: number;
  /** Whether that goes down all the page. */
  readonly isTall: boolean;
  /** Rows of the list of flows. */
  readonly flows: number;
}

/** The sentence takes two rows where there are enough, the second of which is often empty; then tiles. */
const topRows = (rows: number): number => (rows >= 14 ? 2 : 1) + 1 + (rows >= 28 ? 1 : 0);

/** The moment in one sentence, and how much is going on. */
function topPart(known: Known, { columns, rows }: Room, look: Look): Spans[] {
  const { about, snapshot, pulse, recent } = known;
  const hasPackets = (snapshot?.packets ?? 0) > 0;
  const words = hasPackets ? momentSentence({ isLive: about.isLive, snapshot, pulse, recent }) : waiting(known)[0];
  const most = rows >= 14 ? 2 : 1;
  const lines = wrap(words, Math.max(10, columns - 2));
  // What does not fit into the last row is cut there, with a mark.
  const shown = lines.length > most ? [...lines.slice(0, most - 1), lines.slice(most - 1).join(' ')] : lines;
  const sentence = rowsOf(
    shown.map((line): Spans => [span(' '), span(line)]),
    most,
  );
  return [...sentence, tilesRow(known, columns, look), ...(rows >= 28 ? [nothing] : [])];
}

export function layoutOf({ columns, rows }: Room): Layout {
  const isWide = columns >= 100 && rows >= 18;
  const isTall = columns >= 160 && rows >= 40;
  const chart = rows < 14 ? 0 : Math.max(6, Math.min(20, Math.floor(rows * 0.3)));
  const side = isTall
    ? Math.min(64, Math.floor(columns * 0.32))
    : isWide
      ? Math.max(30, Math.floor(columns * 0.29))
      : 0;
  // The sentence, tiles, the two heads of the list, and the newest alert after an empty row.
  const others = topRows(rows) + chart + 2 + (isTall ? 0 : rows >= 28 ? 2 : 1);
  return { chart, side, isTall, flows: Math.max(1, rows - others) };
}

function trafficPart(known: Known, cells: number, rows: number, look: Look): Spans[] {
  const isLive = !isOver(known);
  const whole = isLive ? known.recent : (known.whole ?? known.recent);
  const series = whole !== null && isLive ? latest(whole, 300) : whole;
  const title = isLive ? `Traffic, ${spanWords(300, true)}` : 'Traffic';
  if (series === null || series.bytes.length === 0)
    return [heading(title, cells, look), ...told(waiting(known), cells)];
  const seconds = isLive ? 300 : series.bytes.length * series.stepSec;
  const head = heading(title, cells, look, isLive ? nothing : [span(spanWords(seconds, false), 'muted')], 'b/s');
  const padded = isLive
    ? familyLayers(series).map((layer) => ({ ...layer, values: leftFilled(layer.values, 300 / series.stepSec) }))
    : familyLayers(series);
  const times = timeLabels(series.startSec, seconds, isLive);
  return [head, ...areaChart(padded, { cells, rows: rows - 1, label: axisLabel, times }, look)];
}

/** What was before the first second is nothing, so that the picture keeps its scale. */
const leftFilled = (values: readonly number[], count: number): number[] => [
  ...Array<number>(Math.max(0, count - values.length)).fill(0),
  ...values,
];

function flowsPart(known: Known, place: Place, cells: number, count: number, look: Look): Spans[] {
  const rows = rowsOfWindow(known, place, 'flows');
  const note = positionNote(place, rows, true);
  const head = heading('Flows', cells, look, [span(orderWords(known, place), 'muted')], note);
  if (rows === null || rows.total === 0) return [head, ...emptyRows(known, place, 'flow', rows !== null, cells)];
  return [head, ...flowTable(known, place, rows, cells, count, look, false)];
}

function sidePart(known: Known, cells: number, rows: number, look: Look, isBeside: boolean): Spans[] {
  const head = (title: string): Spans => (isBeside ? sideHeading : heading)(title, cells, look);
  const indented = (part: readonly Spans[]): Spans[] => (isBeside ? [...part] : part.map((row) => [span(' '), ...row]));
  const inner = isBeside ? cells : cells - 1;
  const third = Math.max(2, Math.floor((rows - 6) / 3));
  const protocols = Math.min(third, Math.max(1, Object.keys(known.snapshot?.apps ?? {}).length));
  const hosts = Math.min(third, Math.max(1, known.snapshot?.talkers.length ?? 0));
  const health = rows >= 30 ? healthPanel(known, cells) : [];
  const healthRows = health.length === 0 ? 0 : health.length + 2;
  const alerts = Math.max(0, rows - protocols - hosts - 5 - healthRows);
  return [
    head('Protocols'),
    ...indented(rowsOf(protocolPanel(known, inner, protocols, look), protocols)),
    nothing,
    head('Busiest hosts'),
    ...indented(rowsOf(hostPanel(known, inner, hosts, look), hosts)),
    nothing,
    head('Newest alerts'),
    ...indented(rowsOf(alertPanel(known, inner, alerts, look), alerts)),
    ...(healthRows === 0 ? [] : [nothing, head('Health'), ...health]),
  ];
}

function draw(known: Known, place: Place, room: Room, look: Look): readonly string[] {
  const layout = layoutOf(room);
  const { columns, rows } = room;
  const empty: Spans[] = [nothing];
  const top = topPart(known, room, look);
  if (layout.side === 0 && place.pane % 2 === 1 && layout.chart > 0) {
    return linesOf([...top, ...sidePart(known, columns - 1, rows - top.length, look, false)], columns, rows, look);
  }
  const left = columns - (layout.side === 0 ? 0 : layout.side + betweenCells);
  const chart = layout.chart === 0 ? [] : trafficPart(known, left, layout.chart, look);
  const below = rows - top.length - layout.chart;
  if (layout.isTall) {
    const body = [...rowsOf(chart, layout.chart), ...flowsPart(known, place, left, layout.flows, look)];
    const side = sidePart(known, layout.side, rows - top.length, look, true);
    return linesOf(
      [...top, ...beside([body, left], [side, layout.side], rows - top.length, look)],
      columns,
      rows,
      look,
    );
  }
  const side = [
    sideHeading('Protocols', layout.side, look),
    ...protocolPanel(known, layout.side, layout.chart - 1, look),
  ];
  const upper =
    layout.side === 0 ? rowsOf(chart, layout.chart) : beside([chart, left], [side, layout.side], layout.chart, look);
  const alertRows = rows >= 28 ? 2 : 1;
  const flows = rowsOf(flowsPart(known, place, columns, layout.flows, look), below - alertRows);
  const end = [...(rows >= 28 ? empty : []), newestAlertRow(known, columns, look)];
  return linesOf([...top, ...upper, ...flows, ...end], columns, rows, look);
}

function act(key: Key, known: Known, place: Place, room: Room): Act | null {
  const layout = layoutOf(room);
  if (key.name === 'tab' && layout.side === 0) return put({ ...place, pane: place.pane % 2 === 0 ? 1 : 0 });
  if (isKey(key, 'a')) {
    const alert = newestAlerts(known).find(({ severity }) => severity !== 'info') ?? newestAlerts(known)[0];
    return alert === undefined ? null : opened(place, `alert:${alert.id}`);
  }
  const rows = rowsOfWindow(known, place, 'flows');
  return moved(key, place, rows?.total ?? 0, layout.flows) ?? flowActs(key, known, place, room.columns, false);
}

export const overviewView: View = {
  key: '1',
  name: 'overview',
  title: 'Overview',
  wants: (place, room, about) =>
    asking(place, layoutOf(room).flows, { table: 'flows', sort: place.sort ?? flowOrder(about) }),
  draw,
  act,
  keyAt: (known, place, index) => keyAt(rowsOfWindow(known, place, 'flows'), index),
  keys: [
    ['enter', 'open'],
    ['tab', 'more'],
    ['f', 'only this'],
    ['F', 'not this'],
    ['s', 'sort'],
    ['a', 'newest alert'],
    ['x', 'save packets'],
  ],
};
