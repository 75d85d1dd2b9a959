/**
 * Where facts are kept and asked for: embedded here, ClickHouse there, one interface.
 *
 * Guarantees: a batch is taken whole or not at all, and survives a kill of the process once it is; both engines give the
 * same answers to the same questions; what users write reaches an engine only as parameters; an engine's package is
 * loaded only by its own folder, and only when asked for.
 */
export * from './asking/index.ts';
export * from './batches/index.ts';
export * from './history.ts';
export { passedOn } from './passed-on.ts';
export * from './rows/index.ts';
export { filterFields } from './sql/index.ts';
export * from './store.ts';
export * from './tables/index.ts';
