/**
 * How well flows get through, and what holds them up.
 *
 * Guarantees: 160 bytes a flow, touched only by flows that carry data; nothing is allocated per packet; paths and hosts
 * are bounded tables of histograms that can be added; works on packet time only. What a flow waited for adds up to its
 * time, each moment given to one reason.
 */
export { segmentKind } from './flow-health.ts';
export * from './health-book.ts';
export * from './merge-health.ts';
