// A store as its owner serves it: rows as files, and a history that may still be opening.

import { exportRows, type History, type Store, type Table } from '../../output/store/index.ts';
import type { OwnedStore } from './parts.ts';

/** @param store may still be opening; every call waits for it, and fails as opening did */
export function ownedStore(store: Promise<Store>, tables: readonly Table[]): OwnedStore {
  return {
    info: async () => (await store).info(),
    write: async (batches) => (await store).write(batches),
    exportParquet: async (request, path, options) => exportRows(await store, tables, request, path, options),
  };
}

/** A history that waits for its store with every question. */
export function lateHistory(history: Promise<History>): History {
  return {
    rows: async (...asked) => (await history).rows(...asked),
    count: async (...asked) => (await history).count(...asked),
    top: async (...asked) => (await history).top(...asked),
    series: async (...asked) => (await history).series(...asked),
    diff: async (...asked) => (await history).diff(...asked),
    sql: async (...asked) => (await history).sql(...asked),
    runs: async (...asked) => (await history).runs(...asked),
    sensors: async (...asked) => (await history).sensors(...asked),
  };
}

/** What a server lacks that has a store only. */
export const nothingLive = { scenes: null, begin: null, uploads: null, interfaces: null, web: null } as const;
