// One flow: who with whom, how long its parts took, bytes over its life, what was said in it, alerts that name it.

import type { FlowDetails } from '../../../api/index.ts';
import { dayTime, formatBytes, formatDuration, formatPackets } from '../../../present/index.ts';
import { facts, heading, rowsOf } from '../../frame/boxes.ts';
import { linesOf, nothing, type Spans, span } from '../../frame/lines.ts';
import { spark } from '../../frame/spark.ts';
import type { Act, Key, Known, Line, Look, Place, Room } from '../../frame/view.ts';
import { ownActs } from '../flows/keys.ts';
import { stateOf, transport } from '../flows/list.ts';
import { severitySpans } from '../overview/panels.ts';
import { told } from '../parts/empty.ts';
import { isKey, moved, opened } from '../parts/moving.ts';
import { endLong, protocolTitle } from '../parts/names.ts';
import { openedFlow, type Page } from '../parts/opening.ts';
import { numberAt, textAt } from '../parts/rows.ts';
import { timingRows } from './timing.ts';
import { transactionPart } from './transactions.ts';

/** Details of the flow that is opened; null while others are still there. */
export function detailsOf({ flow }: Known, place: Place): FlowDetails | null {
  const wanted = openedFlow(place);
  if (flow === null || wanted === null) return null;
  return numberAt(flow.flow, 'flow_id') === wanted.flowId && numberAt(flow.flow, 'run') === wanted.run ? flow : null;
}

function endRows(details: FlowDetails, known: Known, cells: number, look: Look): Spans[] {
  const { flow } = details;
  const app = textAt(flow, 'app');
  const what = app === '' ? transport(flow) : `${protocolTitle(app, known)} over ${transport(flow)}`;
  const country = textAt(flow, 'country');
  const place = [country, textAt(flow, 'asn')].filter((each) => each !== '').join(' ');
  const number = (column: string): number => numberAt(flow, column) ?? 0;
  const start = numberAt(flow, 'start_ts');
  const duration = numberAt(flow, 'duration_us');
  const resent = number('repeated_fwd') + number('repeated_rev');
  return [
    heading('Flow', cells, look, [span(what), span(stateOf(flow) === '' ? '' : `, ${stateOf(flow)}`, 'muted')]),
    [span(' Client  ', 'muted'), span(endLong(flow, 'src', known), 'strong')],
    [
      span(' Server  ', 'muted'),
      span(endLong(flow, 'dst', known), 'strong'),
      span(place === '' ? '' : `  ${place}`, 'muted'),
    ],
    facts(
      [
        ['↓', `${formatBytes(number('bytes_rev'))}, ${formatPackets(number('pkts_rev'))}`],
        ['↑', `${formatBytes(number('bytes_fwd'))}, ${formatPackets(number('pkts_fwd'))}`],
        ['for', duration === null ? '–' : formatDuration(duration / 1e6)],
        ['since', start === null ? '–' : dayTime(start)],
        ['resent', resent === 0 ? '0' : formatBytes(resent)],
        ...(textAt(flow, 'service') === '' ? [] : [['service', textAt(flow, 'service')] as const]),
        ...(textAt(flow, 'ja4') === '' ? [] : [['JA4', textAt(flow, 'ja4')] as const]),
      ],
      cells,
    ),
  ];
}

/** Bytes over its life, each way on a scale of its own. */
function timelineRows({ timeline }: FlowDetails, cells: number, look: Look): Spans[] {
  if (timeline === null) return [];
  const { stepUs, forward, backward } = timeline;
  const wide = Math.max(4, Math.min(cells - 32, 120));
  const row = (sign: string, ink: 'in' | 'out', values: readonly number[]): Spans => [
    span(` ${sign} `, ink),
    spark(stretched(values, wide * 2), wide, look, ink),
    span(`  up to ${formatBytes(Math.max(0, ...values))} each`, 'muted'),
  ];
  const each = formatDuration(stepUs / 1e6);
  const note = `${each} a column, ${formatDuration((stepUs * forward.length) / 1e6)}`;
  return [heading('Bytes over time', cells, look, nothing, note), row('↓', 'in', backward), row('↑', 'out', forward)];
}

/** Few values over many dots. */
const stretched = (values: readonly number[], dots: number): number[] =>
  values.length === 0 || values.length >= dots
    ? [...values]
    : Array.from({ length: dots }, (_, i) => values[Math.floor((i * values.length) / dots)]);

function alertRows({ alerts }: FlowDetails, cells: number, look: Look): Spans[] {
  if (alerts.length === 0) return [];
  const rows = alerts
    .slice(0, 2)
    .map(
      (alert): Spans => [
        span(' '),
        ...severitySpans(alert.severity, look),
        span(`  ${alert.title}`, 'strong'),
        span(`  ${alert.explain}`),
      ],
    );
  return [
    heading('Alerts', cells, look, nothing, `a opens ${alerts.length === 1 ? 'it' : `the first of ${alerts.length}`}`),
    ...rows,
  ];
}

/** Everything above what was said. */
function upper(details: FlowDetails, known: Known, room: Room, look: Look): Spans[] {
  const { columns, rows } = room;
  const isSmall = rows < 24;
  return [
    ...endRows(details, known, columns, look),
    ...timingRows(details.flow, columns, isSmall, look),
    ...timelineRows(details, columns, look),
    ...alertRows(details, columns, look),
  ];
}

function draw(known: Known, place: Place, room: Room, look: Look): readonly Line[] {
  const { columns, rows } = room;
  const details = detailsOf(known, place);
  if (details === null) {
    const words =
      known.trouble === null
        ? ['Looking for the flow…']
        : [`This flow could not be had: ${known.trouble}`, 'Esc leads back.'];
    return linesOf([heading('Flow', columns, look), ...told(words, columns)], columns, rows, look);
  }
  const above = upper(details, known, room, look);
  const left = Math.max(3, rows - above.length);
  const kept = above.slice(0, Math.max(4, rows - left));
  const said = transactionPart(details, known, place, { columns, rows: left }, look);
  return linesOf([...kept, ...rowsOf(said, left)], columns, rows, look);
}

function act(key: Key, known: Known, place: Place, room: Room): Act | null {
  const details = detailsOf(known, place);
  if (details === null) return null;
  if (key.name === 'enter') return details.hasPackets ? opened(place, 'packets') : null;
  if (isKey(key, 'a') && details.alerts.length > 0) return opened(place, `alert:${details.alerts[0].id}`);
  return (
    moved(key, place, details.transactions.length, Math.max(3, room.rows - 12)) ?? ownActs(key, details.flow, known)
  );
}

export const flowPage: Page = {
  wants: (_, place) => ({ flow: openedFlow(place) ?? { run: 0, flowId: 0 } }),
  draw: (_, known, place, room, look) => draw(known, place, room, look),
  act: (_, key, known, place, room) => act(key, known, place, room),
  keys: [
    ['enter', 'packets'],
    ['c', 'copy for Wireshark'],
    ['b', 'copy as BPF'],
    ['x', 'save packets'],
  ],
};
