// Proves that ClickHouse, on one server and on three, keeps to what every store keeps to.
import { describe } from 'vitest';
import { missing } from '../clickhouse/servers.ts';
import { openTested } from '../clickhouse/tested-store.ts';
import { storeContract } from './store.ts';

const slowSql = 'SELECT count(*) FROM numbers(1000000000000) WHERE sipHash64(number) = 1';

describe.skipIf(missing !== null)('real servers', () => {
  storeContract('ClickHouse', { open: (tables) => openTested(tables, 1), slowSql });
  storeContract('ClickHouse on three nodes', { open: (tables) => openTested(tables, 3), slowSql });
});
