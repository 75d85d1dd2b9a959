// The closing summary for people: what was seen, who talked most, what is wrong, and whether it is all there.

import { formatTime, printable, type Snapshot, type VolumeSecond } from '../../core/index.ts';
import { alertLines, riskLines } from './alerts-text.ts';
import { cut, pad, table, wrap } from './columns.ts';
import { healthLines } from './health/health-summary.ts';
import { sparkline } from './looks/glyphs.ts';
import { paint, plainMarks, type Style } from './looks/style.ts';
import type { Role } from './looks/tokens.ts';
import { protocolChart } from './protocol-chart.ts';
import {
  counted,
  formatBitRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatPacketRate,
  formatPackets,
  formatPercent,
} from './quantities.ts';
import { busiest, durationSec, type SummarySource } from './summary-document.ts';

const labelCells = 12;

/** `Label       text`, wrapped under the text. */
function labelled(label: string, text: string, style: Style, role?: Role): string[] {
  const lines = wrap(text, Math.max(20, style.width - labelCells));
  return lines.map((line, i) => {
    const head = pad(i === 0 ? label : '', labelCells);
    return `${paint(head, 'muted', style)}${role === undefined ? line : paint(line, role, style)}`;
  });
}

function section(title: string, lines: readonly string[], style: Style): string[] {
  return lines.length === 0 ? [] : ['', paint(title, 'heading', style), ...lines];
}

function sourceText(snapshot: Snapshot, source: SummarySource, style: Style): string {
  const shown = source.names.slice(0, 3).map((name) => (name === '-' ? 'standard input' : printable(name)));
  const more = source.names.length - shown.length;
  const types =
    snapshot.linkTypes.length > 0 ? ` (${snapshot.linkTypes.map((type) => printable(type)).join(', ')})` : '';
  const text = `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}${types}`;
  return cut(text, Math.max(20, style.width - labelCells) * 2, style.unicode);
}

function head(snapshot: Snapshot, source: SummarySource, style: Style): string[] {
  const seconds = durationSec(snapshot);
  const lines = labelled(
    source.kind === 'interface' ? 'Interface' : 'Source',
    sourceText(snapshot, source, style),
    style,
  );
  const { firstUs, lastUs } = snapshot;
  if (firstUs !== null && lastUs !== null) {
    const [first, last] = [firstUs, lastUs].map((timeUs) => formatTime(timeUs).slice(0, 19).replace('T', ' '));
    const span = firstUs === lastUs ? `${first} UTC` : `${first} → ${last} UTC, ${formatDuration(seconds)}`;
    lines.push(...labelled('Time', span, style));
  }
  let traffic = `${formatPackets(snapshot.packets)}, ${formatBytes(snapshot.bytes)}`;
  if (snapshot.capturedBytes < snapshot.bytes) traffic += ` (${formatBytes(snapshot.capturedBytes)} captured)`;
  if (seconds > 0) {
    const rates = [formatPacketRate(snapshot.packets / seconds), formatBitRate((snapshot.bytes * 8) / seconds)];
    traffic += ` · ${rates.join(', ')} on average`;
  }
  lines.push(...labelled('Traffic', traffic, style));
  return lines;
}

/** Whether everything that passed was also counted. */
function completeness(snapshot: Snapshot, source: SummarySource, style: Style): string[] {
  const { kernel, interface: device, queue } = snapshot.dropped;
  const lost = [
    [kernel, 'by the kernel'],
    [device, 'by the interface'],
    [queue, 'by us, in the queue'],
  ] as const;
  const parts = lost.filter(([count]) => count > 0).map(([count, where]) => `${formatCount(count)} ${where}`);
  const lines: string[] = [];
  if (parts.length > 0) {
    const total = kernel + device + queue;
    const share = formatPercent(total, total + snapshot.packets);
    lines.push(
      ...labelled('Incomplete', `${formatPackets(total)} lost (${share}): ${parts.join(', ')}.`, style, 'high'),
    );
  }
  if (source.damage !== null) {
    const text = `Damaged input: ${printable(source.damage)} Everything before that is counted.`;
    lines.push(...labelled(parts.length > 0 ? '' : 'Incomplete', text, style, 'high'));
  }
  if (lines.length > 0) return lines;
  return labelled('Complete', 'No packet was lost.', style, 'good');
}

