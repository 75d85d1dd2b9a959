// Options of questions to a store: which rows, in which order, and how they are written.

import type { OptionSpec } from '../option-spec.ts';
import { choice, count, duration, size, text, texts } from '../values.ts';

const option = <T>(spec: OptionSpec<T>): OptionSpec<T> => spec;

/** Commands that ask rows or sums of a store. */
const scoped = ['rows', 'top', 'series', 'alerts', 'packets', 'report'] as const;
const listing = ['rows', 'alerts'] as const;
/** Commands whose answer is a table. */
export const answering = ['rows', 'top', 'series', 'alerts', 'query', 'sensors', 'runs'] as const;
/** Commands that read a store. */
export const asking = [...answering, 'diff', 'packets', 'report', 'store'] as const;

export const askingOptions = {
  from: option<string | null>({
    flags: '--from <time>',
    group: 'ask',
    value: text,
    fallback: null,
    unset: 'the beginning',
    commands: [...scoped, 'diff'],
    from: [],
    help: 'from then on: "2 hours ago", yesterday, "2026-11-21 10:00", -2h, or seconds since 1970',
    more: 'Times are those of the local time zone unless they name one. A day, a month or a word such as `yesterday` stands for its beginning. Flows belong to the moment they end.',
  }),
  to: option<string | null>({
    flags: '--to <time>',
    group: 'ask',
    value: text,
    fallback: null,
    unset: 'now',
    commands: [...scoped, 'diff'],
    from: [],
    help: 'up to then; a day counts whole',
  }),
  source: option<string | null>({
    flags: '--source <what>',
    group: 'ask',
    value: text,
    fallback: null,
    unset: 'live, or files where nothing was captured live',
    commands: [...scoped, 'diff'],
    from: [],
    help: 'live, files, all, or numbers of runs with commas between',
  }),
  sensors: option<readonly string[]>({
    flags: '--sensor <name>',
    group: 'ask',
    value: texts,
    fallback: [],
    unset: 'all',
    commands: [...scoped, 'diff'],
    from: [],
    help: 'what this sensor saw; may be repeated',
  }),
  sort: option<string | null>({
    flags: '--sort <columns>',
    group: 'ask',
    value: text,
    fallback: null,
    unset: 'newest first',
    commands: listing,
    from: [],
    help: 'order: bytes:desc,src_ip (also bytes, packets and repeated of flows: both ways together)',
  }),
  columns: option<string | null>({
    flags: '--columns <list>',
    group: 'ask',
    value: text,
    fallback: null,
    unset: 'the most telling in a table, else all',
    commands: listing,
    from: [],
    help: 'columns, with commas between',
  }),
  limit: option<number>({
    flags: '--limit <n>',
    group: 'ask',
    value: count(1),
    fallback: 0,
    unset: '100 in a table, all otherwise; top: 20, series: 10 lines',
    commands: [...scoped, 'diff', 'query'],
    from: [],
    help: 'rows or packets at the most',
  }),
  offset: option<number>({
    flags: '--offset <n>',
    group: 'ask',
    value: count(0),
    fallback: 0,
    unset: '0',
    commands: listing,
    from: [],
    help: 'leave out the first n rows',
  }),
  measures: option<string>({
    flags: '--measures <list>',
    group: 'ask',
    value: text,
    fallback: 'bytes,packets,flows',
    unset: 'bytes,packets,flows',
    commands: ['top'],
    from: [],
    help: 'what is added up, with commas between; the first decides the order',
  }),
  by: option<string | null>({
    flags: '--by <column>',
    group: 'ask',
    value: text,
    fallback: null,
    unset: 'one line',
    commands: ['series'],
    from: [],
    help: 'a line for each of the largest values of a column of flows (or ip, port), one for the rest',
  }),
  step: option<number>({
    flags: '--step <dur>',
    group: 'ask',
    value: duration,
    fallback: 0,
    unset: 'so that there are at most 400',
    commands: ['series'],
    from: [],
    help: 'length of an interval, whole seconds',
  }),
  format: option<'table' | 'json' | 'jsonl' | 'csv' | 'parquet' | null>({
    flags: '--format <how>',
    group: 'ask',
    value: choice('table', 'json', 'jsonl', 'csv', 'parquet'),
    fallback: null,
    unset: 'by the name of -w FILE, else table',
    commands: answering,
    from: [],
    help: 'table, json, jsonl, csv or parquet',
    more: 'A table is for people: numbers with units, local time, and as many columns as fit. The others have whole numbers and times in UTC. Parquet needs -w FILE.',
  }),
  timeout: option<number>({
    flags: '--timeout <dur>',
    group: 'ask',
    value: duration,
    fallback: 30,
    unset: '30s',
    commands: [...answering, 'diff', 'packets', 'report'],
    help: 'stop a question that takes longer; Ctrl+C stops it, too',
  }),
  memory: option<number>({
    flags: '--memory <size>',
    group: 'ask',
    value: size(1 << 20),
    fallback: 0,
    unset: '',
    commands: ['query'],
    help: 'stop a query whose answer needs more memory',
  }),
} as const;
