// Whether a rollup has the answer, and which.

import { type BoundFilter, bindFilter, parseFilter } from '../../../../core/index.ts';
import type { Measure } from '../../history.ts';
import { filterFields } from '../../sql/index.ts';
import { flows } from '../../tables/flows.ts';
import { flowsByMinute, flowsBySecond, type Rollup, rttByMinute } from '../../tables/rollups.ts';
import type { Asking } from '../statement/asking.ts';
import type { SettledScope } from '../statement/scope.ts';
import { rttShares } from './measured.ts';

export interface Wanted {
  readonly scope: SettledScope;
  readonly measures: readonly Measure[];
  /** Columns of flows. */
  readonly by: readonly string[];
  /** Seconds; of a series. */
  readonly stepSec: number | null;
}

interface Choice {
  readonly rollup: Rollup;
  readonly measures: readonly Measure[];
  readonly by: readonly string[];
}

const sums: readonly Measure[] = ['flows', 'packets', 'bytes', 'bytes_fwd', 'bytes_rev', 'repeated'];
const sumKeys = ['run', 'sensor', 'proto', 'app'];

/** The coarsest first: it has the fewest rows. hosts_1m has local hosts only, so nothing about all hosts is read there. */
const choices: readonly Choice[] = [
  { rollup: flowsByMinute, measures: sums, by: sumKeys },
  { rollup: flowsBySecond, measures: sums, by: sumKeys },
  { rollup: rttByMinute, measures: Object.keys(rttShares) as Measure[], by: ['run', 'sensor', 'dst_ip'] },
];

/**
 * The rollup that gives the same answer as the flows (percentiles: within 13 %), null where there is none. Throws
 * BAD_FILTER.
 */
export function rollupFor(asking: Asking, { scope, measures, by, stepSec }: Wanted): Rollup | null {
  const filtered = columnsOfFilter(asking, scope.filter ?? '');
  if (filtered === null) return null;
  const edges = [scope.fromUs, scope.toUs].filter((us) => us !== undefined);
  const fits = (choice: Choice): boolean =>
    measures.every((measure) => choice.measures.includes(measure)) &&
    [...by, ...filtered].every((column) => choice.by.includes(column)) &&
    edges.every((us) => us % (choice.rollup.bucketSec * 1e6) === 0) &&
    (stepSec === null || stepSec % choice.rollup.bucketSec === 0);
  return choices.find(fits)?.rollup ?? null;
}

/** Columns of flows that a filter looks at; null where it looks at other tables. */
function columnsOfFilter({ tables }: Asking, filter: string): readonly string[] | null {
  const columns: string[] = [];
  const look = (bound: BoundFilter): boolean => {
    if (bound.is === 'related') return false;
    if (bound.is === 'not') return look(bound.of);
    if (bound.is !== 'test') return bound.of.every(look);
    const { place } = bound;
    columns.push(...place.columns, ...(place.guard === undefined ? [] : [place.guard.column]));
    return true;
  };
  return look(bindFilter(parseFilter(filter), filterFields(flows, tables))) ? columns : null;
}

/** Says where an answer was read. */
export function noteOf(rollup: Rollup | null, measures: readonly Measure[]): string {
  if (rollup === null) return `${measures.join(', ')}: from flows, exact`;
  const how = rollup.by === 'rtt' ? 'within 13 %: the middle of one of 8 buckets per factor e' : 'exact';
  return `${measures.join(', ')}: from ${rollup.name}, ${how}`;
}

/** Measures that one rollup may have, apart from the others. */
export function families(measures: readonly Measure[]): readonly (readonly Measure[])[] {
  const isRtt = (measure: Measure): boolean => rttShares[measure] !== undefined;
  const parts = [
    measures.filter((measure) => sums.includes(measure)),
    measures.filter(isRtt),
    measures.filter((measure) => !sums.includes(measure) && !isRtt(measure)),
  ];
  return parts.filter((part) => part.length > 0);
}
