// Groups of flows with the largest sums.

import type { AskOptions, TopRequest } from '../../history.ts';
import type { Result } from '../../store.ts';
import { type Asking, ask, bounded } from '../statement/asking.ts';
import { Draft, quoted } from '../statement/draft.ts';
import { settled } from '../statement/scope.ts';
import { checkMeasures, flowRows, groupsOf, rollupRows, summed } from './grouped-sums.ts';
import { measureKinds } from './measured.ts';
import { noteOf, rollupFor } from './rollup-choice.ts';

export async function top(asking: Asking, request: TopRequest, options: AskOptions = {}): Promise<Result> {
  const measures = [...new Set(request.measures)];
  checkMeasures(measures);
  const groups = groupsOf(request.by);
  const limit = bounded('the limit', request.limit, 20, 1, 10_000);
  const scope = await settled(asking, request, options);
  const rollup = rollupFor(asking, { scope, measures, by: request.by, stepSec: null });
  const draft = new Draft();
  const rows =
    rollup === null
      ? flowRows(asking, scope, draft, groups, measures)
      : rollupRows(asking, scope, draft, groups, rollup);
  const keys = groups.map((_, i) => `"g_${i}"`);
  const shown = [
    ...groups.map(({ name }, i) => `"k_${i}" AS ${quoted(name)}`),
    ...measures.map((measure, i) => `"a_${i}" AS ${quoted(called(measure, groups))}`),
  ];
  const order = ['"a_0" DESC NULLS LAST', ...groups.map((_, i) => `"k_${i}" ASC NULLS LAST`)];
  const sql = `SELECT ${shown.join(', ')} FROM (${summed(asking, rows, keys, measures)}) ORDER BY ${order.join(', ')} LIMIT ${limit + 1}`;
  const kinds = Object.fromEntries([
    ...groups.map(({ name, kind }) => [name, kind]),
    ...measures.map((measure) => [called(measure, groups), measureKinds[measure]]),
  ]);
  const result = await ask(asking, draft.statement(sql), kinds, options, limit);
  return { ...result, notes: [noteOf(rollup, measures)] };
}

/** Grouped by a column that a measure is called after (`bytes_fwd`), the measure has another name. */
function called(measure: string, groups: readonly { readonly name: string }[]): string {
  return groups.some(({ name }) => name === measure) ? `${measure}_sum` : measure;
}
