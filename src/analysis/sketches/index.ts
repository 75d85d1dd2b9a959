/**
 * Counts of very many things in little memory.
 *
 * Guarantees: memory is fixed when made; nothing is allocated afterwards; the same input gives the same answers. What had
 * to be forgotten or refused for want of room is counted. An estimate says how far off it may be.
 */
export * from './count-min.ts';
export * from './distinct.ts';
export * from './key-table.ts';
export * from './repeats.ts';
export * from './robust-series.ts';
