/** Filters as SQL of either engine. */
export * from './filter-sql.ts';
