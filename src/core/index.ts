/**
 * The words everyone uses.
 *
 * Guarantees: imports nothing, not even `node:`; holds no state but constant tables and scratch memory; everything here runs unchanged in
 * a browser, a worker or a fuzzer. Numbers carry their unit in the name; addresses are 32-bit words in network order.
 */
export * from './address-words.ts';
export * from './addresses.ts';
export * from './alert.ts';
export * from './byte-text.ts';
export * from './bytes.ts';
export * from './community-id.ts';
export * from './crypto.ts';
export * from './event-fact.ts';
export * from './evidence.ts';
export * from './fact-queue.ts';
export * from './failures.ts';
export * from './families.ts';
export * from './field.ts';
export * from './filter/index.ts';
export * from './flow.ts';
export * from './frame.ts';
export * from './health.ts';
export * from './incident.ts';
export * from './ip-protocols.ts';
export * from './link-types.ts';
export * from './near-words.ts';
export * from './packet.ts';
export * from './packet-line.ts';
export * from './problems.ts';
export * from './secrets.ts';
export * from './sha1.ts';
export * from './signal.ts';
export * from './sizes.ts';
export * from './snapshot.ts';
export * from './text.ts';
export * from './times.ts';
export * from './traffic.ts';
