// View 8: is what is seen complete? Every stage with what went in and what was lost, problems, detectors, the process.

import {
  completeness,
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  isOfStore,
  unknown,
  wrap,
} from '../../../present/index.ts';
import { beside, betweenCells, facts, heading, sideHeading } from '../../frame/boxes.ts';
import { fit, linesOf, nothing, type Spans, span } from '../../frame/lines.ts';
import { barSpans } from '../../frame/spark.ts';
import type { Act, Key, Known, Line, Look, Place, Room, View } from '../../frame/view.ts';
import { told, waiting } from '../parts/empty.ts';
import { put } from '../parts/moving.ts';
import { scrolled } from '../parts/scrolled.ts';

type Snapshot = NonNullable<Known['snapshot']>;

/** The verdict, and each reason with what to do about it. */
function verdictPart(snapshot: Snapshot, cells: number): Spans[] {
  const { state, sentence, reasons } = completeness(snapshot);
  const sign =
    state === 'complete' ? span(' ✓ ', 'good') : state === 'incomplete' ? span(' ▲ ', 'high') : span(' – ', 'muted');
  const lines = wrap(sentence, Math.max(10, cells - 4)).map(
    (line, i): Spans => [i === 0 ? sign : span('   '), span(line, 'strong')],
  );
  const isTold = (text: string): boolean => sentence.toLowerCase().includes(text.toLowerCase());
  // What the sentence says already is not said again: what to do about it is.
  const found = reasons.flatMap(({ kind, text, advice }): Spans[] => [
    ...(isTold(text) ? [] : [[kind === 'lost' ? span('   ▲ ', 'high') : span('   ● ', 'info'), span(text)]]),
    ...wrap(advice, Math.max(10, cells - 6)).map(
      (line): Spans => [span(`${isTold(text) ? '   ' : '     '}${line}`, 'muted')],
    ),
  ]);
  return [...lines, ...found];
}

/** Findings that the verdict does not tell already. */
function findingPart({ findings }: Snapshot, cells: number): Spans[] {
  const told = /^(kernel-drops|interface-drops|queue-drops|table-full)$/;
  return findings
    .filter(({ code }) => !told.test(code))
    .flatMap(({ severity, text, advice }): Spans[] => [
      [severity === 'warning' ? span('   ▲ ', 'medium') : span('   ● ', 'info'), span(text)],
      ...wrap(advice, Math.max(10, cells - 6)).map((line): Spans => [span(`     ${line}`, 'muted')]),
    ]);
}

/** In, dropped and how full, stage by stage in the order that packets go. */
function stagePart(snapshot: Snapshot, cells: number, look: Look): Spans[] {
  const { dropped, stages, flows } = snapshot;
  const name = Math.max(12, Math.min(20, cells - 12 - 9 - 16));
  const bar = Math.max(4, Math.min(16, cells - name - 14 - 11 - 9));
  const row = (title: string, input: string, lost: number, fill: number | null): Spans => [
    ...fit([span(` ${title}`)], name, look),
    ...fit([span(input)], 14, look, 'right'),
    ...fit([span(lost === 0 ? '0' : `▲ ${formatCount(lost)}`, lost === 0 ? 'muted' : 'high')], 11, look, 'right'),
    ...(fill === null
      ? []
      : [
          span('  '),
          ...barSpans(fill, bar, look, fill > 0.8 ? 'high' : 'text'),
          ...fit([span(formatPercent(fill, 1), 'muted')], 7, look, 'right'),
        ]),
  ];
  const head: Spans = [
    ...fit([span(' ')], name, look),
    ...fit([span('in', 'muted')], 14, look, 'right'),
    ...fit([span('lost', 'muted')], 11, look, 'right'),
    span('  how full', 'muted'),
  ];
  return [
    head,
    row('network card', formatCount(snapshot.received + dropped.kernel + dropped.interface), dropped.interface, null),
    row('kernel', formatCount(snapshot.received + dropped.kernel), dropped.kernel, null),
    ...stages.map(({ name: title, in: input, dropped: lost, fill }) =>
      row(title, formatCount(input), lost, fill ?? null),
    ),
    row(
      'table of flows',
      formatCount(flows.total),
      flows.evicted,
      flows.capacity > 0 ? flows.active / flows.capacity : null,
    ),
  ];
}

/** Problems by layer: which, how many, and where the latest was. */
function problemPart({ problems, problemSamples }: Snapshot, cells: number, look: Look): Spans[] {
  const rows = Object.entries(problems).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  if (rows.length === 0) return [[span(' ✓ ', 'good'), span('none', 'muted')]];
  const name = Math.max(12, Math.min(28, cells - 12));
  return rows.map(([kind, count]) => {
    const sample = problemSamples[kind];
    const where =
      sample === undefined
        ? ''
        : `  packet ${formatCount(sample.packet)}, byte ${sample.at}: ${sample.need} needed, ${sample.have} there`;
    return [
      ...fit([span(` ${kind}`)], name, look),
      ...fit([span(formatCount(count))], 9, look, 'right'),
      span(where, 'muted'),
    ];
  });
}

