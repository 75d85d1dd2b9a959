// Live tables of a capture: what its batches hold, the newest rows of each table.

import type { Batch, Table } from '../../../output/store/index.ts';
import { LiveTable } from './live-table.ts';

export interface LiveTables {
  readonly names: readonly string[];
  /** Undefined where rows of that table are not kept. */
  find(name: string): LiveTable | undefined;
}

/** Rows kept of flows, and of every other table: about 30 MB and 3 MB of memory where they are full. */
export const liveRows = { flows: 100_000, others: 10_000 } as const;

/** Feeds of live tables: made at the start of a capture, told every batch before it is handed on. */
export interface LiveTablesFeed extends LiveTables {
  add(batch: Batch): void;
}

/** Live tables of everything but rollups. */
export function liveTables(tables: readonly Table[]): LiveTablesFeed {
  const byName = new Map<string, LiveTable>();
  for (const table of tables) {
    if (table.keep === 'rollup') continue;
    byName.set(table.name, new LiveTable(table, table.name === 'flows' ? liveRows.flows : liveRows.others));
  }
  return {
    names: [...byName.keys()],
    find: (name) => byName.get(name),
    add: (batch) => byName.get(batch.table)?.add(batch),
  };
}
