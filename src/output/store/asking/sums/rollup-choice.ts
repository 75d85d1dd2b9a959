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

/** A rollup and the part of the time that is read from it. */
export interface RollupPart {
  readonly rollup: Rollup;
  readonly fromUs?: number;
  readonly toUs?: number;
}

/**
 * What gives the same answer as the flows (percentiles: within 13 %): minutes, or seconds, or whole minutes with the
 * seconds before and after them; null where only the flows have it. Throws BAD_FILTER.
 */
export function rollupFor(asking: Asking, { scope, measures, by, stepSec }: Wanted): readonly RollupPart[] | null {
  const filtered = columnsOfFilter(asking, scope.filter ?? '');
  if (filtered === null) return null;
  const has = (choice: Choice): boolean =>
    measures.every((measure) => choice.measures.includes(measure)) &&
    [...by, ...filtered].every((column) => choice.by.includes(column));
  for (const { rollup } of choices.filter(has)) {
    if (stepSec !== null && stepSec % rollup.bucketSec !== 0) continue;
    if (isAligned(scope, rollup)) return [partOf(rollup, scope)];
    if (rollup === flowsByMinute && isAligned(scope, flowsBySecond)) return withEdges(scope);
  }
  return null;
}

function isAligned({ fromUs = 0, toUs = 0 }: SettledScope, { bucketSec }: Rollup): boolean {
  return fromUs % (bucketSec * 1e6) === 0 && toUs % (bucketSec * 1e6) === 0;
}

function partOf(rollup: Rollup, { fromUs, toUs }: { readonly fromUs?: number; readonly toUs?: number }): RollupPart {
  return { rollup, ...(fromUs === undefined ? {} : { fromUs }), ...(toUs === undefined ? {} : { toUs }) };
}

/** Whole minutes from their rollup, the seconds around them from theirs. */
function withEdges(scope: SettledScope): readonly RollupPart[] {
  const minuteUs = flowsByMinute.bucketSec * 1e6;
  const begin = scope.fromUs === undefined ? undefined : Math.ceil(scope.fromUs / minuteUs) * minuteUs;
  const end = scope.toUs === undefined ? undefined : Math.floor(scope.toUs / minuteUs) * minuteUs;
  if (begin !== undefined && end !== undefined && begin >= end) return [partOf(flowsBySecond, scope)];
  const parts = [
    partOf(flowsByMinute, {
      ...(begin === undefined ? {} : { fromUs: begin }),
      ...(end === undefined ? {} : { toUs: end }),
    }),
  ];
  const edges = [
    [scope.fromUs, begin],
    [end, scope.toUs],
  ] as const;
  for (const [fromUs, toUs] of edges)
    if (fromUs !== undefined && toUs !== undefined && fromUs < toUs)
      parts.push({ rollup: flowsBySecond, fromUs, toUs });
  return parts;
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
export function noteOf(parts: readonly RollupPart[] | null, measures: readonly Measure[]): string {
  if (parts === null) return `${measures.join(', ')}: from flows, exact`;
  const names = [...new Set(parts.map(({ rollup }) => rollup.name))].join(' and ');
  const isRtt = parts.some(({ rollup }) => rollup.by === 'rtt');
  const how = isRtt ? 'within 13 %: the middle of one of 8 buckets per factor e' : 'exact';
  return `${measures.join(', ')}: from ${names}, ${how}`;
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
