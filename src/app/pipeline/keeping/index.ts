/** What a run tells, kept in a store. */

export { type FileMark, markFiles } from './imports.ts';
export { Keeper, type KeeperOptions, type KeeperReport } from './keeper.ts';
export type { StorePlan } from './store-plan.ts';
