/** Rows on their way into a store, column by column. */
export * from './batch.ts';
