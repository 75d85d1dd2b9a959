// Sums over groups of flows, from the flows themselves or from a rollup that has the same sums.

import { Failure } from '../../../../core/index.ts';
import { measures as knownMeasures, type Measure } from '../../history.ts';
import type { ColumnKind } from '../../tables/column.ts';
import { flows } from '../../tables/flows.ts';
import { type Asking, unknownName } from '../statement/asking.ts';
import { type Draft, quoted, where } from '../statement/draft.ts';
import { originConditions, type SettledScope, timeConditions } from '../statement/scope.ts';
import { filterCondition } from '../statement/source.ts';
import { measuredColumns, measureSql, rttShares } from './measured.ts';
import type { RollupPart } from './rollup-choice.ts';

/** A column that rows are grouped by: its SQL for a flow, and for the same flow from its responder's side. */
export interface Group {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly flow: string;
  readonly turned: string;
}

const lesser = 'CASE WHEN "src_ip" <= "dst_ip" THEN "src_ip" ELSE "dst_ip" END';
const greater = 'CASE WHEN "src_ip" <= "dst_ip" THEN "dst_ip" ELSE "src_ip" END';
const same = (name: string, kind: ColumnKind, sql: string): Group => ({ name, kind, flow: sql, turned: sql });

const groupWords: Readonly<Record<string, readonly Group[]>> = {
  ip: [{ name: 'ip', kind: 'address', flow: '"src_ip"', turned: '"dst_ip"' }],
  port: [same('port', 'u16', '"dst_port"')],
  conversation: [same('ip_a', 'address', lesser), same('ip_b', 'address', greater)],
};

/** Columns of the words that flows are grouped by. Throws BAD_QUERY. */
export function groupsOf(words: readonly string[]): readonly Group[] {
  const groups = words.flatMap((word) => {
    if (Object.hasOwn(groupWords, word)) return groupWords[word];
    const column = flows.columns.find(({ name }) => name === word);
    if (column === undefined)
      throw unknownName(`flows cannot be grouped by '${word}'`, word, [
        ...Object.keys(groupWords),
        ...flows.columns.map(({ name }) => name),
      ]);
    return [same(column.name, column.kind, quoted(column.name))];
  });
  return groups.filter((group, i) => groups.findIndex(({ name }) => name === group.name) === i);
}

/** Throws BAD_QUERY for words that are no measure, and where there is none. */
export function checkMeasures(measures: readonly Measure[]): void {
  for (const measure of measures)
    if (!knownMeasures.includes(measure))
      throw unknownName(`there is no measure '${String(measure)}'`, String(measure), knownMeasures);
  if (measures.length === 0)
    throw new Failure('BAD_QUERY', 'nothing is asked for', `Measures are ${knownMeasures.join(', ')}.`);
}

/** What sums are made of: rows with `g_0`, `g_1` … and the columns of measures; and a time, `m_us`. */
export interface Rows {
  readonly sql: string;
  /** Condition for rows that count for sums; the others are there for their address only. */
  readonly only?: string;
  readonly isBucketed: boolean;
}

/** Rows of flows. */
export function flowRows(
  asking: Asking,
  scope: SettledScope,
  draft: Draft,
  groups: readonly Group[],
  measures: readonly Measure[],
): Rows {
  const conditions = [
    ...originConditions(asking, scope, draft),
    ...timeConditions(scope, flows, draft),
    ...filterCondition(asking, flows, scope, draft),
  ];
  const hasSides = groups.some(({ flow, turned }) => flow !== turned);
  const countsHosts = measures.includes('hosts');
  const time = `${asking.speech.micros('"end_ts"')} AS "m_us"`;
  const side = (own: boolean, peer: string): string => {
    const columns = groups.map(({ flow, turned }, i) => `${own ? flow : turned} AS "g_${i}"`);
    const turns = !own && hasSides;
    for (const [name, flow, turned] of measuredColumns) columns.push(`${turns ? turned : flow} AS ${quoted(name)}`);
    if (countsHosts) columns.push(`${peer} AS "m_peer"`, `${own ? 0 : 1} AS "m_side"`);
    return `SELECT ${columns.join(', ')}, ${time} FROM "flows" ${where(conditions)}`;
  };
  // By address, the hosts that count are those it spoke to; otherwise those of both sides.
  if (hasSides) return { sql: `${side(true, '"dst_ip"')} UNION ALL ${side(false, '"src_ip"')}`, isBucketed: false };
  if (!countsHosts) return { sql: side(true, ''), isBucketed: false };
  const sql = `${side(true, '"src_ip"')} UNION ALL ${side(false, '"dst_ip"')}`;
  return { sql, only: '"m_side" = 0', isBucketed: false };
}

