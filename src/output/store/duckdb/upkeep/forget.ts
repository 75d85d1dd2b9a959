// Deletes all that is kept of some runs.

import type { Table } from '../../tables/column.ts';
import { type Bindings, type Connection, storeFailure } from '../opening/bindings.ts';
import { quoted } from '../opening/column-types.ts';
import { inTransaction } from '../opening/transaction.ts';

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
  try {
    return await inTransaction(duckdb, connection, async () => {
      let deleted = 0;
      for (const { name, columns } of tables) {
        if (!columns.some((column) => column.name === 'run')) continue;
        const result = await duckdb.query(connection, `DELETE FROM ${quoted(name)} WHERE run IN (${list})`);
        deleted += duckdb.rows_changed(result);
      }
      return deleted;
    });
  } catch (error) {
    throw storeFailure(error, 'runs could not be forgotten');
  }
}
