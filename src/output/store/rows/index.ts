/** Facts as rows of tables: one file per table or kind of tables. */
export * from './fact-batches.ts';
export type { RowPlace } from './flow-rows.ts';
export * from './run-rows.ts';
