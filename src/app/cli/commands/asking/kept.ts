// `taplight runs` and `taplight sensors`: what was captured and imported, and how the sensors are.

import { type ExitCode, Failure } from '../../../../core/index.ts';
import {
  type AskOptions,
  type Column,
  type History,
  type Result,
  runs as runsTable,
  sensors as sensorsTable,
  type Table,
  type Value,
} from '../../../../output/store/index.ts';
import type { Host } from '../../host.ts';
import type { Arguments, ReadSettings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { withReading } from './with-reading.ts';
import { tellingColumns } from './written/answer-table.ts';
import { formatOf, writeAnswer } from './written/write-answer.ts';

export function runs(read: ReadSettings, _: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  return list(runsTable, read, host, rooms, async (history, options) =>
    (await history.runs(options)).map((run) => ({
      ...run,
      began_ts: run.beganUs,
      first_ts: run.firstUs,
      last_ts: run.lastUs,
    })),
  );
}

export function sensors(read: ReadSettings, _: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  return list(sensorsTable, read, host, rooms, (history, options) => history.sensors(options));
}

type Rows = (history: History, options: AskOptions) => Promise<readonly Readonly<Record<string, Value>>[]>;

async function list(table: Table, read: ReadSettings, host: Host, rooms: Rooms, rowsOf: Rows): Promise<ExitCode> {
  const { settings } = read;
  const format = formatOf(settings);
  if (format === 'parquet')
    throw new Failure(
      'BAD_OPTION',
      `${table.name} are not written as Parquet`,
      'taplight store export writes all tables.',
    );
  return withReading(settings, host, rooms, async ({ history }, options) => {
    const found = await rowsOf(history, options);
    const names = format === 'table' ? tellingColumns(table) : table.columns.map(({ name }) => name);
    const columns = names
      .map((name) => table.columns.find((column) => column.name === name))
      .filter((column): column is Column => column !== undefined && found.every((row) => column.name in row));
    const result: Result = {
      columns: columns.map(({ name, kind }) => ({ name, kind })),
      rows: found.map((row) => columns.map(({ name }) => row[name])),
      isCut: false,
      tookMs: 0,
    };
    await writeAnswer(host, { settings, format, declared: table.columns, isOurs: true }, [result]);
  });
}
