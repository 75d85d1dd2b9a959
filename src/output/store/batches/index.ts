/** Rows on their way into a store, column by column. */
export * from './batch.ts';
export * from './batch-builder.ts';
export * from './batch-values.ts';
export type { FixedColumn } from './fixed-column.ts';
export * from './joined-batch.ts';
export type { ListColumn, TextColumn, WordColumn } from './text-column.ts';
