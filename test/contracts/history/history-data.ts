// A small world for questions: flows, events, alerts, names, several runs and two sensors; the same every time.

import { eventKinds } from '../../../src/app/pipeline/hand-over/flow-names.ts';
import { type Batch, storeTables, type Table, type Value } from '../../../src/output/store/index.ts';
import { batchOf, type StoreRow, wholeRow } from './store-rows.ts';

export const tables: readonly Table[] = storeTables(eventKinds);

/** Rows by table, whole, in the order they are written. */
export type World = Readonly<Record<'flows' | 'dns' | 'alerts' | 'runs' | 'names' | 'sensors', readonly StoreRow[]>>;

export const tableNamed = (name: string): Table => {
  const table = tables.find((each) => each.name === name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
};

/** 2026-11-20T10:00:00Z. */
export const beginUs = 1_795_168_800_000_000;
export const minuteUs = 60_000_000;
/** Length of the world. */
const lengthUs = 90 * minuteUs;

/** Runs by number: two captures of two sensors, two files. */
export const liveRuns = [11, 12];
export const fileRuns = [21, 22];

/** Numbers from 0 to 1, the same every time (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const inside = Array.from({ length: 12 }, (_, i) => `10.0.0.${i + 1}`);
const outside = [
  ...Array.from({ length: 20 }, (_, i) => `93.184.${i}.34`),
  '2001:db8::1',
  '2606:2800:220:1:248:1893:25c8:1946',
  '::1',
  'ff02::fb',
];
const apps = ['dns', 'tls', 'http', 'ssh', ''];
const hostNames = ['', 'example.com', 'news.example.org', 'cdn.example.net', 'bücher.example'];

export function makeWorld(flowCount = 3000): World {
  const roll = dice(42);
  const below = (n: number): number => Math.floor(roll() * n);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)];
  const flows = Array.from({ length: flowCount }, (_, i) => flowRow(i, below, pick));
  return {
    flows: whole('flows', flows),
    dns: whole(
      'dns',
      flows.filter(({ app }) => app === 'dns').flatMap((flow) => dnsRows(flow, below, pick)),
    ),
    alerts: whole('alerts', alertRows(below, pick)),
    runs: whole('runs', runRows()),
    names: whole('names', nameRows(below, pick)),
    sensors: whole('sensors', sensorRows()),
  };
}

const whole = (name: string, rows: readonly StoreRow[]): StoreRow[] =>
  rows.map((row) => wholeRow(tableNamed(name), row));

/** As they are written: some batches each, so that newer versions and sums lie apart from older ones. */
export function worldBatches(world: World): Batch[] {
  return Object.entries(world).flatMap(([name, rows]) => {
    const half = Math.ceil(rows.length / 2);
    return [rows.slice(0, half), rows.slice(half)].map((part) => batchOf(tableNamed(name), part));
  });
}

type Below = (n: number) => number;
type Pick = <T>(list: readonly T[]) => T;

const sensorOf = (run: number): string => (run % 2 === 1 ? 'north' : 'south');

function flowRow(i: number, below: Below, pick: Pick): StoreRow {
  const run = pick([11, 11, 12, 21, 22]);
  const direction = below(4);
  const app = pick(apps);
  const endUs = beginUs + below(lengthUs);
  const durationUs = below(20 * 1_000_000);
  const isTcp = app !== 'dns';
  const bytes = below(5) === 0 ? below(5_000_000) : below(2000);
  const rtt = isTcp && below(4) > 0 ? 1 + below(300_000) : null;
  return {
    run,
    sensor: sensorOf(run),
    flow_id: i + 1,
    src_ip: pick(direction === 0 || direction === 1 ? inside : outside),
    dst_ip: pick(direction === 0 || direction === 2 ? inside : outside),
    src_port: 1024 + below(60_000),
    dst_port: pick([53, 443, 80, 22, 8443]),
    proto: isTcp ? 6 : 17,
    // Now and then two records of one conversation.
    part: below(8) === 0 ? 1 : 0,
    start_ts: endUs - durationUs,
    end_ts: endUs,
    duration_us: durationUs,
    iface: 'eth0',
    vlan: below(3) === 0 ? 10 + below(3) : null,
    direction,
    pkts_fwd: 1 + below(100),
    pkts_rev: below(3) === 0 ? 0 : below(100),
    bytes_fwd: bytes,
    bytes_rev: below(10_000),
    repeated_fwd: below(10) === 0 ? below(1000) : 0,
    repeated_rev: below(10) === 0 ? below(1000) : 0,
    app,
    service: app === 'tls' ? pick(['google', 'github', '']) : '',
    host: app === 'tls' || app === 'http' ? pick(hostNames) : '',
    ja4: app === 'tls' ? pick(['t13d1516h2_8daaf6152771_b186095e22b6', 't12d190800_d83cc789557e_7af1ed941c26']) : '',
    rtt_us: rtt,
    responses: 1,
    response_us: below(3) === 0 ? null : below(100_000),
    alerted: below(20) === 0,
    src_mac: `02:00:00:00:00:0${below(3)}`,
    dst_mac: below(2) === 0 ? '' : '02:00:00:00:00:ff',
    community: (i * 7919).toString(16).padStart(16, 'f'),
  };
}

function dnsRows(flow: StoreRow, below: Below, pick: Pick): StoreRow[] {
  const columns = ['run', 'sensor', 'flow_id', 'src_ip', 'dst_ip', 'src_port', 'dst_port', 'proto'];
  const place = Object.fromEntries(columns.map((name) => [name, flow[name]]));
  // Some at the same moment of the same flow: only their order tells them apart.
  return Array.from({ length: 1 + below(3) }, () => ({
    ...place,
    ts: Number(flow.start_ts) + below(2),
    query: pick(hostNames),
  }));
}

function alertRows(below: Below, pick: Pick): StoreRow[] {
  const first = Array.from({ length: 30 }, (_, i) => ({
    run: pick([11, 12, 21, 22]),
    alert_id: `a${String(i).padStart(11, '0')}`,
    version: 1,
    detector: pick(['scan.vertical', 'scan.icmp', 'dns.tunnel']),
    severity: pick(['low', 'medium', 'high']),
    score: below(200),
    state: 'open',
    key: pick(inside),
    sources: [pick(inside)],
    targets: [pick(outside), pick(outside)],
    first_ts: beginUs + below(lengthUs / 2),
    last_ts: beginUs + lengthUs / 2 + below(lengthUs / 4),
    count: 1 + below(50),
    explain: 'something was seen',
    flows: ['1:abc='],
    packets: [1, 2, 3],
  }));
  const rows = first.map((row) => ({ ...row, sensor: sensorOf(row.run) }));
  // Half of them went on and were closed.
  const later = rows
    .filter((_, i) => i % 2 === 0)
    .map((row) => ({ ...row, version: 2, state: 'closed', count: row.count + 10, last_ts: row.last_ts + minuteUs }));
  return [...rows, ...later];
}

function runRows(): StoreRow[] {
  const open = [...liveRuns, ...fileRuns].map((run) => ({
    run,
    sensor: sensorOf(run),
    version: 1,
    kind: run < 20 ? 'live' : 'file',
    source: run < 20 ? 'eth0' : `day${run}.pcap`,
    hash: run < 20 ? '' : `${run}`.repeat(32),
    state: 'open',
    began_ts: beginUs + run * 1_000_000,
  }));
  const done = open
    .filter(({ kind }) => kind === 'file')
    .map((row) => ({
      ...row,
      version: 2,
      state: 'done',
      first_ts: beginUs,
      last_ts: beginUs + lengthUs,
      packets: 7,
      bytes: 700,
    }));
  return [...open, ...done];
}

function nameRows(below: Below, pick: Pick): StoreRow[] {
  return Array.from({ length: 200 }, () => {
    const run = pick([11, 12, 21, 22]);
    const firstUs = beginUs + below(lengthUs / 2);
    return {
      run,
      sensor: sensorOf(run),
      ip: pick(outside),
      name: pick(hostNames.slice(1)),
      origin: pick(['dns', 'tls']),
      first_ts: firstUs,
      last_ts: firstUs + below(lengthUs / 2),
      count: 1 + below(5),
    };
  });
}

function sensorRows(): StoreRow[] {
  return liveRuns.flatMap((run) =>
    [1, 2, 3].map((minute) => ({
      run,
      sensor: sensorOf(run),
      ts: beginUs + minute * minuteUs,
      program: '1.2.3',
      packets: minute * 1000,
      packets_per_sec: 16.5,
    })),
  );
}

/** A value of a row, for what is computed here. */
export const at = (row: StoreRow, name: string): Value => row[name];
export const num = (row: StoreRow, name: string): number => Number(row[name]);