function talkerLines(snapshot: Snapshot, style: Style): string[] {
  const rows = busiest(snapshot.talkers).slice(0, 10);
  if (rows.length === 0) return [];
  return table(
    [
      { title: 'address' },
      { title: 'sent', align: 'right' },
      { title: 'packets', align: 'right', rank: 2 },
      { title: 'received', align: 'right', rank: 1 },
      { title: 'packets', align: 'right', rank: 3 },
      { title: 'share sent', align: 'right', rank: 4 },
    ],
    rows.map((row) => [
      printable(row.ip),
      formatBytes(row.bytes),
      formatCount(row.packets),
      formatBytes(row.bytesReceived),
      formatCount(row.packetsReceived),
      formatPercent(row.bytes, snapshot.bytes),
    ]),
    style,
  );
}

/** What the flows speak, most bytes first. */
function appLines({ apps }: Snapshot, style: Style): string[] {
  const rows = Object.entries(apps);
  if (rows.length === 0 || (rows.length === 1 && rows[0][0] === 'unknown')) return [];
  const total = rows.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const lines = table(
    [
      { title: 'application' },
      { title: 'flows', align: 'right' },
      { title: 'bytes', align: 'right', rank: 1 },
      { title: 'share', align: 'right', rank: 2 },
    ],
    rows
      .slice(0, 12)
      .map(([name, { flows, bytes }]) => [
        printable(name),
        formatCount(flows),
        formatBytes(bytes),
        formatPercent(bytes, total),
      ]),
    style,
  );
  if (rows.length > 12) lines.push(`  and ${formatCount(rows.length - 12)} more`);
  return lines;
}

/** Packets that carry no IP, by what they carry instead: the chart shows those that do. */
function withoutIpText({ link }: Snapshot): string {
  const rows = Object.entries(link)
    .filter(([name, { packets }]) => packets > 0 && name !== 'ipv4' && name !== 'ipv6')
    .sort((a, b) => b[1].packets - a[1].packets || (a[0] < b[0] ? -1 : 1));
  const shown = (name: string) => (name.startsWith('0x') ? name : name.toUpperCase().replaceAll('_', ' '));
  const parts = rows.slice(0, 6).map(([name, { packets }]) => `${formatCount(packets)} ${printable(shown(name))}`);
  if (rows.length > 6) parts.push(`${formatCount(rows.length - 6)} more kinds`);
  return parts.join(', ');
}

