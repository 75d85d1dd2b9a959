// Which rows a question is about, as conditions.

import { Failure } from '../../../../core/index.ts';
import type { AskOptions, Scope } from '../../history.ts';
import type { Table } from '../../tables/column.ts';
import { type Asking, ask } from './asking.ts';
import { type Draft, quoted } from './draft.ts';

/** A scope that says whether live captures or files are meant. */
export interface SettledScope extends Scope {
  readonly runs: 'live' | 'files' | 'all' | readonly number[];
}

/** Values of a list at the most. */
const listLimit = 10_000;

/** Left to us: live, or files where nothing was captured live. Throws BAD_QUERY for times and lists that are none. */
export async function settled<T extends Scope>(
  asking: Asking,
  scope: T,
  options: AskOptions = {},
): Promise<T & SettledScope> {
  const { fromUs, toUs, runs, sensors } = scope;
  for (const [what, us] of Object.entries({ from: fromUs, to: toUs }))
    if (us !== undefined && !(Number.isSafeInteger(us) && us >= 0)) throw badScope(`'${what}' is ${us}`);
  if (Array.isArray(runs) && !runs.every((run) => Number.isSafeInteger(run) && run >= 0))
    throw badScope(`runs are numbers, not ${runs.join(', ')}`);
  if ((Array.isArray(runs) && runs.length > listLimit) || (sensors?.length ?? 0) > listLimit)
    throw badScope(`more than ${listLimit} runs or sensors`);
  if (runs !== undefined) return { ...scope, runs };
  const live = await ask(
    asking,
    { sql: `SELECT "run" FROM "runs" WHERE "kind" = 'live' LIMIT 1`, params: [] },
    {},
    options,
  );
  return { ...scope, runs: live.rows.length > 0 ? 'live' : 'files' };
}

function badScope(message: string): Failure {
  return new Failure(
    'BAD_QUERY',
    message,
    'Times are microseconds since the epoch, runs the numbers that `runs` lists.',
  );
}

/** Run and sensor. */
export function originConditions(asking: Asking, scope: SettledScope, draft: Draft): string[] {
  const conditions: string[] = [];
  const { runs, sensors } = scope;
  if (runs === 'live' || runs === 'files') {
    // A run is of one kind for good; rows whose run was forgotten are live ones.
    const is = `"run" ${asking.speech.isIn} (SELECT "run" FROM "runs" WHERE "kind" = 'file')`;
    conditions.push(runs === 'files' ? is : `NOT (${is})`);
  } else if (runs !== 'all') conditions.push(runs.length === 0 ? 'false' : `"run" IN (${draft.list('u64', runs)})`);
  if (sensors !== undefined)
    conditions.push(sensors.length === 0 ? 'false' : `"sensor" IN (${draft.list('word', sensors)})`);
  return conditions;
}

/** Place in time, by the column that the table says. */
export function timeConditions(scope: Scope, table: Table, draft: Draft): string[] {
  const conditions: string[] = [];
  const time = quoted(table.time);
  if (scope.fromUs !== undefined) conditions.push(`${time} >= ${draft.put('time', scope.fromUs)}`);
  if (scope.toUs !== undefined) conditions.push(`${time} < ${draft.put('time', scope.toUs)}`);
  return conditions;
}
