// A store that keeps nothing.

import { Failure } from '../../../core/index.ts';
import type { Store } from '../../../output/store/index.ts';

const nothingKept = (): Failure =>
  new Failure('UNSUPPORTED', 'nothing is kept here, so there is no history', 'Start with --store default.');

/** For a capture whose rows are only shown while they are new, and for files that are kept already. */
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
