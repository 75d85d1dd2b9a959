// Opens a store for writing: an embedded one in a folder, or a server for many sensors.

import { openDuckdb } from '../../../output/store/duckdb/index.ts';
import type { Store } from '../../../output/store/index.ts';

import type { StorePlan } from '../keeping/index.ts';
import { keptTables } from './open-history.ts';

/** Throws STORE_LOCKED, STORE_FAILED, STORE_FULL, BAD_OPTION for a URL that is none. */
export async function openStore(plan: StorePlan): Promise<Store> {
  return (await openDuckdb({ folder: plan.place, tables: keptTables() })) as never;
}
