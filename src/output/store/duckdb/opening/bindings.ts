// DuckDB's C interface by way of its bindings for Node: loaded when a store is opened, as it is an optional dependency.

import { Failure } from '../../../../core/index.ts';

export type Bindings = typeof import('@duckdb/node-bindings');
export type Connection = import('@duckdb/node-bindings').Connection;
export type Database = import('@duckdb/node-bindings').Database;
export type Appender = import('@duckdb/node-bindings').Appender;
export type DataChunk = import('@duckdb/node-bindings').DataChunk;
export type LogicalType = import('@duckdb/node-bindings').LogicalType;
export type PreparedStatement = import('@duckdb/node-bindings').PreparedStatement;
export type Vector = import('@duckdb/node-bindings').Vector;

/** Throws STORE_FAILED where the package is not installed or does not run here. */
export async function loadBindings(): Promise<Bindings> {
  try {
    return (await import('@duckdb/node-bindings')).default as unknown as Bindings;
  } catch (error) {
    throw new Failure(
      'STORE_FAILED',
      `DuckDB, which keeps history, cannot be loaded: ${wordsOf(error)}`,
      '`npm install @duckdb/node-bindings` adds it.',
      error,
    );
  }
}

/** First line of an error. */
export function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0].trim();
}

const full = /no space left|disk quota|file too large|not enough space/i;
const locked = /could not set lock|conflicting lock/i;

/** What a failed operation on the store itself means; not for users' statements. */
export function storeFailure(error: unknown, doing: string): Failure {
  if (error instanceof Failure) return error;
  const words = wordsOf(error);
  if (full.test(words)) {
    const hint = 'Free space on that disk, or keep less: --keep-size, --keep-days.';
    return new Failure('STORE_FULL', `${doing}: the disk is full (${words})`, hint, error);
  }
  if (locked.test(words)) {
    const hint = 'Ask that program, or end it; two must not write one store.';
    return new Failure('STORE_LOCKED', `${doing}: another program has the store open (${words})`, hint, error);
  }
  return new Failure('STORE_FAILED', `${doing}: ${words}`, 'See docs/52-errors.md, STORE_FAILED.', error);
}

/** The engine has given the database up; it has to be opened anew. */
export function isFatal(error: unknown): boolean {
  const cause = error instanceof Failure ? error.cause : error;
  return /^FATAL Error|database has been invalidated/.test(cause instanceof Error ? cause.message : '');
}
