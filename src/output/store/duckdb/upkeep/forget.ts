// Deletes all that is kept of some runs.

import type { Table } from '../../tables/column.ts';
import { type Bindings, type Connection, storeFailure } from '../opening/bindings.ts';
import { quoted } from '../opening/column-types.ts';

/** In one transaction. Gives the number of rows deleted. Throws STORE_FAILED, STORE_FULL. */
export async function forgetRuns(
  duckdb: Bindings,
  connection: Connection,
  tables: readonly Table[],
  runs: readonly number[],
): Promise<number> {
  if (runs.length === 0) return 0;
  // Whole numbers, so that nothing else can stand in the statement.
  const list = runs.map((run) => BigInt(run)).join(', ');
  let deleted = 0;
  await duckdb.query(connection, 'BEGIN TRANSACTION');
  try {
    for (const { name, columns } of tables) {
      if (!columns.some((column) => column.name === 'run')) continue;
      const result = await duckdb.query(connection, `DELETE FROM ${quoted(name)} WHERE run IN (${list})`);
      deleted += duckdb.rows_changed(result);
    }
    await duckdb.query(connection, 'COMMIT');
    return deleted;
  } catch (error) {
    await duckdb.query(connection, 'ROLLBACK').catch(() => {});
    throw storeFailure(error, 'runs could not be forgotten');
  }
}
