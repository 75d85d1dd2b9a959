// View 6: how quick and how lossless: round trips and answers over time, what flows wait for, slow paths and flows.

import {
  type HealthRow,
  latencyBoundsUs,
  type TimesMs,
  type TrafficSeries,
  type Wait,
} from '../../../../core/index.ts';
import { formatCount, formatDuration, formatPercent, isOfStore, unknown } from '../../../present/index.ts';
import { beside, betweenCells, facts, heading, rowsOf, sideHeading } from '../../frame/boxes.ts';
import { fit, linesOf, nothing, type Spans, span } from '../../frame/lines.ts';
import { barSpans, spark } from '../../frame/spark.ts';
import { cutMiddle, firstShown, listRow } from '../../frame/table.ts';
import type { Act, Key, Known, Line, Look, Place, Room, View } from '../../frame/view.ts';
import { isOver } from '../flows/list.ts';
import { told, waiting } from '../parts/empty.ts';
import { moved, put } from '../parts/moving.ts';
import { appInk, protocolTitle } from '../parts/names.ts';
import { latest, spanWords } from '../parts/series.ts';
import { heatRows } from './heat.ts';

type Snapshot = NonNullable<Known['snapshot']>;
type Health = NonNullable<Snapshot['health']>;

/** What is waited for, in two or three words. */
const waitNames: Readonly<Record<Wait, string>> = {
  server: 'the server',
  client: 'the client',
  receiver_window: 'receiver full',
  sender_window: 'sender full',
  loss: 'loss',
  queueing: 'queues',
  bandwidth: 'bandwidth',
  round_trips: 'round trips',
  not_captured: 'not captured',
};

const ms = (value: number | null): string => (value === null ? unknown : formatDuration(value / 1e3));

/** `14 ms half of them, 182 ms 95 of 100, 2.4 s at most`. */
function timesFacts({ p50, p95, max, count }: TimesMs, cells: number): Spans {
  if (count === 0) return [span(' none measured yet', 'muted')];
  return facts(
    [
      ['p50', ms(p50)],
      ['p95', ms(p95)],
      ['max', ms(max)],
      ['of', formatCount(count)],
    ],
    cells,
  );
}

interface Layout {
  readonly heat: number;
  readonly isWide: boolean;
  /** Rows of paths, and of slow flows. */
  readonly paths: number;
  readonly slow: number;
}

function layoutOf({ columns, rows }: Room): Layout {
  const isWide = columns >= 100;
  const heat = rows >= 40 ? 11 : rows >= 26 ? 8 : rows >= 16 ? 5 : 0;
  // Two headings with their sums, the row of what is sent again, then waits, paths and flows with a heading each.
  const left = Math.max(2, rows - heat - 2 - 2 - 2 - (isWide ? 0 : 1));
  const paths = Math.max(1, Math.ceil(left / 2));
  return { heat, isWide, paths, slow: Math.max(1, left - paths - 1) };
}

function latencyPart(
  title: string,
  times: TimesMs,
  bins: readonly (readonly number[])[],
  cells: number,
  rows: number,
  look: Look,
  isBeside: boolean,
): Spans[] {
  const head = isBeside ? sideHeading(title, cells, look) : heading(title, cells, look);
  return [head, timesFacts(times, cells), ...heatRows(bins, latencyBoundsUs, cells, rows, look)];
}

/** Share of TCP segments that were sent again, now and over time. */
function resentRow(series: TrafficSeries | null, { segments, repeated }: Health, cells: number, look: Look): Spans {
  const shares = series?.segments.map((sent, i) => (sent > 0 ? (series.repeated[i] ?? 0) / sent : 0)) ?? [];
  const wide = Math.max(0, Math.min(90, cells - 62));
  const most = Math.max(0, ...shares);
  const words = ` sent again ${formatPercent(repeated, segments)} of ${formatCount(segments)} segments `;
  const picture: Spans =
    wide < 8 || shares.length < 2
      ? []
      : [span('  '), spark(shares, wide, look, 'text'), span(`  up to ${formatPercent(most, 1)}`, 'muted')];
  return [span(words), ...picture];
}

