// One flow, one alert, out of a store.

import { Failure } from '../../../core/index.ts';
import type { AskOptions, History, Result, RowsRequest, StoredRow, Table } from '../../../output/store/index.ts';
import type { FlowDetails, Row } from '../../../screens/api/index.ts';
import { flowDetails } from '../live/flow-details.ts';
import { summed } from '../live/flows/flow-columns.ts';
import { alertOf } from './stored-alerts.ts';

/** Records of one conversation, rows of a table for one flow, columns of a timeline. */
const mostRecords = 2000;
const mostRows = 500;
const mostColumns = 60;
/** Tables that any flow may have rows in, besides those called after what it speaks. */
const common = ['dns', 'tls', 'quic', 'http', 'http2', 'http3', 'files', 'weird'];
/** Questions at one time. */
const atOnce = 4;

export function storedRows({ columns, rows }: Result): StoredRow[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
}

async function ask(history: History, request: RowsRequest, options: AskOptions = {}): Promise<StoredRow[]> {
  return storedRows(await history.rows(request, options));
}

/** The row of a flow over all its records; null where there is none. */
export async function packetRow(history: History | null, run: number, flowId: number): Promise<Row | null> {
  if (history === null) return null;
  const records = await recordsOf(history, run, flowId);
  return records.length === 0 ? null : wholeFlow(records);
}

/** Throws BAD_QUERY where the store has no such flow. */
export async function askedFlow(
  tables: readonly Table[],
  history: History,
  run: number,
  flowId: number,
  hasPackets: boolean,
): Promise<FlowDetails> {
  const records = await recordsOf(history, run, flowId);
  if (records.length === 0) {
    const hint = 'Its records may have been deleted by age. The table of flows lists those that are there.';
    throw new Failure('BAD_QUERY', `run ${run} has no flow ${flowId}`, hint);
  }
  const flow = wholeFlow(records);
  const names = tables.filter((table) => hasRowsOf(table, String(flow.app))).map(({ name }) => name);
  const transactions: FlowDetails['transactions'][number][] = [];
  for (let i = 0; i < names.length; i += atOnce) {
    const asked = names.slice(i, i + atOnce).map(async (table) => {
      const rows = await ask(history, { table, runs: [run], filter: `flow.id == ${flowId}`, limit: mostRows });
      for (const row of rows) transactions.push({ table, row: row as Row }); // cells of a store are cells
    });
    await Promise.all(asked);
  }
  const alerts = await ask(history, {
    table: 'alerts',
    runs: [run],
    fromUs: Number(flow.start_ts),
    limit: mostRows,
  });
  return flowDetails({
    flow,
    transactions,
    alerts: alerts.map(alertOf).filter((alert) => alert !== null),
    timeline: timelineOf(records),
    hasPackets,
  });
}

/** The newest row of an alert; null where there is none. */
export async function askedAlert(history: History | null, run: number, alertId: string): Promise<StoredRow | null> {
  // Names of alerts are 12 hex digits: nothing else gets into a filter.
  if (history === null || !/^[0-9a-f]{12}$/.test(alertId)) return null;
  const rows = await ask(history, { table: 'alerts', runs: [run], filter: `alert.id == "${alertId}"`, limit: 1 });
  return rows.at(0) ?? null;
}

function hasRowsOf(table: Table, app: string): boolean {
  if (!table.columns.some(({ name }) => name === 'flow_id') || table.name === 'flows') return false;
  return common.includes(table.name) || (app !== '' && table.name.startsWith(app.replaceAll('-', '_')));
}

function recordsOf(history: History, run: number, flowId: number): Promise<StoredRow[]> {
  const sort = [{ column: 'part', descending: false }];
  return ask(history, { table: 'flows', runs: [run], filter: `flow.id == ${flowId}`, sort, limit: mostRecords });
}

/** The last record, with the counters of all. */
function wholeFlow(records: readonly StoredRow[]): Row {
  const flow: Record<string, Row[string]> = { ...(records[records.length - 1] as Row) }; // as above
  for (const name of summed) flow[name] = records.reduce((sum, record) => sum + Number(record[name]), 0);
  flow.start_ts = Math.min(...records.map(({ start_ts }) => Number(start_ts)));
  return withSums(flow);
}

/** What a row of flows has besides the columns of its table, where the store can say it. */
export function withSums(flow: Readonly<Record<string, Row[string]>>): Row {
  const both = (forward: string, backward: string): number => Number(flow[forward]) + Number(flow[backward]);
  return {
    ...flow,
    bytes: both('bytes_fwd', 'bytes_rev'),
    packets: both('pkts_fwd', 'pkts_rev'),
    repeated: both('repeated_fwd', 'repeated_rev'),
    rate_fwd: 0,
    rate_rev: 0,
    is_open: false,
  };
}

/** Bytes by the time of records; of one record alone nobody knows when they went. */
function timelineOf(records: readonly StoredRow[]): FlowDetails['timeline'] {
  if (records.length < 2) return null;
  const startUs = Math.min(...records.map(({ start_ts }) => Number(start_ts)));
  const endUs = Math.max(...records.map(({ end_ts }) => Number(end_ts)));
  const count = Math.min(mostColumns, records.length);
  const stepUs = Math.max(1, Math.ceil((endUs - startUs + 1) / count));
  const forward = new Array<number>(count).fill(0);
  const backward = new Array<number>(count).fill(0);
  for (const record of records) {
    const at = Math.min(count - 1, Math.floor((Number(record.end_ts) - startUs) / stepUs));
    forward[at] += Number(record.bytes_fwd);
    backward[at] += Number(record.bytes_rev);
  }
  return { startUs, stepUs, forward, backward };
}
