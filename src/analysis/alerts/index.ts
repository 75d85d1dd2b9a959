/**
 * Evidence in, alerts out.
 *
 * Guarantees: works on packet time only; the same evidence gives the same alerts with the same ids in the same order; the
 * number of alerts kept has a fixed bound, and what did not fit or was excepted is counted.
 */
export * from './alert-desk.ts';
export * from './exceptions.ts';
export * from './incidents.ts';
export * from './risk.ts';
export * from './tactics.ts';
