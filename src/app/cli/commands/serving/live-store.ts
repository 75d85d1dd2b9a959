// A store as a server sees it: what is written into it is also what its live tables show.

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
