/** Filters as SQL of either engine, and the fields that tables give them. */
export { filterFields } from './fields.ts';
export { filterSql } from './filter-sql.ts';
