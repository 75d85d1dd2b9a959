// All of it or nothing.

import type { Bindings, Connection } from './bindings.ts';

/** What `work` does happens whole; when it rejects, nothing of it did, and its error is passed on. */
export async function inTransaction<T>(
  duckdb: Bindings,
  connection: Connection,
  work: () => Promise<T> | T,
): Promise<T> {
  await duckdb.query(connection, 'BEGIN TRANSACTION');
  try {
    const given = await work();
    await duckdb.query(connection, 'COMMIT');
    return given;
  } catch (error) {
    // After a failed COMMIT there is nothing to roll back any more.
    await duckdb.query(connection, 'ROLLBACK').catch(() => {});
    throw error;
  }
}
