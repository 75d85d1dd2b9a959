// `taplight query "SQL"`: whatever the engine's own SQL can say, read-only.

import { type ExitCode, Failure } from '../../../../core/index.ts';
import type { Host } from '../../host.ts';
import type { Arguments, ReadSettings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { withReading } from './with-reading.ts';
import { formatOf, writeAnswer } from './written/write-answer.ts';

/** Rows shown, and rows written, unless the user says otherwise. */
const tableRows = 1000;
const dataRows = 1_000_000;

export async function query(read: ReadSettings, given: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  const { settings } = read;
  const format = formatOf(settings);
  const sql = [...given.words, ...given.afterDashes].join(' ').trim();
  if (sql === '') throw new Failure('BAD_OPTION', 'no SQL was given', 'taplight query "SELECT count(*) FROM flows"');
  if (format === 'parquet')
    throw new Failure('BAD_OPTION', 'queries are not written as Parquet', 'Use --format csv or jsonl, or export rows.');
  const maxRows = settings.limit > 0 ? settings.limit : format === 'table' ? tableRows : dataRows;
  const maxBytes = settings.memory > 0 ? { maxBytes: settings.memory } : {};
  return withReading(settings, host, rooms, async ({ history }, options) => {
    const result = await history.sql(sql, { ...options, ...maxBytes, maxRows });
    await writeAnswer(host, { settings, format, declared: [], isOurs: false }, [result]);
  });
}
