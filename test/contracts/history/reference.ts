// The same questions answered in plain TypeScript, from the rows that were written.

import { Buffer } from 'node:buffer';
import { addressBytes } from '../../../src/core/index.ts';
import {
  flowsByMinute,
  flowsBySecond,
  type Measure,
  type Rollup,
  type Scope,
  type Table,
  type Value,
} from '../../../src/output/store/index.ts';
import { fileRuns, num, tableNamed, type World } from './history-data.ts';
import type { StoreRow } from './store-rows.ts';

/** Rows of a table that count: newest versions, sums added up; those of a scope. Filters are functions here. */
export function rowsIn(
  world: World,
  tableName: string,
  scope: Scope,
  keep: (row: StoreRow) => boolean = () => true,
): StoreRow[] {
  const table = tableNamed(tableName);
  return rowsThatCount(world, table).filter((row) => isOrigin(row, scope) && isInTime(row, table, scope) && keep(row));
}

function rowsThatCount(world: World, table: Table): readonly StoreRow[] {
  if (table === flowsByMinute || table === flowsBySecond) return sumsOfFlows(world, table as Rollup);
  const rows = world[table.name as keyof World];
  if (table.name === 'names') return sumsOfNames(rows);
  if (table.keep !== 'state') return rows;
  const newest = new Map<string, StoreRow>();
  for (const row of rows) {
    const key = JSON.stringify(table.key?.map((name) => row[name]));
    if (num(newest.get(key) ?? { version: -1 }, 'version') < num(row, 'version')) newest.set(key, row);
  }
  return [...newest.values()];
}

function sumsOfFlows(world: World, rollup: Rollup): StoreRow[] {
  const sums = new Map<string, Record<string, Value>>();
  for (const flow of world.flows) {
    const stepUs = rollup.bucketSec * 1e6;
    const key = {
      ts: Math.floor(num(flow, 'end_ts') / stepUs) * stepUs,
      run: flow.run,
      sensor: flow.sensor,
      proto: flow.proto,
      app: flow.app,
    };
    const row = sums.get(JSON.stringify(key)) ?? {
      ...key,
      flows: 0,
      records: 0,
      pkts: 0,
      bytes_fwd: 0,
      bytes_rev: 0,
      repeated: 0,
    };
    row.flows = num(row, 'flows') + (flow.part === 0 ? 1 : 0);
    row.records = num(row, 'records') + 1;
    row.pkts = num(row, 'pkts') + num(flow, 'pkts_fwd') + num(flow, 'pkts_rev');
    row.bytes_fwd = num(row, 'bytes_fwd') + num(flow, 'bytes_fwd');
    row.bytes_rev = num(row, 'bytes_rev') + num(flow, 'bytes_rev');
    row.repeated = num(row, 'repeated') + num(flow, 'repeated_fwd') + num(flow, 'repeated_rev');
    sums.set(JSON.stringify(key), row);
  }
  return [...sums.values()];
}

function sumsOfNames(rows: readonly StoreRow[]): StoreRow[] {
  const sums = new Map<string, Record<string, Value>>();
  for (const row of rows) {
    const key = JSON.stringify([row.run, row.sensor, row.ip, row.name, row.origin]);
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { ...row });
    else {
      sum.count = num(sum, 'count') + num(row, 'count');
      sum.first_ts = Math.min(num(sum, 'first_ts'), num(row, 'first_ts'));
      sum.last_ts = Math.max(num(sum, 'last_ts'), num(row, 'last_ts'));
    }
  }
  return [...sums.values()];
}

function isOrigin(row: StoreRow, { runs = 'live', sensors }: Scope): boolean {
  if (sensors !== undefined && !sensors.includes(String(row.sensor))) return false;
  const isFile = fileRuns.includes(num(row, 'run'));
  if (runs === 'all') return true;
  if (runs === 'live') return !isFile;
  if (runs === 'files') return isFile;
  return runs.includes(num(row, 'run'));
}