function flowsText({ flows }: Snapshot): string {
  const kinds = [
    [flows.tcp, 'TCP'],
    [flows.udp, 'UDP'],
    [flows.icmp, 'ICMP'],
    [flows.other, 'other'],
  ] as const;
  const parts = kinds.filter(([count]) => count > 0).map(([count, name]) => `${formatCount(count)} ${name}`);
  let text = `${counted(flows.total, 'flow')}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
  if (flows.active > 0) text += ` · ${formatCount(flows.active)} active`;
  if (flows.resumed > 0) text += ` · ${formatCount(flows.resumed)} resumed after silence`;
  if (flows.evicted > 0) text += ` · ${formatCount(flows.evicted)} closed early, the table was full`;
  return text;
}

function tcpText(snapshot: Snapshot): string {
  const { tcp } = snapshot;
  const resent = tcp.retransmissions + tcp.fastRetransmissions + tcp.spuriousRetransmissions;
  const segments = snapshot.ip.TCP?.packets ?? 0;
  const counts = [
    [tcp.outOfOrder, 'out of order'],
    [tcp.lostSegments, 'not seen here'],
    [tcp.duplicateAcks, 'duplicate ACKs'],
    [tcp.zeroWindows, 'zero windows'],
    [tcp.keepAlives, 'keep-alives'],
  ] as const;
  const parts = counts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  const share = resent > 0 ? ` (${formatPercent(resent, segments)})` : '';
  const text = [`${counted(resent, 'retransmission')}${share}`, ...parts].join(', ');
  const { p50, p95, max, count } = tcp.handshakeRttMs;
  if (count === 0 || p50 === null || p95 === null || max === null) return text;
  const [median, high, top] = [p50, p95, max].map((ms) => formatDuration(ms / 1e3));
  return `${text} · handshake ${median} median, ${high} p95, ${top} max, of ${formatCount(count)}`;
}

/** Bytes per cell: one cell per second, or the busiest second of each cell where there are more seconds than cells. */
export function volumeCells(seconds: readonly VolumeSecond[], cells: number): number[] {
  if (seconds.length === 0) return [];
  let first = seconds[0].sec;
  let last = first;
  for (const { sec } of seconds) {
    if (sec < first) first = sec;
    if (sec > last) last = sec;
  }
  const span = last - first + 1;
  const values = new Array<number>(Math.min(span, Math.max(1, cells))).fill(0);
  for (const { sec, bytes } of seconds) {
    const cell = span <= values.length ? sec - first : Math.floor(((sec - first) * values.length) / span);
    if (bytes > values[cell]) values[cell] = bytes;
  }
  return values;
}

function volumeLines(snapshot: Snapshot, style: Style): string[] {
  if (snapshot.seconds.length < 2) return [];
  const peak = snapshot.seconds.reduce((best, second) => (second.bytes > best.bytes ? second : best));
  const line = sparkline(volumeCells(snapshot.seconds, style.width - 2), style.unicode).trimEnd();
  const at = formatTime(peak.sec * 1e6).slice(11, 19);
  const text = `peak ${formatBitRate(peak.bytes * 8)}, ${formatPacketRate(peak.packets)} at ${at} UTC`;
  return [`  ${paint(line, 'info', style)}`, `  ${text}`];
}

function findingLines(snapshot: Snapshot, style: Style): string[] {
  return snapshot.findings.flatMap(({ severity, text, advice }) => {
    const [mark, role]: [string, Role] = severity === 'warning' ? ['! ', 'medium'] : ['- ', 'info'];
    const lines = wrap(`${printable(text)} ${printable(advice)}`, style.width - 4);
    return lines.map((line, i) => `  ${i === 0 ? paint(mark, role, style) : '  '}${line}`);
  });
}

function problemLines(snapshot: Snapshot, style: Style): string[] {
  const rows = Object.entries(snapshot.problems)
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (rows.length === 0) return [];
  const lines = table(
    [{ title: 'problem' }, { title: 'packets', align: 'right' }, { title: 'latest', align: 'right', rank: 1 }],
    rows.slice(0, 10).map(([name, count]) => {
      const sample = snapshot.problemSamples[name];
      return [printable(name), formatCount(count), sample === undefined ? '' : `packet ${formatCount(sample.packet)}`];
    }),
    style,
  );
  if (rows.length > 10) lines.push(`  and ${formatCount(rows.length - 10)} more kinds`);
  return lines;
}

/**
 * The summary as lines without a final line feed; widths below 40 are treated as 40. Sections with nothing to say are
 * left out.
 */
export function summaryText(snapshot: Snapshot, about: SummarySource, asked: Style): string {
  const style: Style = { ...asked, width: Math.max(40, asked.width) };
  const health =
    snapshot.flows.total > 0
      ? [
          ...labelled('Flows', flowsText(snapshot), style),
          ...(snapshot.flows.tcp > 0 ? labelled('TCP health', tcpText(snapshot), style) : []),
        ]
      : [];
  const hasIp = Object.values(snapshot.ip).some((volume) => volume.packets > 0);
  const withoutIp = withoutIpText(snapshot);
  const lines = [
    ...head(snapshot, about, style),
    ...completeness(snapshot, about, style),
    ...health,
    ...(withoutIp === '' ? [] : labelled('Not IP', withoutIp, style)),
    ...section('Protocols', hasIp ? [protocolChart(snapshot.ip, style)] : [], style),
    ...section('Applications', appLines(snapshot, style), style),
    ...section('Volume per second', volumeLines(snapshot, style), style),
    ...section('Top talkers', talkerLines(snapshot, style), style),
    ...section('Network health', healthLines(snapshot.health, style), style),
    ...section('Findings', findingLines(snapshot, style), style),
    ...section('Alerts', alertLines(snapshot.alerts, style), style),
    ...section('Hosts at risk', riskLines(snapshot.risks, style), style),
    ...section('Damaged packets and broken protocols', problemLines(snapshot, style), style),
  ];
  return plainMarks(lines.join('\n'), style);
}