/** What flows waited for, the longest first. */
function waitRows({ waitedSec }: Health, cells: number, count: number, look: Look): Spans[] {
  const waits = (Object.entries(waitedSec) as [Wait, number][])
    .filter(([, sec]) => sec > 0)
    .sort((a, b) => b[1] - a[1]);
  const total = waits.reduce((sum, [, sec]) => sum + sec, 0);
  if (waits.length === 0) return [[span('   no flow has waited long enough to say', 'muted')]];
  const bar = Math.max(4, cells - 15 - 8 - 10 - 2);
  return waits
    .slice(0, count)
    .map(([name, sec]) => [
      ...fit([span(` ${waitNames[name]}`)], 15, look),
      ...barSpans(sec / waits[0][1], bar, look, 'text'),
      ...fit([span(formatPercent(sec, total))], 8, look, 'right'),
      ...fit([span(formatDuration(sec), 'muted')], 10, look, 'right'),
    ]);
}

/** Round trip and answer of half of them, the slowest answers, what was sent again; fewer where there is less room. */
function pathRows(paths: readonly HealthRow[], cells: number, count: number, look: Look): Spans[] {
  const wide = cells >= 70;
  const numbers = wide ? 4 : 3;
  const each = cells >= 56 ? 9 : 8;
  const name = Math.max(12, cells - 1 - numbers * each);
  const cell = (words: string): Spans => fit([span(words, words === unknown ? 'muted' : 'text')], each, look, 'right');
  const titles = wide ? ['RTT', 'answer', 'p95', 'resent'] : ['RTT', 'answer', 'resent'];
  const head: Spans = [...fit([span(' ')], 1 + name, look), ...titles.flatMap(cell)];
  const rows = paths.slice(0, count - 1).map((row): Spans => {
    const resent = row.repeated === 0 ? '0' : formatPercent(row.repeated, row.segments);
    const answers = wide ? [ms(row.responseMs.p50), ms(row.responseMs.p95)] : [ms(row.responseMs.p50)];
    const values = [ms(row.rttMs.p50), ...answers, resent];
    return [span(' '), ...fit([span(pathName(row.name, name - 1, look))], name, look), ...values.flatMap(cell)];
  });
  return [head.map((part) => ({ ...part, ink: 'muted' as const })), ...rows];
}

/** Both ends of a path stay readable. */
function pathName(name: string, cells: number, look: Look): string {
  const [from, to] = name.split(' → ');
  if (to === undefined || name.length <= cells) return name;
  const half = Math.floor((cells - 3) / 2);
  const first = cutMiddle(from, Math.max(half, cells - 3 - to.length), look);
  return `${first} → ${cutMiddle(to, cells - 3 - Math.min(first.length, cells - 3), look)}`;
}

function slowRows(known: Known, health: Health, place: Place, cells: number, count: number, look: Look): Spans[] {
  const { slowest } = health;
  if (slowest.length === 0) return [[span('   no flow is slow', 'muted')]];
  const selected = Math.min(place.selected, slowest.length - 1);
  // The sentence of the one under the cursor stands below in full.
  const listed = count >= 3 ? count - 1 : count;
  const first = firstShown(place.first, selected, listed);
  const end = Math.max(12, Math.min(30, Math.floor(cells * 0.2)));
  const list = slowest.slice(first, first + listed).map(({ client, server, app, waitedSec, sentence }, i) => {
    const row: Spans = [
      ...fit([span(formatDuration(waitedSec), 'strong')], 9, look, 'right'),
      span('  '),
      ...fit([span(cutMiddle(client, end, look))], end, look),
      span(' → ', 'muted'),
      ...fit([span(cutMiddle(server, end, look))], end, look),
      span('  '),
      ...fit([span(protocolTitle(app, known), appInk(app, known))], 7, look),
      span(`  ${sentence}`),
    ];
    return listRow(row, first + i === selected, cells, look);
  });
  return listed === count ? list : [...list, [span('   '), span(slowest[selected].sentence, 'muted')]];
}

/** What a store keeps of it: handshakes, those over time by the minute. */
function keptPart(known: Known, snapshot: Snapshot, { columns, rows }: Room, look: Look): Spans[] {
  const { p50, p95 } = snapshot.tcp.handshakeRttMs;
  const bins = known.whole?.rtt ?? [];
  const sums = facts(
    [
      ['p50', ms(p50)],
      ['p95', ms(p95)],
    ],
    columns,
  );
  const heat = Math.max(0, Math.min(11, rows - 6));
  const words = [
    'Answers, what was sent again and what flows waited for are not kept by time: a flow tells its own.',
    ...(bins.length > 0
      ? []
      : ['Handshakes are kept by the minute: they are drawn over five hours and more, - widens.']),
  ];
  return [
    heading('Handshakes', columns, look),
    sums,
    ...(bins.length > 0 ? heatRows(bins, latencyBoundsUs, columns, heat, look) : []),
    ...told(words, columns),
  ];
}