function isInTime(row: StoreRow, table: Table, { fromUs, toUs }: Scope): boolean {
  const time = row[table.time];
  if (fromUs === undefined && toUs === undefined) return true;
  return time !== null && Number(time) >= (fromUs ?? 0) && Number(time) < (toUs ?? Number.POSITIVE_INFINITY);
}

/** As engines compare: addresses by their bytes, text by its UTF-8, what is missing last. */
export function compare(a: Value, b: Value, isAddress = false): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const bytes = (value: Value): Uint8Array =>
    (isAddress ? addressBytes(String(value)) : null) ?? Buffer.from(String(value));
  return Buffer.compare(bytes(a), bytes(b));
}

export function sorted(
  rows: readonly StoreRow[],
  order: readonly { readonly column: string; readonly descending?: boolean; readonly isAddress?: boolean }[],
): StoreRow[] {
  return [...rows].sort((a, b) => {
    for (const { column, descending = false, isAddress = false } of order) {
      const [x, y] = [a[column], b[column]];
      if (x === null || y === null) {
        if (x !== y) return x === null ? 1 : -1;
        continue;
      }
      const sign = compare(x, y, isAddress);
      if (sign !== 0) return descending ? -sign : sign;
    }
    return 0;
  });
}

/** Between two values linear, as both engines have it. */
export function percentile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const list = [...values].sort((a, b) => a - b);
  const place = (list.length - 1) * share;
  const low = Math.floor(place);
  const high = Math.min(low + 1, list.length - 1);
  return list[low] + (list[high] - list[low]) * (place - low);
}

const total = (rows: readonly StoreRow[], of: (row: StoreRow) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0);
const known = (rows: readonly StoreRow[], name: string): number[] =>
  rows.flatMap((row) => (row[name] === null ? [] : [num(row, name)]));

/** A flow as its responder has it. */
export const turned = (flow: StoreRow): StoreRow => ({
  ...flow,
  src_ip: flow.dst_ip,
  dst_ip: flow.src_ip,
  bytes_fwd: flow.bytes_rev,
  bytes_rev: flow.bytes_fwd,
});

/** A measure of flows; `isSided`: each is there from both sides, and hosts are those it spoke to. */
export function measured(rows: readonly StoreRow[], measure: Measure, isSided = false): number | null {
  switch (measure) {
    case 'flows':
      return rows.filter(({ part }) => part === 0).length;
    case 'packets':
      return total(rows, (row) => num(row, 'pkts_fwd') + num(row, 'pkts_rev'));
    case 'bytes':
      return total(rows, (row) => num(row, 'bytes_fwd') + num(row, 'bytes_rev'));
    case 'bytes_fwd':
    case 'bytes_rev':
      return total(rows, (row) => num(row, measure));
    case 'repeated':
      return total(rows, (row) => num(row, 'repeated_fwd') + num(row, 'repeated_rev'));
    case 'hosts':
      return new Set(rows.flatMap(({ src_ip, dst_ip }) => (isSided ? [dst_ip] : [src_ip, dst_ip]))).size;
    case 'duration_mean':
      return rows.length === 0 ? null : total(rows, (row) => num(row, 'duration_us')) / rows.length;
    case 'response_p95':
      return percentile(known(rows, 'response_us'), 0.95);
    default:
      return percentile(known(rows, 'rtt_us'), { rtt_p50: 0.5, rtt_p95: 0.95, rtt_p99: 0.99 }[measure]);
  }
}

/** Rows by the text of a key. */
export function grouped(rows: readonly StoreRow[], key: (row: StoreRow) => readonly Value[]): Map<string, StoreRow[]> {
  const groups = new Map<string, StoreRow[]>();
  for (const row of rows) {
    const text = JSON.stringify(key(row));
    groups.set(text, [...(groups.get(text) ?? []), row]);
  }
  return groups;
}
