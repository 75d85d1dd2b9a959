// The filter language as the server needs it: examined and completed while it is typed, and matched against live rows.

import {
  bindFilter,
  completeFilter,
  examineFilter,
  matchFilter,
  parseFilter,
  type RowValue,
} from '../../../core/index.ts';
import { filterFields, type Table } from '../../../output/store/index.ts';
import type { LiveTables, ReadColumn } from '../../scenes/index.ts';
import type { FilterLanguage } from '../parts.ts';

/** @param live where filters look for events of a flow; null: nowhere */
export function filterLanguage(tables: readonly Table[], live: LiveTables | null): FilterLanguage {
  const access = {
    // What a row holds is what filters read; lists are of one kind.
    value: (row: ReadColumn, column: string) => row(column) as RowValue,
    related: (row: ReadColumn, table: string) =>
      live?.find(table)?.rowsOfFlow(Number(row('run')), Number(row('flow_id'))) ?? [],
  };
  return {
    examine: (text, table) => examineFilter(text, filterFields(table, tables)),
    complete: (text, cursor, table) => completeFilter(text, cursor, filterFields(table, tables)),
    matcher: (text, table) => {
      const bound = bindFilter(parseFilter(text), filterFields(table, tables));
      return (row) => matchFilter(bound, row, access);
    },
  };
}
