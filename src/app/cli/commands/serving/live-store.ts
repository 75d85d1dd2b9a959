// Stores as a server sees them: what is written into one is also what its live tables show.

import { Failure } from '../../../../core/index.ts';
import type { Batch, Store } from '../../../../output/store/index.ts';

/** The same store; batches are shown to `heard` first, and closing it is left to the server. */
export function tappedStore(store: Store, heard: (batch: Batch) => void): Store {
  return {
    dialect: store.dialect,
    select: (statement, options) => store.select(statement, options),
    write: async (batches) => {
      for (const batch of batches) heard(batch);
      await store.write(batches);
    },
    info: () => store.info(),
    waiting: () => store.waiting(),
    flush: (timeoutMs) => store.flush?.(timeoutMs) ?? Promise.resolve(true),
    retain: (policy, nowUs) => store.retain(policy, nowUs),
    forget: (runs) => store.forget(runs),
    exportParquet: (statement, path) => store.exportParquet(statement, path),
    close: async () => {},
  };
}

const nothingKept = (): Failure =>
  new Failure('UNSUPPORTED', 'nothing is kept here, so there is no history', 'Start with --store default.');

/** A store that keeps nothing: for a capture whose rows are only shown while they are new. */
export const forgetfulStore: Store = {
  dialect: 'duckdb',
  select: () => Promise.reject(nothingKept()),
  write: async () => {},
  info: () => Promise.reject(nothingKept()),
  waiting: () => ({ waitingRows: 0, spoolBytes: 0, droppedRows: 0 }),
  retain: async () => 0,
  forget: async () => 0,
  exportParquet: () => Promise.reject(nothingKept()),
  close: async () => {},
};
