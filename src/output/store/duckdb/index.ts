/**
 * The embedded store: one DuckDB file, no server.
 *
 * Guarantees: the package is loaded only when a store is opened; a batch is one transaction with its rollups; questions
 * cannot write, read files or load code, and can be stopped; a file of an older version is brought up to date, one of a
 * newer version is refused.
 */
export { type DuckdbOptions, type DuckdbStore, openDuckdb } from './duckdb-store.ts';
export type { ParquetImport } from './upkeep/import-parquet.ts';
