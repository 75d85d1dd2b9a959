/**
 * Facts folded into the live snapshot and the rollups.
 *
 * Guarantees: fixed memory; adding a packet costs a few counters; what is read out is plain data that nobody changes
 * afterwards.
 */
export * from './app-counts.ts';
export * from './host-rates.ts';
export * from './host-table.ts';
export * from './traffic-columns.ts';
export * from './traffic-meter.ts';
export * from './traffic-series.ts';
export * from './volume.ts';