/** Rows of rollups; groups and filters are of columns that they have, called as those of flows. */
export function rollupRows(
  asking: Asking,
  scope: SettledScope,
  draft: Draft,
  groups: readonly Group[],
  parts: readonly RollupPart[],
): Rows {
  const columns = groups.map(({ name }, i) => `${quoted(name)} AS "g_${i}"`);
  const time = `${asking.speech.micros('"ts"')} AS "m_us"`;
  const selects = parts.map(({ rollup, ...range }) => {
    const conditions = [
      ...originConditions(asking, scope, draft),
      ...timeConditions(range, rollup, draft),
      ...filterCondition(asking, flows, scope, draft),
    ];
    const name = quoted(rollup.name);
    const from = rollup.by === 'rtt' ? `(SELECT *, "server" AS "dst_ip" FROM ${name}) AS "flows"` : name;
    const sums = rollup.by === 'rtt' ? histogramColumns : sumColumns;
    return `SELECT ${[...columns, ...sums, time].join(', ')} FROM ${from} ${where(conditions)}`;
  });
  return { sql: selects.join(' UNION ALL '), isBucketed: parts.some(({ rollup }) => rollup.by === 'rtt') };
}

const histogramColumns = ['"bucket" AS "m_bucket"', '"count" AS "m_count"'];
const sumColumns = [
  '"flows" AS "m_flows"',
  '"pkts" AS "m_pkts"',
  '"bytes_fwd" AS "m_fwd"',
  '"bytes_rev" AS "m_rev"',
  '"repeated" AS "m_repeated"',
];

/** `SELECT "k_0" …, "a_0" …`: measures by keys, which are SQL over the columns of the rows. */
export function summed(asking: Asking, rows: Rows, keys: readonly string[], measures: readonly Measure[]): string {
  // Without a key, sums of no rows would still be a row.
  const named = keys.map((sql, i) => `${sql} AS "k_${i}"`);
  const names = keys.map((_, i) => `"k_${i}"`);
  if (rows.isBucketed) return percentilesOfBuckets(rows, named, names, measures);
  const sums = measures.map((measure, i) => `${measureSql(measure, asking.speech, rows.only)} AS "a_${i}"`);
  const group = names.length === 0 ? 'HAVING count(*) > 0' : `GROUP BY ${keys.join(', ')}`;
  return `SELECT ${[...named, ...sums].join(', ')} FROM (${rows.sql}) ${group}`;
}

/** Of a histogram: the middle of the bucket in which the percentile lies. */
function percentilesOfBuckets(
  rows: Rows,
  named: readonly string[],
  names: readonly string[],
  measures: readonly Measure[],
): string {
  const counted = `SELECT ${[...named, '"m_bucket"', 'sum("m_count") AS "b_count"'].join(', ')} FROM (${rows.sql}) GROUP BY ${[...names, '"m_bucket"'].join(', ')}`;
  const each = names.length === 0 ? '' : `PARTITION BY ${names.join(', ')}`;
  const upTo = `sum("b_count") OVER (${each} ORDER BY "m_bucket") AS "b_upto"`;
  const whole = `sum("b_count") OVER (${each}) AS "b_all"`;
  const ranked = `SELECT ${[...names, '"m_bucket"', upTo, whole].join(', ')} FROM (${counted})`;
  const values = measures.map((measure, i) => {
    const first = `min("m_bucket") FILTER (WHERE "b_upto" >= "b_all" * ${rttShares[measure] ?? 0.5})`;
    return `exp((${first} + 0.5) / 8) AS "a_${i}"`;
  });
  const group = names.length === 0 ? 'HAVING count(*) > 0' : `GROUP BY ${names.join(', ')}`;
  return `SELECT ${[...names, ...values].join(', ')} FROM (${ranked}) ${group}`;
}
