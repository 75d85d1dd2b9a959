// `taplight flows`, `hosts`, `dns` … and any other table: rows that a filter leaves.

import { type ExitCode, Failure } from '../../../../core/index.ts';
import type { AskOptions, History, Result, RowsRequest, Table } from '../../../../output/store/index.ts';
import type { Reading } from '../../../pipeline/index.ts';
import type { Host } from '../../host.ts';
import { type Arguments, type ReadSettings, type Settings, tableOfWord } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { filterOf, listOf, placeOf, sortOf } from './asked-scope.ts';
import { withReading } from './with-reading.ts';
import { tellingColumns } from './written/answer-table.ts';
import { formatOf, writeAnswer } from './written/write-answer.ts';

/** Rows of a table for people unless they say; and rows asked for at once, where all are wanted. */
const tableRows = 100;
const pageRows = 20_000;

export async function rows(read: ReadSettings, given: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  const [name, ...words] = given.words;
  const table = name === undefined ? null : tableOfWord(name);
  if (table === null) {
    const hint = '`taplight rows --help` lists some; `taplight store info` lists all.';
    throw new Failure('BAD_OPTION', name === undefined ? 'no table was named' : `there is no table '${name}'`, hint);
  }
  return tableRowsOf(table, words, read.settings, given, host, rooms);
}

/** Rows of this table, as the settings ask for them. */
export async function tableRowsOf(
  table: Table,
  words: readonly string[],
  settings: Settings,
  given: Arguments,
  host: Host,
  rooms: Rooms,
): Promise<ExitCode> {
  const format = formatOf(settings);
  const columns = settings.columns === null ? null : listOf(settings.columns);
  const request: RowsRequest = {
    ...(await placeOf(settings, new Date())),
    table: table.name,
    filter: filterOf(words, given),
    sort: sortOf(settings.sort),
    offset: settings.offset,
    columns: columns ?? (format === 'table' ? tellingColumns(table) : table.columns.map((column) => column.name)),
  };
  const limit = settings.limit > 0 ? settings.limit : format === 'table' ? tableRows : Number.POSITIVE_INFINITY;
  const act = async ({ history, exportParquet }: Reading, options: AskOptions): Promise<void> => {
    if (format === 'parquet') {
      const all = { ...request, ...(Number.isFinite(limit) ? { limit } : {}) };
      await exportParquet(all, settings.write ?? '', options);
      return;
    }
    const how = { settings, format, declared: table.columns, isOurs: true };
    await writeAnswer(host, how, pages(history, request, limit, format === 'table', options));
  };
  return withReading(settings, host, rooms, act, request.filter);
}

/** One page as a table; otherwise page after page, so that any number of rows can be had. */
async function* pages(
  history: History,
  request: RowsRequest,
  limit: number,
  isOne: boolean,
  options: AskOptions,
): AsyncGenerator<Result> {
  let offset = request.offset ?? 0;
  for (let left = limit; left > 0; ) {
    const page = await history.rows({ ...request, offset, limit: isOne ? left : Math.min(left, pageRows) }, options);
    yield page;
    if (isOne || !page.isCut) return;
    offset += page.rows.length;
    left -= page.rows.length;
  }
}
