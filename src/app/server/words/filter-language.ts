// The filter language as the server needs it: examined and completed while it is typed. Scenes and the store match.

import { completeFilter, examineFilter } from '../../../core/index.ts';
import { filterFields, type Table } from '../../../output/store/index.ts';
import type { FilterLanguage } from '../parts.ts';

export function filterLanguage(tables: readonly Table[]): FilterLanguage {
  return {
    examine: (text, table) => examineFilter(text, filterFields(table, tables)),
    complete: (text, cursor, table) => completeFilter(text, cursor, filterFields(table, tables)),
  };
}
