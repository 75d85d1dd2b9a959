// A store as a server sees it: what is written into it is also what its live tables show.

import { type Batch, passedOn, type Store } from '../../../../output/store/index.ts';

/** The same store; batches are shown to `heard` first, and closing it is left to the server. */
export function tappedStore(store: Store, heard: (batch: Batch) => void): Store {
  const show = async (batches: readonly Batch[]): Promise<void> => {
    for (const batch of batches) heard(batch);
  };
  return passedOn(store, {
    show,
    write: async (batches) => {
      await show(batches);
      await store.write(batches);
    },
    close: async () => {},
  });
}
