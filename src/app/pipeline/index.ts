/**
 * Joins the rooms in order; owns threads, queues, counters, shutdown.
 *
 * Guarantees: capture and analysis run in threads of their own; every hand-over is a bounded queue that counts what goes
 * in and what is dropped; offline nothing is dropped, live nothing blocks the capture. Stopping always leads to one last
 * snapshot in which all flows are closed and every record has been handed over.
 */

export type { Exception, ExceptionUse } from '../../analysis/alerts/index.ts';
export { eve } from '../../output/sinks/eve.ts';
export { isReaderGone, type OpenSink, openZeek, type SinkOptions, type ZeekOptions } from '../../output/sinks/index.ts';
export { eventKinds } from './hand-over/flow-names.ts';
export {
  openFolderForReading,
  openServerForReading,
  openTemporary,
  type TemporaryStore,
} from './history/open-for-reading.ts';
export { type Doors, keptTables, openReading, type Reading, readingOf } from './history/open-history.ts';
export { isServer, openStore, type StoreOpening } from './history/open-store.ts';
export * from './keeping/index.ts';
export * from './listeners.ts';
export * from './options.ts';
export * from './run.ts';
