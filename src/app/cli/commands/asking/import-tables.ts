// Tables of an export on their way into a store: what it has not yet, run by run.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { batchOfRows, type Store, type Table, type Value } from '../../../../output/store/index.ts';
import { readingOf } from '../../../pipeline/index.ts';
import type { Rooms } from '../../rooms.ts';

export interface ImportReport {
  /** Runs taken, and runs that the store had already. */
  readonly runs: number;
  readonly known: number;
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
}

/** Rows in memory at once. */
const pageRows = 16_384;

/**
 * Rollups are not taken: the store makes its own of the flows. Runs that the store has are left out, so that an import
 * that is done again takes nothing twice; `runs` comes last, so that one that was cut short can be told: `store forget`
 * and import again.
 */
export async function importTables(
  folder: string,
  tables: readonly Table[],
  store: Store,
  rooms: Pick<Rooms, 'openTemporary'>,
): Promise<ImportReport> {
  const known = new Set((await readingOf(store).history.runs()).map(({ run }) => run));
  const taken: { table: string; rows: number }[] = [];
  const seen = new Set<number>();
  for (const table of inOrder(tables)) {
    const path = join(folder, `${table.name}.parquet`);
    if (!existsSync(path)) continue;
    const place = table.columns.findIndex(({ name }) => name === 'run');
    let count = 0;
    for await (const page of rowsOfFile(path, table, rooms)) {
      for (const row of page) seen.add(Number(row[place]));
      const fresh = page.filter((row) => !known.has(Number(row[place])));
      if (fresh.length > 0) await store.write([batchOfRows(table, fresh)]);
      count += fresh.length;
    }
    if (count > 0) taken.push({ table: table.name, rows: count });
  }
  const old = [...seen].filter((run) => known.has(run)).length;
  return { runs: seen.size - old, known: old, tables: taken };
}

function inOrder(tables: readonly Table[]): readonly Table[] {
  const wanted = tables.filter(({ keep, name }) => keep !== 'rollup' || name === 'names');
  return [...wanted.filter(({ name }) => name !== 'runs'), ...wanted.filter(({ name }) => name === 'runs')];
}

/** Reads by way of a store of this table alone, in memory: it knows files, and older ones that lack a column. */
async function* rowsOfFile(
  path: string,
  table: Table,
  rooms: Pick<Rooms, 'openTemporary'>,
): AsyncGenerator<readonly (readonly Value[])[]> {
  const temporary = await rooms.openTemporary([table]);
  try {
    const count = await temporary.importParquet({ path, table: table.name });
    const kinds = Object.fromEntries(table.columns.map(({ name, kind }) => [name, kind]));
    const names = table.columns.map(({ name }) => `"${name}"`).join(', ');
    for (let from = 0; from < count; from += pageRows) {
      const sql = `SELECT ${names} FROM "${table.name}" WHERE rowid >= ${from} AND rowid < ${from + pageRows}`;
      yield (await temporary.select({ sql, params: [] }, { kinds })).rows;
    }
  } finally {
    await temporary.close();
  }
}
