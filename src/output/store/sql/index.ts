/** Filters as SQL of either engine, and the fields that tables give them. */
export { filterFields } from './fields.ts';
export { type FilterSqlOptions, filterSql } from './filter-sql.ts';
