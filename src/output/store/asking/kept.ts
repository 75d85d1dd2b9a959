// What was captured and imported, and how the sensors are.

import type { AskOptions, RunRow, SensorRow } from '../history.ts';
import { runs as runsTable, sensors as sensorsTable } from '../tables/kept.ts';
import { type Asking, ask } from './statement/asking.ts';
import { Draft, quoted } from './statement/draft.ts';
import { kindsOf, rowsFrom } from './statement/source.ts';

const runColumns = [
  'run',
  'sensor',
  'kind',
  'source',
  'hash',
  'state',
  'began_ts',
  'first_ts',
  'last_ts',
  'packets',
  'bytes',
] as const;

/** The latest first. */
export async function runs(asking: Asking, options: AskOptions = {}): Promise<RunRow[]> {
  const draft = new Draft();
  const from = rowsFrom(asking, runsTable, { runs: 'all' }, draft);
  const sql = `SELECT ${runColumns.map(quoted).join(', ')} ${from} ORDER BY "began_ts" DESC, "run"`;
  const { rows } = await ask(asking, draft.statement(sql), kindsOf(runsTable, runColumns), options);
  return rows.map(([run, sensor, kind, source, hash, state, began, first, last, packets, bytes]) => ({
    run: Number(run),
    sensor: String(sensor),
    kind: kind === 'file' ? 'file' : 'live',
    source: String(source),
    hash: String(hash),
    state: state === 'done' ? 'done' : 'open',
    beganUs: Number(began),
    firstUs: first === null ? null : Number(first),
    lastUs: last === null ? null : Number(last),
    packets: Number(packets),
    bytes: Number(bytes),
  }));
}

/** By name. */
export async function sensors(asking: Asking, options: AskOptions = {}): Promise<SensorRow[]> {
  const names = sensorsTable.columns.map(({ name }) => name);
  const rank = 'row_number() OVER (PARTITION BY "sensor" ORDER BY "ts" DESC, "run" DESC)';
  const newest = `SELECT * FROM "sensors" QUALIFY ${rank} = 1`;
  const sql = `SELECT ${names.map(quoted).join(', ')} FROM (${newest}) ORDER BY "sensor"`;
  const { rows } = await ask(asking, { sql, params: [] }, kindsOf(sensorsTable, names), options);
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
}
