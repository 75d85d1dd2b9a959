// What stands beside the traffic: protocols, busiest hosts, newest alerts, and whether all of it was seen.

import type { Alert, TalkerRow } from '../../../../core/index.ts';
import {
  clockTime,
  completeness,
  counted,
  formatBytes,
  formatPercent,
  type Ink,
  severities,
  wrap,
} from '../../../present/index.ts';
import { fit, nothing, type Spans, span } from '../../frame/lines.ts';
import { barSpans } from '../../frame/spark.ts';
import { cutMiddle } from '../../frame/table.ts';
import type { Known, Look } from '../../frame/view.ts';
import { appInk, protocolTitle } from '../parts/names.ts';

interface Share {
  readonly label: string;
  readonly bytes: number;
  readonly ink: Ink;
}

/** Rows with a name, a bar beside the largest, and the share of all. */
function shareRows(rows: readonly Share[], total: number, cells: number, look: Look): Spans[] {
  const labelCells = Math.min(10, Math.floor(cells / 3));
  const valueCells = 7;
  const barCells = Math.max(0, cells - labelCells - valueCells - 3);
  const most = Math.max(1, ...rows.map(({ bytes }) => bytes));
  return rows.map(({ label, bytes, ink }) => {
    const bar = barCells >= 4 ? [...barSpans(bytes / most, barCells, look, ink), span(' ')] : [];
    const value = fit([span(formatPercent(bytes, total))], valueCells, look, 'right');
    return [...fit([span(label)], labelCells, look), span(' '), ...bar, ...value];
  });
}

/** Protocols by bytes; what does not fit is added up. */
export function protocolPanel(known: Known, cells: number, count: number, look: Look): Spans[] {
  const apps = Object.entries(known.snapshot?.apps ?? {}).filter(([, { bytes }]) => bytes > 0);
  if (apps.length === 0) return [[span('nothing yet', 'muted')]];
  const total = apps.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const sorted = apps.sort(([a, { bytes: x }], [b, { bytes: y }]) => y - x || (a < b ? -1 : 1));
  const shown = sorted.length > count ? sorted.slice(0, Math.max(0, count - 1)) : sorted;
  const rows: Share[] = shown.map(([app, { bytes }]) => ({
    label: protocolTitle(app, known),
    bytes,
    ink: appInk(app, known),
  }));
  if (shown.length < sorted.length) {
    const rest = sorted.slice(shown.length);
    const bytes = rest.reduce((sum, [, volume]) => sum + volume.bytes, 0);
    rows.push({ label: `${rest.length} others`, bytes, ink: 'other' });
  }
  return shareRows(rows, total, cells, look);
}

const volumeOf = ({ bytes, bytesReceived }: TalkerRow): number => bytes + bytesReceived;

/** Hosts with most bytes, both ways. */
export function hostPanel(known: Known, cells: number, count: number, look: Look): Spans[] {
  const talkers = [...(known.snapshot?.talkers ?? [])].sort((a, b) => volumeOf(b) - volumeOf(a)).slice(0, count);
  if (talkers.length === 0) return [[span('nobody yet', 'muted')]];
  const labelCells = Math.max(8, Math.min(24, Math.floor(cells * 0.4)));
  const most = Math.max(1, ...talkers.map(volumeOf));
  const numbers = cells >= 44;
  const barCells = Math.max(0, cells - labelCells - (numbers ? 24 : 10));
  return talkers.map((row) => {
    const name = cutMiddle(known.snapshot?.names[row.ip] || row.ip, labelCells, look);
    const value = numbers
      ? [
          span(' ↓', 'in'),
          ...fit([span(formatBytes(row.bytesReceived))], 9, look, 'right'),
          span('  ↑', 'out'),
          ...fit([span(formatBytes(row.bytes))], 9, look, 'right'),
        ]
      : fit([span(formatBytes(volumeOf(row)))], 9, look, 'right');
    return [
      ...fit([span(name)], labelCells, look),
      span(' '),
      ...barSpans(volumeOf(row) / most, barCells, look, 'text'),
      ...value,
    ];
  });
}

/** `▲ medium`: colour, shape and word. */
export function severitySpans(severity: Alert['severity'], look: Look): Spans {
  const { icon, ascii } = severities[severity];
  return [span(look.unicode ? icon : ascii, severity), span(` ${severity}`, 'text')];
}

/** Newest first; of each what, when, and why. */
export function alertPanel(known: Known, cells: number, count: number, look: Look): Spans[] {
  const alerts = newestAlerts(known);
  if (alerts.length === 0) return quiet(known);
  const rows: Spans[] = [];
  for (const alert of alerts.slice(0, Math.floor(count / 2))) {
    const time = clockTime(alert.lastUs);
    rows.push([
      ...fit(
        [...severitySpans(alert.severity, look), span(`  ${alert.title}`, 'strong')],
        cells - time.length - 1,
        look,
      ),
      span(` ${time}`, 'muted'),
    ]);
    rows.push([span('  '), ...fit([span(alert.explain, 'muted')], cells - 2, look)]);
  }
  return rows;
}

export function newestAlerts(known: Known): Alert[] {
  return [...(known.snapshot?.alerts ?? [])].sort((a, b) => b.lastUs - a.lastUs);
}

/** Nothing was noticed: who watches. */
export function quiet({ snapshot }: Known): Spans[] {
  if (snapshot === null) return [nothing];
  if (snapshot.detection === null) return [[span('nothing is watched for', 'muted')]];
  return [
    [
      span('✓ ', 'good'),
      span(`none; ${counted(snapshot.detection.detectors.length, 'detector is', 'detectors are')} watching`, 'muted'),
    ],
  ];
}

/** The line below the table: the newest alert worth more than information. */
export function newestAlertRow(known: Known, cells: number, look: Look): Spans {
  const alert = newestAlerts(known).find(({ severity }) => severity !== 'info') ?? newestAlerts(known)[0];
  if (alert === undefined) return [span('▎', 'focus'), span('Alerts  ', 'strong'), ...(quiet(known)[0] ?? [])];
  const begins: Spans = [
    span('▎', 'focus'),
    span(cells >= 100 ? 'Newest alert  ' : '', 'strong'),
    ...severitySpans(alert.severity, look),
    span(`  ${alert.title}`, 'strong'),
    span(`  ${clockTime(alert.lastUs)}  `, 'muted'),
    span(alert.explain),
  ];
  return cells >= 100 ? [...fit(begins, cells - 12, look), span('  a opens it', 'muted')] : begins;
}

/** Whether all of it was seen, in a few lines. */
export function healthPanel({ snapshot }: Known, cells: number): Spans[] {
  if (snapshot === null) return [];
  const { state, sentence } = completeness(snapshot);
  const sign =
    state === 'complete' ? span('✓ ', 'good') : state === 'incomplete' ? span('▲ ', 'high') : span('– ', 'muted');
  return wrap(sentence, Math.max(10, cells - 2)).map((line, i) => [i === 0 ? sign : span('  '), span(line)]);
}
