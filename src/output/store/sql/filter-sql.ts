// A filter as a condition of a WHERE clause, for both SQLs.

import { bindFilter, parseFilter } from '../../../core/index.ts';
import type { Dialect, Param } from '../store.ts';
import type { Table } from '../tables/index.ts';
import { ConditionWriter } from './condition.ts';
import { filterFields } from './fields.ts';

/**
 * A condition that is true for the rows of `table` that a filter matches, and never NULL; `true` for empty text.
 *
 * @param text what the user wrote, in the filter language
 * @param table rows of it are asked for; need not be among `tables`
 * @param tables all tables of the store: fields of others are looked up by (run, flow_id); the same array each time, as
 *   what is made of it is kept
 * @param params values are appended; the first one appended stands as `$<old length + 1>`
 * @throws Failure BAD_FILTER with the range of the word that is wrong
 */
export function filterSql(
  text: string,
  table: Table,
  tables: readonly Table[],
  dialect: Dialect,
  params: Param[],
): string {
  const bound = bindFilter(parseFilter(text), filterFields(table, tables));
  return new ConditionWriter(tables, dialect, params).write(bound);
}
