// Proves that filters find the same rows in memory and in ClickHouse.
import { describe } from 'vitest';
import { missing } from '../clickhouse/servers.ts';
import { openTested } from '../clickhouse/tested-store.ts';
import { filterContract, storeSubject } from './filter-contract.ts';
import { tables } from './filter-rows.ts';

describe.skipIf(missing !== null)('real servers', () => {
  filterContract('ClickHouse', async (rows) => storeSubject(await openTested(tables, 1), rows));
});