function detectorPart({ detection }: Snapshot, cells: number, look: Look): Spans[] {
  if (detection === null) return [[span(' switched off', 'muted')]];
  const { told, excepted, suppressed, late, detectors, faults } = detection;
  const sums = facts(
    [
      ['told', formatCount(told)],
      ['excepted', formatCount(excepted)],
      ['held back', formatCount(suppressed)],
      ['late packets', formatCount(late)],
    ],
    cells,
  );
  const name = Math.max(12, Math.min(24, cells - 32));
  const bar = Math.max(4, Math.min(16, cells - name - 29));
  const full = [...detectors].sort(
    (a, b) => b.rows / Math.max(1, b.capacity) - a.rows / Math.max(1, a.capacity) || (a.detector < b.detector ? -1 : 1),
  );
  const rows = full.map(({ detector, rows: used, capacity, bytes, evictions, refusals }): Spans => {
    const share = capacity > 0 ? used / capacity : 0;
    const gone = evictions + refusals;
    return [
      ...fit([span(` ${detector}`)], name, look),
      ...barSpans(share, bar, look, gone > 0 ? 'medium' : 'text'),
      ...fit([span(formatPercent(share, 1))], 8, look, 'right'),
      ...fit([span(formatBytes(bytes), 'muted')], 9, look, 'right'),
      ...fit([span(gone > 0 ? `▲ ${formatCount(gone)}` : '0', gone > 0 ? 'medium' : 'muted')], 11, look, 'right'),
    ];
  });
  const head = [
    ...fit([span(' ')], name + bar, look),
    ...fit([span('full')], 8, look, 'right'),
    ...fit([span('memory')], 9, look, 'right'),
    ...fit([span('no room')], 11, look, 'right'),
  ].map((part) => ({ ...part, ink: 'muted' as const }));
  const failed = faults.map((fault): Spans => [span(' ✗ ', 'critical'), span(`${fault} failed and was switched off`)]);
  return [sums, ...failed, head, ...rows];
}

function processPart(snapshot: Snapshot, cells: number): Spans[] {
  const { process, forgotten, capturedBytes, bytes } = snapshot;
  const cpu = process.wallSec > 0 ? formatPercent(process.cpuSec, process.wallSec) : unknown;
  const gone = Object.entries(forgotten).filter(([, count]) => count > 0);
  const rows = gone.length === 0 ? 'none' : gone.map(([table, count]) => `${table} ${formatCount(count)}`).join(', ');
  return [
    facts(
      [
        ['memory', formatBytes(process.memoryBytes)],
        ['CPU', `${cpu} of one core`],
        ['runs for', formatDuration(process.wallSec)],
      ],
      cells,
    ),
    facts(
      [
        ['captured', isOfStore(snapshot) ? unknown : `${formatPercent(capturedBytes, bytes)} of the bytes`],
        ['rows gone', isOfStore(snapshot) ? unknown : rows],
      ],
      cells,
    ),
  ];
}

function bodyOf(snapshot: Snapshot, columns: number, look: Look): Spans[] {
  const verdict = verdictPart(snapshot, columns);
  const findings = findingPart(snapshot, columns);
  const top = [...verdict, ...findings, nothing];
  if (isOfStore(snapshot) && snapshot.packets > 0) {
    return [...top, heading('This process', columns, look), ...processPart(snapshot, columns)];
  }
  if (columns < 100) {
    return [
      ...top,
      heading('Stages', columns, look),
      ...stagePart(snapshot, columns, look),
      heading('Problems by layer', columns, look),
      ...problemPart(snapshot, columns, look),
      heading('Detectors', columns, look),
      ...detectorPart(snapshot, columns, look),
      heading('This process', columns, look),
      ...processPart(snapshot, columns),
    ];
  }
  const left = Math.floor((columns - betweenCells) / 2);
  const right = columns - left - betweenCells;
  const one = [
    heading('Stages', left, look),
    ...stagePart(snapshot, left, look),
    nothing,
    heading('This process', left, look),
    ...processPart(snapshot, left),
  ];
  const two = [sideHeading('Detectors', right, look), ...detectorPart(snapshot, right, look)];
  const rows = Math.max(one.length, two.length);
  return [
    ...top,
    ...beside([one, left], [two, right], rows, look),
    heading('Problems by layer', columns, look),
    ...problemPart(snapshot, columns, look),
  ];
}

function draw(known: Known, place: Place, { columns, rows }: Room, look: Look): readonly Line[] {
  const { snapshot } = known;
  const head = heading('Health', columns, look, [span('is what is seen complete?', 'muted')]);
  if (snapshot === null) return linesOf([head, ...told(waiting(known), columns)], columns, rows, look);
  const body = bodyOf(snapshot, columns, look);
  return linesOf([head, ...scrolled(body, place, rows - 1)], columns, rows, look);
}

function act(key: Key, known: Known, place: Place, room: Room): Act | null {
  if (known.snapshot === null) return null;
  const most = Math.max(
    0,
    bodyOf(known.snapshot, room.columns, { ...plain, width: room.columns }).length - (room.rows - 1),
  );
  const step = { down: 1, j: 1, up: -1, k: -1, pagedown: room.rows - 2, pageup: 2 - room.rows, home: -most, end: most }[
    key.name
  ];
  return step === undefined
    ? null
    : put({ ...place, selected: Math.max(0, Math.min(most, Math.min(place.selected, most) + step)) });
}

/** Rows are counted with it only. */
const plain: Look = { width: 0, colour: false, unicode: true, depth: 0, background: 'dark' };

export const healthView: View = {
  key: '8',
  name: 'health',
  title: 'Health',
  wants: () => ({}),
  draw,
  act,
  keys: [['↑↓', 'more']],
};
