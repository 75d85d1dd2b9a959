/**
 * What looks unusual; one file per suspicion.
 *
 * Guarantees: works on packet time and counts only, so the same input gives the same alerts; state has a fixed bound;
 * an alert says what was seen, what was expected, and where to look.
 */
export * from './packet-count.ts';
