// `taplight top` and `taplight series`: flows added up, by what they have in common or over time.

import { type ExitCode, Failure } from '../../../../core/index.ts';
import { type AskOptions, flows, type Measure, measures } from '../../../../output/store/index.ts';
import type { Reading } from '../../../pipeline/index.ts';
import type { Host } from '../../host.ts';
import type { Arguments, ReadSettings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { filterOf, listOf, placeOf } from './asked-scope.ts';
import { withReading } from './with-reading.ts';
import { formatOf, writeAnswer } from './written/write-answer.ts';

const noParquet = (): Failure =>
  new Failure('BAD_OPTION', 'sums are not written as Parquet', 'Use --format csv or jsonl, or export rows.');

export async function top(read: ReadSettings, given: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  const { settings } = read;
  const format = formatOf(settings);
  if (format === 'parquet') throw noParquet();
  const [by, ...words] = given.words;
  if (by === undefined)
    throw new Failure('BAD_OPTION', 'nothing to group by was named', 'taplight top ip, taplight top app,dst_ip …');
  const request = {
    ...(await placeOf(settings, new Date())),
    by: listOf(by),
    // What is none is refused by the history, which knows what is near.
    measures: listOf(settings.measures) as Measure[],
    filter: filterOf(words, given),
    ...(settings.limit > 0 ? { limit: settings.limit } : {}),
  };
  const act = async ({ history }: Reading, options: AskOptions): Promise<void> => {
    const result = await history.top(request, options);
    await writeAnswer(host, { settings, format, declared: flows.columns, isOurs: true }, [result]);
  };
  return withReading(settings, host, rooms, act, request.filter);
}

export async function series(read: ReadSettings, given: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  const { settings } = read;
  const format = formatOf(settings);
  if (format === 'parquet') throw noParquet();
  const [first, ...more] = given.words;
  // The first word is a list of measures, or already the filter.
  const named = listOf(first ?? '');
  const isNamed = named.length > 0 && named.every((word) => (measures as readonly string[]).includes(word));
  if (settings.step !== 0 && !Number.isInteger(settings.step))
    throw new Failure('BAD_OPTION', '--step is not whole seconds', 'Write it as 1s, 10s, 5m …');
  const request = {
    ...(await placeOf(settings, new Date())),
    measures: isNamed ? (named as Measure[]) : (['bytes'] as const),
    filter: filterOf(isNamed ? more : given.words, given),
    ...(settings.by === null ? {} : { by: settings.by }),
    ...(settings.step > 0 ? { stepSec: settings.step } : {}),
    ...(settings.limit > 0 ? { limit: settings.limit } : {}),
  };
  const act = async ({ history }: Reading, options: AskOptions): Promise<void> => {
    const result = await history.series(request, options);
    await writeAnswer(host, { settings, format, declared: flows.columns, isOurs: true }, [result]);
  };
  return withReading(settings, host, rooms, act, request.filter);
}
