// Traffic over time out of a store: the same columns as a capture tells, as far as flow records say them.

import { families, familyOf, latencyBins, latencyBoundsUs, type TrafficSeries } from '../../../core/index.ts';
import type { History, Result, Scope } from '../../../output/store/index.ts';
import type { ProtocolInfo, TimeRange } from '../../../screens/api/index.ts';

const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
];

/** Handshakes are kept by the minute; more rows than this are not added up here. */
const minuteSec = 60;
const mostHandshakes = 100_000;

export interface AskedSeries {
  readonly history: History;
  readonly runs: Scope['runs'];
  readonly range: TimeRange;
  readonly columns: number;
  readonly protocols: readonly ProtocolInfo[];
}

/** Null where there is nothing in the range. Segments, what was sent again and answers are not kept by time: they are empty. */
export async function storedSeries(asked: AskedSeries): Promise<TrafficSeries | null> {
  const { range, columns } = asked;
  const spanSec = Math.max(1, (range.toUs - range.fromUs) / 1e6);
  const stepSec = steps.find((step) => spanSec / step <= columns - 1) ?? Math.ceil(spanSec / (columns - 1));
  const startSec = Math.floor(range.fromUs / 1e6 / stepSec) * stepSec;
  const count = Math.max(1, Math.ceil((range.toUs / 1e6 - startSec) / stepSec));
  const place = { startSec, stepSec, count };
  const [all, byApp, byDirection, rtt] = await askParts(asked, stepSec);
  if (all.rows.length === 0) return null;
  const known = new Map(asked.protocols.map(({ name, family }) => [name, family]));
  const byFamily = families.map(() => new Array<number>(count).fill(0));
  for (const [ts, app, bytes] of byApp.rows) {
    const family = known.get(String(app)) ?? familyOf(String(app), '');
    byFamily[families.indexOf(family)][columnAt(place, ts)] += Number(bytes);
  }
  const inBytes = new Array<number>(count).fill(0);
  const outBytes = new Array<number>(count).fill(0);
  for (const [ts, direction, forward, backward] of byDirection.rows) {
    const at = columnAt(place, ts);
    if (direction === 1) {
      outBytes[at] += Number(forward);
      inBytes[at] += Number(backward);
    } else if (direction === 2) {
      inBytes[at] += Number(forward);
      outBytes[at] += Number(backward);
    }
  }
  return {
    startSec,
    stepSec,
    packets: filled(place, all, 1),
    bytes: filled(place, all, 2),
    inBytes,
    outBytes,
    families: byFamily,
    newFlows: filled(place, all, 3),
    segments: [],
    repeated: [],
    rtt: rtt === null ? [] : handshakeBins(place, rtt),
    responses: [],
  };
}

function askParts(
  { history, runs, range }: AskedSeries,
  stepSec: number,
): Promise<[Result, Result, Result, Result | null]> {
  const place = { ...range, ...(runs === undefined ? {} : { runs }) };
  const scope = { ...place, stepSec };
  // Rows have no steps: a history behind a socket refuses words that a question does not have.
  const handshakes = {
    ...place,
    table: 'rtt_1m',
    fromUs: Math.floor(range.fromUs / 6e7) * 6e7,
    columns: ['ts', 'bucket', 'count'],
    limit: mostHandshakes,
  };
  return Promise.all([
    history.series({ ...scope, measures: ['packets', 'bytes', 'flows'] }),
    history.series({ ...scope, by: 'app', measures: ['bytes'], limit: 100 }),
    history.series({ ...scope, by: 'direction', measures: ['bytes_fwd', 'bytes_rev'], limit: 4 }),
    stepSec < minuteSec ? Promise.resolve(null) : history.rows(handshakes),
  ]);
}

interface Columns {
  readonly startSec: number;
  readonly stepSec: number;
  readonly count: number;
}

function columnAt({ startSec, stepSec, count }: Columns, ts: unknown): number {
  return Math.max(0, Math.min(count - 1, Math.floor((Number(ts) / 1e6 - startSec) / stepSec)));
}

function filled(place: Columns, { rows }: Result, column: number): number[] {
  const values = new Array<number>(place.count).fill(0);
  for (const row of rows) values[columnAt(place, row[0])] += Number(row[column] ?? 0);
  return values;
}

/**
 * By column, each by bin; an empty list where there is none. Buckets of the store are floor(8 · ln(µs)): each goes into the bin that its middle lies in. Half
 * of an answer is none.
 */
function handshakeBins(place: Columns, { rows, isCut }: Result): number[][] {
  if (isCut) return [];
  const columns: number[][] = Array.from({ length: place.count }, () => []);
  for (const [ts, bucket, count] of rows) {
    const us = Math.exp((Number(bucket) + 0.5) / 8);
    const at = latencyBoundsUs.findIndex((bound) => us <= bound);
    const column = columnAt(place, ts);
    if (columns[column].length === 0) columns[column] = new Array<number>(latencyBins).fill(0);
    columns[column][at < 0 ? latencyBins - 1 : at] += Number(count);
  }
  return columns;
}
