// What every engine must do with filters: find the rows that are found in memory.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bindFilter, matchFilter, parseFilter } from '../../src/core/index.ts';
import type { Dialect, Param, Statement, Store, Table } from '../../src/output/store/index.ts';
import { filterFields, filterSql } from '../../src/output/store/sql/index.ts';
import { type Asked, accessOf, asked, batchOf, keys, makeRows, type Row, type Rows, tables } from './filter-rows.ts';
import { filterTexts } from './filter-texts.ts';

/** Something that answers statements and holds the rows of {@link makeRows}. */
export interface FilterSubject {
  readonly dialect: Dialect;
  /** Rows of a result, each as its values in text. */
  select(statement: Statement): Promise<string[][]>;
  close(): Promise<void>;
}

/** A store that was opened with `tables` of filter-rows.ts, as a subject; fills it. */
export async function storeSubject(store: Store, rows: Rows): Promise<FilterSubject> {
  // One by one: on a cluster the tables come to lie on different nodes.
  for (const name of asked) await store.write([batchOf(tableOf(name), rows[name])]);
  return {
    dialect: store.dialect,
    select: async (statement) => (await store.select(statement)).rows.map((row) => row.map(String)),
    close: () => store.close(),
  };
}

export const tableOf = (name: Asked): Table => tables.find((each) => each.name === name)!;

const seed = 20261122;
const filtersPerTable = 80;

/** Rows that a filter finds, by what tells them apart, and those that its negation finds. */
async function found(subject: FilterSubject, table: Asked, filter: string): Promise<[string[], string[]]> {
  const params: Param[] = [];
  const where = filterSql(filter, tableOf(table), tables, subject.dialect, params);
  const columns = keys[table].map((name) => `"${name}"`).join(', ');
  const keysOf = async (condition: string): Promise<string[]> => {
    const rows = await subject.select({ sql: `SELECT ${columns} FROM "${table}" WHERE ${condition}`, params });
    return rows.map((row) => row.join(' ')).sort();
  };
  return [await keysOf(where), await keysOf(`NOT (${where})`)];
}

function foundHere(rows: Rows, table: Asked, filter: string): [string[], string[]] {
  const bound = bindFilter(parseFilter(filter), filterFields(tableOf(table), tables));
  const access = accessOf(rows);
  const key = (row: Row): string => keys[table].map((name) => String(row[name])).join(' ');
  const keysOf = (isFound: boolean): string[] => {
    const list = rows[table].filter((row) => matchFilter(bound, row, access) === isFound);
    return list.map(key).sort();
  };
  return [keysOf(true), keysOf(false)];
}

/** @param open makes a subject that holds these rows */
export function filterContract(name: string, open: (rows: Rows) => Promise<FilterSubject>): void {
  describe(`filters in ${name}`, () => {
    const rows = makeRows(seed);
    let subject: FilterSubject;
    beforeAll(async () => {
      subject = await open(rows);
    }, 60_000);
    afterAll(() => subject?.close());

    it.each(asked)(
      `finds the rows of ${filtersPerTable} filters of %s that are found in memory`,
      async (table) => {
        let telling = 0;
        const property = fc.asyncProperty(filterTexts(table), async (filter) => {
          const here = foundHere(rows, table, filter);
          if (here.every((each) => each.length > 0)) telling++;
          // A condition that were NULL for a row would find it neither way.
          expect(await found(subject, table, filter), filter).toEqual(here);
        });
        await fc.assert(property, { seed, numRuns: filtersPerTable });
        // Filters that find nothing, or all, would prove little.
        expect(telling).toBeGreaterThan(filtersPerTable * 0.4);
      },
      60_000,
    );
  });
}