function draw(known: Known, place: Place, room: Room, look: Look): readonly Line[] {
  const { columns, rows } = room;
  const health = known.snapshot?.health ?? null;
  if (health === null) {
    if (known.snapshot !== null && known.snapshot.packets > 0 && isOfStore(known.snapshot))
      return linesOf(keptPart(known, known.snapshot, room, look), columns, rows, look);
    const words =
      (known.snapshot?.packets ?? 0) === 0
        ? waiting(known)
        : ['Nothing is measured yet: round trips and answers come from TCP flows.'];
    return linesOf([heading('Performance', columns, look), ...told(words, columns)], columns, rows, look);
  }
  const layout = layoutOf(room);
  const isLive = !isOver(known);
  const whole = isLive ? known.recent : (known.whole ?? known.recent);
  const series = whole === null ? null : isLive ? latest(whole, 300) : whole;
  const seconds = series === null ? 0 : isLive ? 300 : series.bytes.length * series.stepSec;
  const over = seconds === 0 ? '' : `, ${spanWords(seconds, isLive)}`;
  const left = layout.isWide ? Math.floor((columns - betweenCells) / 2) : columns;
  const right = columns - left - betweenCells;
  const round = latencyPart(`Round trips${over}`, health.rttMs, series?.rtt ?? [], left, layout.heat, look, false);
  const answers = latencyPart(
    `Answers${over}`,
    health.responseMs,
    series?.responses ?? [],
    right,
    layout.heat,
    look,
    true,
  );
  const narrowAnswers = [
    facts(
      [
        ['answers p50', ms(health.responseMs.p50)],
        ['p95', ms(health.responseMs.p95)],
        ['max', ms(health.responseMs.max)],
      ],
      columns,
    ),
  ];
  const top = layout.isWide
    ? beside([round, left], [answers, right], layout.heat + 2, look)
    : [...rowsOf(round, layout.heat + 2), ...narrowAnswers];
  const waits = [heading('Waited for', left, look), ...waitRows(health, left, layout.paths - 1, look)];
  const paths = pathRows(health.paths, layout.isWide ? right : columns, layout.paths, look);
  const middle = layout.isWide
    ? beside([waits, left], [[sideHeading('Slowest paths', right, look), ...paths], right], layout.paths + 1, look)
    : narrowMiddle(waits, paths, columns, layout, place, look);
  const note =
    health.slowest.length === 0
      ? ''
      : `${Math.min(health.slowest.length, place.selected + 1)} of ${health.slowest.length}`;
  const slow = [
    heading('Slowest flows', columns, look, nothing, note),
    ...slowRows(known, health, place, columns, layout.slow, look),
  ];
  return linesOf([...top, resentRow(series, health, columns, look), ...middle, ...slow], columns, rows, look);
}

/** Waits, or paths after Tab. */
function narrowMiddle(
  waits: readonly Spans[],
  paths: readonly Spans[],
  columns: number,
  { paths: count }: Layout,
  { pane }: Place,
  look: Look,
): Spans[] {
  if (pane % 2 === 0) return rowsOf(waits, count + 1);
  return rowsOf([heading('Slowest paths', columns, look), ...paths], count + 1);
}

function act(key: Key, known: Known, place: Place, room: Room): Act | null {
  const slowest = known.snapshot?.health?.slowest ?? [];
  if (key.name === 'tab' && !layoutOf(room).isWide) return put({ ...place, pane: place.pane % 2 === 0 ? 1 : 0 });
  const move = moved(key, place, slowest.length, Math.max(1, layoutOf(room).slow - 1));
  if (move !== null) return move;
  const flow = slowest[Math.min(place.selected, slowest.length - 1)];
  if (key.name !== 'enter' || flow === undefined) return null;
  // A slow flow is known by its number alone; which run it belongs to, the list of flows tells.
  return {
    do: 'view',
    view: 'flows',
    place: { filter: `flow.id == ${flow.id}`, selected: 0, first: 0, opened: [], trail: [] },
  };
}

export const performanceView: View = {
  key: '6',
  name: 'performance',
  title: 'Performance',
  wants: () => ({}),
  draw,
  act,
  keys: [
    ['enter', 'the slow flow'],
    ['tab', 'paths'],
  ],
};
