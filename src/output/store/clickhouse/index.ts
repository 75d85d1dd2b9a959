// A fleet's store: ClickHouse over HTTP, with a spool on disk before it.
export { parseClickhouseUrl } from './server/url.ts';
export { type ClickhouseOptions, type ClickhouseStore, openClickhouse } from './store.ts';
