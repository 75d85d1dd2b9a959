// Engines that the questions are put to, each with a world in it.

import { openDuckdb } from '../../../src/output/store/duckdb/index.ts';
import type { Store } from '../../../src/output/store/index.ts';
import { tables } from './history-data.ts';

export interface TestedEngine {
  readonly name: string;
  /** An empty store. */
  open(): Promise<Store>;
}

export const engines: readonly TestedEngine[] = [
  { name: 'DuckDB', open: () => openDuckdb({ folder: ':memory:', tables, threads: 1 }) },
];
