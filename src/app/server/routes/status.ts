// How the program is: for people at /status, for Prometheus at /metrics (text format 0.0.4).

import type { Snapshot } from '../../../core/index.ts';
import type { StoreInfo } from '../../../output/store/index.ts';
import type { ServerParts } from '../parts.ts';
import type { StreamCounters } from '../scenes/event-stream.ts';
import { stateOf } from '../scenes/scene-feed.ts';
import { status } from '../shapes/answers.ts';
import { type Api, addRoute } from './route.ts';

export function addStatusRoute(api: Api, parts: ServerParts, counters: StreamCounters): void {
  addRoute(api, {
    method: 'get',
    path: '/status',
    tag: 'capture',
    summary: 'What runs here, what it reads, where it keeps, and whether anything was lost',
    gives: status,
    answer: async (_, asked) => {
      const { version, source, history, store, packets, filters } = parts;
      const scene = parts.scenes?.main() ?? null;
      return asked.json({
        version,
        source,
        state: scene === null ? 'none' : stateOf(scene),
        store: store === null ? null : await store.info(),
        stages: scene?.latest()?.stages ?? [],
        live: counters,
        can: {
          live: scene !== null,
          history: history !== null,
          packets: packets !== null,
          filters: filters !== null,
          alerts: history !== null && store !== null,
          begin: parts.begin !== null,
        },
      } as never);
    },
  });
}

export function addMetricsRoute(api: Api, parts: ServerParts, counters: StreamCounters): void {
  addRoute(api, {
    method: 'get',
    path: '/metrics',
    tag: 'capture',
    summary: 'Counters for Prometheus',
    gives: ['text/plain'],
    answer: async (_, asked) => {
      const lines = [metric('taplight_info', 'gauge', 'Version of the program.', [[{ version: parts.version }, 1]])];
      const snapshot = parts.scenes?.main()?.latest() ?? null;
      if (snapshot !== null) lines.push(...captureMetrics(snapshot));
      if (parts.store !== null) lines.push(...storeMetrics(await parts.store.info()));
      lines.push(...processMetrics(counters));
      return asked.body(lines.join(''), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
    },
  });
}

type Samples = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];

function metric(name: string, type: 'counter' | 'gauge', help: string, samples: Samples): string {
  const lines = samples.map(([labels, value]) => {
    const list = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
    return `${name}${list.length === 0 ? '' : `{${list.join(',')}}`} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const labelled = (label: string, values: Readonly<Record<string, number>>): Samples =>
  Object.entries(values).map(([name, value]) => [{ [label]: name }, value]);

type Counted = Pick<Snapshot, 'packets' | 'bytes' | 'dropped' | 'flows' | 'apps' | 'problems' | 'tcp' | 'stages'> & {
  readonly alertCounts: Readonly<Record<string, number>>;
};

function captureMetrics({
  packets,
  bytes,
  dropped,
  flows,
  apps,
  problems,
  tcp,
  stages,
  alertCounts,
}: Counted): string[] {
  const appBytes = Object.fromEntries(Object.entries(apps).map(([app, volume]) => [app, volume.bytes]));
  const fills: Samples = stages.flatMap(({ name, fill }) => (fill === undefined ? [] : [[{ stage: name }, fill]]));
  return [
    metric('taplight_packets_total', 'counter', 'Packets seen.', [[{}, packets]]),
    metric('taplight_bytes_total', 'counter', 'Bytes on the wire.', [[{}, bytes]]),
    metric('taplight_dropped_total', 'counter', 'Packets or records lost, by place.', labelled('place', dropped)),
    metric('taplight_flows_total', 'counter', 'Flows seen.', [[{}, flows.total]]),
    metric('taplight_flows_active', 'gauge', 'Flows in the table.', [[{}, flows.active]]),
    metric('taplight_flows_evicted_total', 'counter', 'Flows that had to make room.', [[{}, flows.evicted]]),
    metric('taplight_app_bytes_total', 'counter', 'Bytes by what flows speak.', labelled('app', appBytes)),
    metric('taplight_problems_total', 'counter', 'Bytes that made no sense, by kind.', labelled('kind', problems)),
    metric('taplight_tcp_retransmissions_total', 'counter', 'TCP segments sent again.', [[{}, tcp.retransmissions]]),
    metric('taplight_alerts', 'gauge', 'Alerts of this run, by severity.', labelled('severity', alertCounts)),
    metric('taplight_queue_fill', 'gauge', 'How full each queue is, 0 to 1.', fills),
  ];
}

function storeMetrics({ bytes, rows, waitingRows, spoolBytes, droppedRows }: StoreInfo): string[] {
  return [
    metric('taplight_store_bytes', 'gauge', 'Size of the store.', [[{}, bytes]]),
    metric('taplight_store_rows', 'gauge', 'Rows by table.', labelled('table', rows)),
    metric('taplight_store_waiting_rows', 'gauge', 'Rows on their way into the store.', [[{}, waitingRows]]),
    metric('taplight_store_spool_bytes', 'gauge', 'Bytes waiting on disk for the server.', [[{}, spoolBytes]]),
    metric('taplight_store_dropped_rows_total', 'counter', 'Rows lost at a bound.', [[{}, droppedRows]]),
  ];
}

function processMetrics({ viewers, sent, skipped }: StreamCounters): string[] {
  const { user, system } = process.cpuUsage();
  return [
    metric('taplight_live_viewers', 'gauge', 'Viewers of the live stream.', [[{}, viewers]]),
    metric('taplight_live_frames_total', 'counter', 'Frames of the live stream.', [
      [{ what: 'sent' }, sent],
      [{ what: 'skipped' }, skipped],
    ]),
    metric('process_resident_memory_bytes', 'gauge', 'Resident memory.', [[{}, process.memoryUsage.rss()]]),
    metric('process_cpu_seconds_total', 'counter', 'CPU time of the process.', [[{}, (user + system) / 1e6]]),
  ];
}
