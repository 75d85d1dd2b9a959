// How well flows get through, in the closing summary: for programs as a document, for people as a short section.

import { type HealthRow, type NetworkHealth, printable, type SlowFlow, type TimesMs } from '../../../core/index.ts';
import { table, wrap } from '../columns.ts';
import { paint, type Style } from '../looks/style.ts';
import { formatCount, formatDuration, formatPercent } from '../quantities.ts';

/** Rows of the text; the document has up to 20. */
const pathsShown = 5;
const flowsShown = 3;
/** Milliseconds at the 95th percentile below which a path is nothing to talk about. */
const slowMs = 100;

function rounded(ms: number | null, digits: number): number | null {
  return ms === null ? null : Number(ms.toFixed(digits));
}

function timesDocument(times: TimesMs): object {
  const { p50, p95, max, count } = times;
  return { p50: rounded(p50, 3), p95: rounded(p95, 3), max: rounded(max, 3), count };
}

function rowDocument(row: HealthRow): object {
  return {
    name: printable(row.name),
    flows: row.flows,
    rtt_ms: timesDocument(row.rttMs),
    response_ms: timesDocument(row.responseMs),
    segments: row.segments,
    retransmissions: row.repeated,
  };
}

function flowDocument(flow: SlowFlow): object {
  return {
    flow_id: flow.id,
    client: printable(flow.client),
    server: printable(flow.server),
    app: printable(flow.app),
    waited_s: rounded(flow.waitedSec, 3),
    verdict: flow.verdict,
    share: rounded(flow.share, 3),
    sentence: printable(flow.sentence),
  };
}

/** The document's key `health`; null where nobody measured. */
export function healthDocument(health: NetworkHealth | undefined): object | null {
  if (health === undefined) return null;
  const waited = Object.entries(health.waitedSec).map(([name, sec]) => [name, rounded(sec, 3)]);
  return {
    flows: health.flows,
    rtt_ms: timesDocument(health.rttMs),
    response_ms: timesDocument(health.responseMs),
    segments: health.segments,
    retransmissions: health.repeated,
    waited_s: Object.fromEntries(waited),
    paths: health.paths.map(rowDocument),
    hosts: health.hosts.map(rowDocument),
    slowest: health.slowest.map(flowDocument),
  };
}

const time = (ms: number | null): string => (ms === null ? '' : formatDuration(ms / 1e3));

/** Slow paths and what the slowest flows waited for; nothing when all is quick. */
export function healthLines(health: NetworkHealth | undefined, style: Style): string[] {
  if (health === undefined) return [];
  const slow = health.paths.filter(({ rttMs, responseMs }) => (rttMs.p95 ?? 0) + (responseMs.p95 ?? 0) >= slowMs);
  const lines =
    slow.length === 0
      ? []
      : table(
          [
            { title: 'slow path' },
            { title: 'round trip', align: 'right' },
            { title: 'p95', align: 'right', rank: 2 },
            { title: 'answer after', align: 'right' },
            { title: 'p95', align: 'right', rank: 1 },
            { title: 'sent again', align: 'right', rank: 3 },
          ],
          slow
            .slice(0, pathsShown)
            .map((row) => [
              printable(row.name),
              time(row.rttMs.p50),
              time(row.rttMs.p95),
              time(row.responseMs.p50),
              time(row.responseMs.p95),
              row.repeated === 0 ? '' : formatPercent(row.repeated, row.segments),
            ]),
          style,
        );
  if (slow.length > pathsShown) lines.push(`  and ${formatCount(slow.length - pathsShown)} more`);
  return [...lines, ...health.slowest.slice(0, flowsShown).flatMap((flow) => flowLines(flow, style))];
}

function flowLines(flow: SlowFlow, style: Style): string[] {
  const text = `${printable(flow.client)} → ${printable(flow.server)}: ${printable(flow.sentence)}`;
  return wrap(text, style.width - 4).map((line, i) => `  ${i === 0 ? paint('- ', 'info', style) : '  '}${line}`);
}
