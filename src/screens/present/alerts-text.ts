// Alerts for people: a list with one line each, and one alert with everything that speaks for and against it.

import { type Alert, formatTime, type HostRisk, type Incident, printable } from '../../core/index.ts';
import { pad, table, wrap } from './columns.ts';
import { paint, plainMarks, type Style } from './looks/style.ts';
import { severities } from './looks/tokens.ts';
import { formatCount } from './quantities.ts';

const labelCells = 14;

const time = (us: number): string => formatTime(us).slice(0, 19).replace('T', ' ');

/** One line per alert: id, time, severity, detector, what. */
export function alertsTable(alerts: readonly Alert[], style: Style): string {
  if (alerts.length === 0) return 'No alerts.\n';
  const rows = alerts.map((alert) => [
    alert.id,
    time(alert.firstUs),
    alert.severity,
    printable(alert.detector),
    plainMarks(printable(alert.explain), style),
  ]);
  const wide = { ...style, width: Math.max(style.width, 160) };
  const columns = [
    { title: 'id' },
    { title: 'first seen (UTC)', rank: 2 },
    { title: 'severity' },
    { title: 'detector', rank: 1 },
    { title: 'what' },
  ];
  const [head, ...lines] = table(columns, rows, wide);
  const painted = lines.map((line, i) => {
    const { severity } = alerts[i];
    return line.replace(` ${severity} `, ` ${paint(severity, severities[severity].role, style)} `);
  });
  return `${[head, ...painted].join('\n')}\n`;
}

/** Lines of the closing summary at the most. */
const summaryLimit = 20;

/** Alerts as the closing summary shows them: the worst first; those that another explains, and mere information, are counted. */
export function alertLines(alerts: readonly Alert[], style: Style): string[] {
  const rank = Object.keys(severities);
  const shown = alerts.filter(({ severity, explainedBy }) => severity !== 'info' && explainedBy === null);
  const sorted = [...shown].sort((a, b) => rank.indexOf(b.severity) - rank.indexOf(a.severity) || a.packet - b.packet);
  const lines = sorted.slice(0, summaryLimit).flatMap((alert) => {
    const look = severities[alert.severity];
    const mark = `${style.unicode ? look.icon : look.ascii} ${pad(alert.severity, 8)} `;
    return wrap(`${printable(alert.explain)} [${printable(alert.detector)} ${alert.id}]`, style.width - 13).map(
      (line, i) => `  ${i === 0 ? paint(mark, look.role, style) : ' '.repeat(11)}${line}`,
    );
  });
  const rest = [
    [sorted.length - summaryLimit, 'more'],
    [
      alerts.filter(({ severity, explainedBy }) => severity !== 'info' && explainedBy !== null).length,
      'explained by these',
    ],
    [alerts.filter(({ severity }) => severity === 'info').length, 'for information'],
  ] as const;
  const said = rest.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  if (said.length > 0) lines.push(`  and ${said.join(', ')}: taplight alerts --severity info`);
  return lines;
}

/** The hosts with most points. */
export function riskLines(risks: readonly HostRisk[], style: Style): string[] {
  const worrying = risks.filter(({ level }) => level !== 'ok').slice(0, 5);
  return worrying.length === 0 ? [] : risksText(worrying, style).split('\n');
}

/** Hosts with the terms of their sums. */
export function risksText(risks: readonly HostRisk[], style: Style): string {
  return risks
    .map(({ host, score, level, bonus, terms, more }) => {
      const parts = terms.map(({ detector, points }) => `${detector} ${points}`);
      if (more > 0) parts.push(`${more} more`);
      const sum = `${parts.join(' + ')}${bonus === 1 ? '' : ` (all ×${bonus})`}`;
      return plainMarks(printable(`  ${host}: ${score}, ${level} = ${sum}`), style);
    })
    .join('\n');
}

function labelled(label: string, text: string, style: Style): string[] {
  if (text === '') return [];
  const lines = wrap(plainMarks(printable(text), style), Math.max(30, style.width - labelCells));
  return lines.map((line, i) => paint((i === 0 ? label : '').padEnd(labelCells), 'muted', style) + line);
}

/** One alert, argued: what, how much, why it matters, what it could be instead, what to look at next. */
export function alertText(alert: Alert, incidents: readonly Incident[], style: Style): string {
  const { severity, confidence, observed, threshold, unit, expected } = alert;
  const incident = incidents.find(({ alerts }) => alerts.includes(alert.id));
  const span = `${time(alert.firstUs)} → ${time(alert.lastUs)} UTC, packets ${alert.firstPacket} to ${alert.lastPacket}, fired at ${alert.packet}`;
  const numbers = [
    `${observed}${unit === '' ? '' : ` ${unit}`} seen`,
    `limit ${threshold}`,
    ...(expected === null ? [] : [`usual ${expected}`]),
  ].join(', ');
  const lines = [
    paint(printable(`${alert.title} (${severity})`), severities[severity].role, style),
    plainMarks(printable(alert.explain), style),
    '',
    ...labelled('Matters', alert.meaning, style),
    ...labelled('But', alert.against, style),
    ...labelled('May be', alert.benign, style),
    ...labelled('Look at', alert.next, style),
    '',
    ...labelled('Numbers', numbers, style),
    ...labelled('When', span, style),
    ...labelled('By', alert.sources.join(', '), style),
    ...labelled('To', alert.targets.slice(0, 20).join(', '), style),
    ...labelled('Packets', alert.packets.join(', '), style),
    ...labelled('Flows', alert.flows.join(', '), style),
    ...labelled('Wireshark', alert.filter, style),
    ...labelled('ATT&CK', alert.mitre ?? '', style),
    ...labelled('Confidence', `${Math.round(confidence * 100)} %, score ${alert.score}`, style),
    ...labelled('State', `${alert.state}, seen ${alert.count} times`, style),
    ...labelled('Explained by', alert.explainedBy ?? '', style),
    ...labelled('Incident', incident === undefined ? '' : `${incident.id}: ${incident.explain}`, style),
    ...labelled('Detector', `${alert.detector}, version ${alert.version}; id ${alert.id}`, style),
    ...labelled('Harmless?', `taplight except ${alert.sources[0] ?? alert.key} ${alert.detector} --why "…"`, style),
  ];
  return `${lines.join('\n')}\n`;
}
