/**
 * Packets grouped into conversations; TCP timed and put in order.
 *
 * Guarantees: memory is fixed when the table is made and only ever touched as far as it is used; a flood of forged
 * sources pushes out unanswered flows, never answered ones; nothing here allocates per packet or reads a clock: time is
 * packet time. A conversation that falls silent is written and remembered, so that it counts once.
 */
export * from './flow-clock.ts';
export * from './flow-record.ts';
export { FlowTable } from './flow-table.ts';
export * from './flow-tracker.ts';
export * from './fragments.ts';
export * from './histogram.ts';
export { TcpOddities } from './segments/tcp-oddities.ts';
export * from './tcp-analysis.ts';
export { historyNotes, noteHistory, trackTcp } from './tcp-state.ts';
