// A stretch of a store in the shape of a snapshot: sums of its flow records, its busiest hosts, its alerts. What only a
// capture knows (drops, problems of decoding, queues) is empty.

import { type Alert, ipProto, ipProtoName, type Severity, type Snapshot, severities } from '../../../core/index.ts';
import type { History, Result, Scope, StoredRow } from '../../../output/store/index.ts';
import type { SceneSnapshot, TimeRange } from '../../../screens/api/index.ts';
import { countBySeverity, namesIn } from '../live/scene-snapshot.ts';
import { storedRows } from './asked-flow.ts';
import { alertOf } from './stored-alerts.ts';
import { bestNames } from './stored-names.ts';

const most = { apps: 500, talkers: 20, alerts: 10_000, told: 50 } as const;

export interface AskedSnapshot {
  readonly history: History;
  readonly runs: Scope['runs'];
  readonly range: TimeRange;
}

export async function storedSnapshot(
  { history, runs, range }: AskedSnapshot,
  process: SceneSnapshot['process'],
): Promise<SceneSnapshot> {
  const scope: Scope = { ...range, ...(runs === undefined ? {} : { runs }) };
  const [byApp, byProto, talkers, hosts, alerts] = await Promise.all([
    history.top({ ...scope, by: ['app'], measures: ['bytes', 'packets', 'flows'], limit: most.apps }),
    history.top({
      ...scope,
      by: ['proto'],
      measures: ['bytes', 'packets', 'flows', 'rtt_p50', 'rtt_p95'],
      limit: 256,
    }),
    history.rows({ ...scope, table: 'hosts', sort: [{ column: 'bytes', descending: true }], limit: most.talkers }),
    history.count({ ...scope, table: 'hosts' }),
    history.rows({ ...scope, table: 'alerts', columns: ['severity', 'details'], limit: most.alerts }),
  ]);
  const sums = sumsOf(storedRows(byApp), storedRows(byProto));
  const told = { ...emptyParts, ...sums, talkers: talkersOf(talkers), hosts, ...alertsOf(alerts) };
  const naming = { ...told, incidents: [], risks: [], health: null };
  const ips = told.talkers.map(({ ip }) => ip);
  const known = await bestNames(history, runs, [
    ...ips,
    ...told.alerts.flatMap((each) => [...each.sources, ...each.targets]),
  ]);
  return {
    ...told,
    state: 'done',
    firstUs: range.fromUs,
    lastUs: range.toUs,
    capturedBytes: told.bytes,
    received: told.packets,
    names: namesIn(naming, (ip) => known.get(ip) ?? ''),
    process,
  };
}

type Sums = Pick<Snapshot, 'packets' | 'bytes' | 'flows' | 'apps' | 'ip' | 'tcp'>;

function sumsOf(byApp: readonly StoredRow[], byProto: readonly StoredRow[]): Sums {
  const total = (rows: readonly StoredRow[], measure: string): number =>
    rows.reduce((sum, row) => sum + Number(row[measure]), 0);
  const flowsOf = (...protos: readonly number[]): number =>
    total(
      byProto.filter(({ proto }) => protos.includes(Number(proto))),
      'flows',
    );
  const [all, tcp, udp] = [total(byProto, 'flows'), flowsOf(ipProto.tcp), flowsOf(ipProto.udp)];
  const icmp = flowsOf(ipProto.icmp, ipProto.icmpv6);
  const volume = (row: StoredRow) => ({ packets: Number(row.packets), bytes: Number(row.bytes) });
  const ofTcp = byProto.find(({ proto }) => proto === ipProto.tcp);
  const ms = (us: unknown): number | null => (typeof us === 'number' ? us / 1000 : null);
  return {
    packets: total(byProto, 'packets'),
    bytes: total(byProto, 'bytes'),
    flows: { ...emptyParts.flows, total: all, tcp, udp, icmp, other: all - tcp - udp - icmp },
    apps: Object.fromEntries(
      byApp.map((row) => [String(row.app) || 'unknown', { ...volume(row), flows: Number(row.flows) }]),
    ),
    ip: Object.fromEntries(
      byProto.map((row) => [ipProtoName(Number(row.proto)), { ...volume(row), number: Number(row.proto) }]),
    ),
    tcp: {
      ...emptyParts.tcp,
      handshakeRttMs: { p50: ms(ofTcp?.rtt_p50), p95: ms(ofTcp?.rtt_p95), max: null, count: 0 },
    },
  };
}

function talkersOf(result: Result): Snapshot['talkers'] {
  return storedRows(result).map((row) => ({
    ip: String(row.ip),
    packets: Number(row.pkts_tx),
    bytes: Number(row.bytes_tx),
    packetsReceived: Number(row.pkts_rx),
    bytesReceived: Number(row.bytes_rx),
  }));
}

/** Newest first, as the store gives them. */
function alertsOf(result: Result): Pick<SceneSnapshot, 'alerts' | 'alertCounts'> {
  const rows = storedRows(result);
  const known = rows.map((row) => String(row.severity)).filter((word): word is Severity => isSeverity(word));
  const alerts = rows.slice(0, most.told).map(alertOf);
  return {
    alertCounts: countBySeverity(known.map((severity) => ({ severity }))),
    alerts: alerts.filter((alert): alert is Alert => alert !== null),
  };
}

const isSeverity = (word: string): word is Severity => (severities as readonly string[]).includes(word);

const emptyParts = {
  linkTypes: [],
  dropped: { kernel: 0, interface: 0, queue: 0 },
  problems: {},
  problemSamples: {},
  link: {},
  flows: { total: 0, tcp: 0, udp: 0, icmp: 0, other: 0, active: 0, resumed: 0, evicted: 0, capacity: 0 },
  events: {},
  tcp: {
    retransmissions: 0,
    fastRetransmissions: 0,
    spuriousRetransmissions: 0,
    outOfOrder: 0,
    duplicateAcks: 0,
    zeroWindows: 0,
    lostSegments: 0,
    keepAlives: 0,
    handshakeRttMs: { p50: null, p95: null, max: null, count: 0 },
  },
  incidents: [],
  risks: [],
  detection: null,
  findings: [],
  stages: [],
  health: null,
  forgotten: {},
} satisfies Partial<SceneSnapshot>;
