// Proves that filters find the same rows in memory and in the embedded store.

import { openDuckdb } from '../../src/output/store/duckdb/index.ts';
import { filterContract, storeSubject } from './filter-contract.ts';
import { tables } from './filter-rows.ts';

filterContract('DuckDB', async (rows) =>
  storeSubject(await openDuckdb({ folder: ':memory:', tables, threads: 1 }), rows),
);
