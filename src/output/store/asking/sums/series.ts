// Sums over time: one line, or a line for each of the largest groups and one for the rest.

import { Failure } from '../../../../core/index.ts';
import type { AskOptions, Measure, SeriesRequest } from '../../history.ts';
import type { Result, ResultColumn, Value } from '../../store.ts';
import { flows } from '../../tables/flows.ts';
import { type Asking, ask, bounded } from '../statement/asking.ts';
import { Draft, quoted } from '../statement/draft.ts';
import { type SettledScope, settled } from '../statement/scope.ts';
import { rowsFrom } from '../statement/source.ts';
import { checkMeasures, flowRows, type Group, groupsOf, type Rows, rollupRows, summed } from './grouped-sums.ts';
import { measureKinds } from './measured.ts';
import { families, noteOf, rollupFor } from './rollup-choice.ts';

const mostBuckets = 400;
/** Rows of one answer: also with a small step over a long time. */
const mostRows = 200_000;
const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
  2_592_000, 7_776_000, 31_536_000,
];

interface Part {
  readonly measures: readonly Measure[];
  readonly result: Result;
}

export async function series(asking: Asking, request: SeriesRequest, options: AskOptions = {}): Promise<Result> {
  const measures = [...new Set(request.measures)];
  checkMeasures(measures);
  const groups = request.by === undefined ? [] : groupsOf([request.by]);
  if (groups.length > 1)
    throw new Failure('BAD_QUERY', `a series is by one column, not by '${request.by}'`, 'Ask `top` for conversations.');
  const most = bounded('the limit', request.limit, 10, 1, 100);
  const scope = await settled(asking, request, options);
  const stepSec =
    request.stepSec === undefined
      ? await chosenStep(asking, scope, options)
      : bounded('the step', request.stepSec, 1, 1, 366 * 86_400);
  if (groups.length > 0) {
    return groupedPart(asking, scope, groups[0], request.by ?? '', measures, stepSec, most, options);
  }
  const parts: Part[] = [];
  const notes: string[] = [];
  for (const family of families(measures)) {
    const rollup = rollupFor(asking, { scope, measures: family, by: [], stepSec });
    const draft = new Draft();
    const rows =
      rollup === null ? flowRows(asking, scope, draft, [], family) : rollupRows(asking, scope, draft, [], rollup);
    const sql = shown(asking, summed(asking, rows, [bucket(asking, stepSec)], family), [], family);
    parts.push({
      measures: family,
      result: await ask(asking, draft.statement(sql), kinds([], family), options, mostRows),
    });
    notes.push(noteOf(rollup, family));
  }
  return { ...merged(parts, measures), notes };
}

async function groupedPart(
  asking: Asking,
  scope: SettledScope,
  group: Group,
  by: string,
  measures: readonly Measure[],
  stepSec: number,
  most: number,
  options: AskOptions,
): Promise<Result> {
  const rollup = rollupFor(asking, { scope, measures, by: [by], stepSec });
  const draft = new Draft();
  const rows = (of: readonly Measure[]): Rows =>
    rollup === null ? flowRows(asking, scope, draft, [group], of) : rollupRows(asking, scope, draft, [group], rollup);
  const [first] = measures;
  const ranked = summed(asking, rows([first]), ['"g_0"'], [first]);
  const largest = `SELECT "k_0" FROM (${ranked}) WHERE "k_0" IS NOT NULL ORDER BY "a_0" DESC NULLS LAST, "k_0" LIMIT ${most}`;
  const isLarge = `coalesce("g_0" ${asking.speech.isIn} (${largest}), false)`;
  const keys = [
    bucket(asking, stepSec),
    `CASE WHEN ${isLarge} THEN 0 ELSE 1 END`,
    `CASE WHEN ${isLarge} THEN "g_0" ELSE NULL END`,
  ];
  const sql = shown(asking, summed(asking, rows(measures), keys, measures), [group], measures);
  const result = await ask(asking, draft.statement(sql), kinds([group], measures), options, mostRows);
  // The second column says whether a row is of the rest.
  const lines = result.rows.map(([ts, rest, name, ...sums]): readonly Value[] => [
    ts,
    rest === 1 ? 'other' : name,
    ...sums,
  ]);
  const columns = result.columns.filter(({ name }) => name !== 'rest');
  return { ...result, columns, rows: lines, notes: [noteOf(rollup, measures)] };
}

const bucket = ({ speech }: Asking, stepSec: number): string => speech.floored('"m_us"', stepSec * 1e6);

/** Buckets in order, with their names outside. */
function shown(asking: Asking, sql: string, groups: readonly Group[], measures: readonly Measure[]): string {
  const columns = [
    `${asking.speech.time('"k_0"')} AS "ts"`,
    ...groups.flatMap(({ name }) => ['"k_1" AS "rest"', `"k_2" AS ${quoted(name)}`]),
    ...measures.map((measure, i) => `"a_${i}" AS ${quoted(measure)}`),
  ];
  const order = groups.length === 0 ? '"k_0"' : '"k_0", "k_1", "k_2"';
  return `SELECT ${columns.join(', ')} FROM (${sql}) ORDER BY ${order} LIMIT ${mostRows + 1}`;
}

function kinds(groups: readonly Group[], measures: readonly Measure[]): Record<string, ResultColumn['kind']> {
  return Object.fromEntries([
    ['ts', 'time'],
    ...groups.flatMap(({ name, kind }) => [
      ['rest', 'u8'],
      [name, kind],
    ]),
    ...measures.map((measure) => [measure, measureKinds[measure]]),
  ]);
}

/** Answers about the same time side by side; a bucket that one has no row for has no value there. */
function merged(parts: readonly Part[], measures: readonly Measure[]): Result {
  const byTime = new Map<number, Map<Measure, Value>>();
  for (const part of parts) {
    for (const [ts, ...values] of part.result.rows) {
      const row = byTime.get(Number(ts)) ?? new Map<Measure, Value>();
      for (const [i, measure] of part.measures.entries()) row.set(measure, values[i]);
      byTime.set(Number(ts), row);
    }
  }
  const times = [...byTime.keys()].sort((a, b) => a - b);
  return {
    columns: [{ name: 'ts', kind: 'time' }, ...measures.map((name) => ({ name, kind: measureKinds[name] }))],
    rows: times.map((ts) => [ts, ...measures.map((measure) => byTime.get(ts)?.get(measure) ?? null)]),
    isCut: parts.some(({ result }) => result.isCut),
    tookMs: parts.reduce((sum, { result }) => sum + result.tookMs, 0),
  };
}

/** So that there are at most 400 buckets; of an open range, between the first and the last flow. */
async function chosenStep(asking: Asking, scope: SettledScope, options: AskOptions): Promise<number> {
  let { fromUs, toUs } = scope;
  if (fromUs === undefined || toUs === undefined) {
    const draft = new Draft();
    const sql = `SELECT min("end_ts") AS "first", max("end_ts") AS "last" ${rowsFrom(asking, flows, scope, draft)}`;
    const { rows } = await ask(asking, draft.statement(sql), { first: 'time', last: 'time' }, options);
    const [first, last] = rows[0];
    fromUs ??= first === null ? 0 : Number(first);
    toUs ??= last === null ? fromUs : Number(last) + 1;
  }
  const spanSec = Math.max(0, toUs - fromUs) / 1e6;
  // A range that begins within a bucket has one more than its length says.
  return steps.find((step) => spanSec / step <= mostBuckets - 1) ?? steps[steps.length - 1];
}
