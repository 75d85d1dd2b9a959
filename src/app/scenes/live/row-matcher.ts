// Filters of live rows: made once a text, asked of rows as the engines would ask theirs.

import { bindFilter, matchFilter, parseFilter, type RowValue } from '../../../core/index.ts';
import { filterFields, type Table } from '../../../output/store/index.ts';
import type { TimeRange } from '../../../screens/api/index.ts';
import type { Matcher, ReadColumn } from './live-table.ts';

/** Rows of a table that belong to a flow. */
export type RowsOfFlow = (table: string, run: number, flowId: number) => Iterable<ReadColumn>;

export interface RowFilter {
  /** Two filters with the same key find the same rows; empty: all rows. */
  readonly key: string;
  readonly matcher: Matcher | null;
}

const most = 32;

export class RowFilters {
  readonly #tables: readonly Table[];
  readonly #rowsOfFlow: RowsOfFlow;
  readonly #made = new Map<string, RowFilter>();

  constructor(tables: readonly Table[], rowsOfFlow: RowsOfFlow) {
    this.#tables = tables;
    this.#rowsOfFlow = rowsOfFlow;
  }

  /**
   * @param span columns that a row's place in time lies between: of flows beginning and end
   * Throws BAD_FILTER with the place in the text.
   */
  filter(text: string, table: Table, range: TimeRange | undefined, span: readonly [string, string]): RowFilter {
    const filter = text.trim();
    if (filter === '' && range === undefined) return { key: '', matcher: null };
    const key = range === undefined ? filter : `${filter}\n${range.fromUs} ${range.toUs}`;
    const place = `${table.name}\n${key}`;
    let made = this.#made.get(place);
    if (made === undefined) {
      // The text as it was given: a failure says where in it.
      made = { key, matcher: both(this.#matcher(text, table), inTime(range, span)) };
      if (this.#made.size >= most) this.#made.delete(this.#made.keys().next().value ?? '');
      this.#made.set(place, made);
    }
    return made;
  }

  #matcher(text: string, table: Table): Matcher | null {
    if (text.trim() === '') return null;
    const bound = bindFilter(parseFilter(text), filterFields(table, this.#tables));
    const access = {
      // What a row holds is what filters read; lists are of one kind.
      value: (row: ReadColumn, column: string) => row(column) as RowValue,
      related: (row: ReadColumn, other: string) => this.#rowsOfFlow(other, Number(row('run')), Number(row('flow_id'))),
    };
    return (row) => matchFilter(bound, row, access);
  }
}

function inTime(range: TimeRange | undefined, [first, last]: readonly [string, string]): Matcher | null {
  if (range === undefined) return null;
  return (row) => Number(row(first)) < range.toUs && Number(row(last)) >= range.fromUs;
}

function both(a: Matcher | null, b: Matcher | null): Matcher | null {
  if (a === null || b === null) return a ?? b;
  return (row) => b(row) && a(row);
}
