// Engines that the questions are put to, each with a world in it.

import { openDuckdb } from '../../../src/output/store/duckdb/index.ts';
import type { Store } from '../../../src/output/store/index.ts';
import { missing } from '../../clickhouse/servers.ts';
import { openTested } from '../../clickhouse/tested-store.ts';
import { tables } from './history-data.ts';

export interface TestedEngine {
  readonly name: string;
  /** An empty store. */
  open(): Promise<Store>;
}

export const engines: readonly TestedEngine[] = [
  { name: 'DuckDB', open: () => openDuckdb({ folder: ':memory:', tables, threads: 1 }) },
  ...(missing === null
    ? [
        { name: 'ClickHouse', open: () => openTested(tables, 1) },
        { name: 'ClickHouse on three nodes', open: () => openTested(tables, 3) },
      ]
    : []),
];
if (missing !== null) console.warn(`history on ClickHouse is skipped: ${missing}`);
