/**
 * What screens look at: live rows, snapshots, packets and history as one.
 */
export {};
