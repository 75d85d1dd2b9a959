// What a table is read from: raw rows as they are, of versions the newest, of partial sums their sum; within a scope.

import { filterSql } from '../../sql/index.ts';
import { type Column, columnOf, type Table } from '../../tables/column.ts';
import type { Asking } from './asking.ts';
import { type Draft, quoted, where } from './draft.ts';
import { originConditions, type SettledScope, timeConditions } from './scope.ts';

/** `FROM … WHERE …` of the rows of a table that a scope and its filter leave, and of those the ones that are `only`. */
export function rowsFrom(asking: Asking, table: Table, scope: SettledScope, draft: Draft, only?: string): string {
  const origin = originConditions(asking, scope, draft);
  const time = timeConditions(scope, table, draft);
  const filter = [...filterCondition(asking, table, scope, draft), ...(only === undefined ? [] : [only])];
  const name = quoted(table.name);
  if (table.keep === 'raw') return `FROM ${name} ${where([...origin, ...time, ...filter])}`;
  if (table.keep === 'state') return `FROM (${newest(table, origin)}) AS ${name} ${where([...time, ...filter])}`;
  return `FROM (${summed(asking, table, [...origin, ...time])}) AS ${name} ${where(filter)}`;
}

/** The condition that a scope's filter is; none for an empty one. Throws BAD_FILTER. */
export function filterCondition(asking: Asking, table: Table, scope: SettledScope, draft: Draft): string[] {
  const { filter = '' } = scope;
  if (filter.trim() === '') return [];
  return [filterSql(filter, table, asking.tables, asking.engine.dialect, draft.params)];
}

/** The newest version of each thing. What the scope says of time comes after: an old version may lie in it. */
function newest(table: Table, conditions: readonly string[]): string {
  const key = (table.key ?? []).map(quoted).join(', ');
  const rank = `row_number() OVER (PARTITION BY ${key} ORDER BY ${quoted('version')} DESC)`;
  return `SELECT * FROM ${quoted(table.name)} ${where(conditions)} QUALIFY ${rank} = 1`;
}

/** Columns of partial sums that are added up; the others tell sums apart. */
export function isSum({ name, kind }: Column): boolean {
  return kind === 'u64' && name !== 'run';
}

/** Of partial sums the sums: counts added up, first and last times, for each combination of the rest. */
function summed(asking: Asking, table: Table, conditions: readonly string[]): string {
  const parts = table.columns.map((column, i) => {
    const name = quoted(column.name);
    if (isSum(column)) return { sql: asking.speech.total(name), alias: `s_${i}`, name };
    // A name's first and last time; a bucket's own time tells buckets apart.
    if (column.name === 'first_ts') return { sql: `min(${name})`, alias: `s_${i}`, name };
    if (column.name === 'last_ts') return { sql: `max(${name})`, alias: `s_${i}`, name };
    return { sql: name, alias: null, name };
  });
  const keys = parts.filter(({ alias }) => alias === null).map(({ sql }) => sql);
  // Names of the sums are given outside: inside they would hide the columns they are made of.
  const inner = parts.map(({ sql, alias }) => (alias === null ? sql : `${sql} AS ${alias}`)).join(', ');
  const outer = parts.map(({ alias, name }) => (alias === null ? name : `${alias} AS ${name}`)).join(', ');
  const grouped = `SELECT ${inner} FROM ${quoted(table.name)} ${where(conditions)} GROUP BY ${keys.join(', ')}`;
  return `SELECT ${outer} FROM (${grouped})`;
}

/** Columns that put rows of a table in an order without ties. */
export function tieBreakers(asking: Asking, table: Table): readonly string[] {
  const has = (name: string): boolean => table.columns.some((column) => column.name === name);
  if (table.keep === 'state') return [...(table.key ?? [])];
  if (table.keep === 'rollup') return table.columns.filter((column) => !isSum(column)).map(({ name }) => name);
  if (has('part')) return ['run', 'flow_id', 'part'];
  const place = ['run', 'flow_id'].filter(has);
  return [...place, ...asking.speech.rowOrder];
}

/** Kinds by name, of the columns a question gives. */
export function kindsOf(table: Table, names: readonly string[]): Record<string, Column['kind']> {
  return Object.fromEntries(names.map((name) => [name, columnOf(table, name).kind]));
}
