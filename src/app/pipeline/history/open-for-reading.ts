// Stores that are only read, or gone when they are closed.

import type { DuckdbStore } from '../../../output/store/duckdb/index.ts';
import type { Store, Table } from '../../../output/store/index.ts';
import { keptTables } from './open-history.ts';

/** A folder that nobody writes to; several may read it. Throws STORE_LOCKED, NO_SUCH_STORE, STORE_FAILED. */
export async function openFolderForReading(folder: string): Promise<Store> {
  const { openDuckdb } = await import('../../../output/store/duckdb/index.ts');
  return openDuckdb({ folder, tables: keptTables(), readOnly: true });
}

/** Servers, by their URL. Throws BAD_OPTION, STORE_FAILED. */
export async function openServerForReading(url: string): Promise<Store> {
  const { openClickhouse } = await import('../../../output/store/clickhouse/index.ts');
  return openClickhouse({ url, tables: keptTables(), sensor: '', spoolFolder: null });
}

export type TemporaryStore = DuckdbStore;

/** An empty store in memory. Throws STORE_FAILED. */
export async function openTemporary(tables: readonly Table[]): Promise<TemporaryStore> {
  const { openDuckdb } = await import('../../../output/store/duckdb/index.ts');
  return openDuckdb({ folder: ':memory:', tables });
}
