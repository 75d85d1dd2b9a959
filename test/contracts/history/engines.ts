// Engines that the questions are put to, each with a world in it.

import { openDuckdb } from '../../../src/output/store/duckdb/index.ts';
import type { Store } from '../../../src/output/store/index.ts';
import { missing } from '../../clickhouse/servers.ts';
import { openTested } from '../../clickhouse/tested-store.ts';
import { tables } from './history-data.ts';

export interface TestedEngine {
  readonly name: string;
  /** A question that takes far too long. */
  readonly slowSql: string;
  /** An empty store. */
  open(): Promise<Store>;
}

const slowClickhouse = 'SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1';

export const engines: readonly TestedEngine[] = [
  {
    name: 'DuckDB',
    slowSql: 'SELECT sum(sqrt(a.range * b.range)) FROM range(10000000) a, range(100000) b',
    open: () => openDuckdb({ folder: ':memory:', tables, threads: 1 }),
  },
  ...(missing === null
    ? [
        { name: 'ClickHouse', slowSql: slowClickhouse, open: () => openTested(tables, 1) },
        { name: 'ClickHouse on three nodes', slowSql: slowClickhouse, open: () => openTested(tables, 3) },
      ]
    : []),
];
if (missing !== null) console.warn(`history on ClickHouse is skipped: ${missing}`);
