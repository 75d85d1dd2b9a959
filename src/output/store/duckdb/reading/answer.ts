// One question to one answer, read chunk by chunk so that what is not wanted is not worked out.

import { Failure } from '../../../../core/index.ts';
import type { Result, SelectOptions, Statement, Value } from '../../store.ts';
import { type Bindings, type Connection, type DataChunk, storeFailure, wordsOf } from '../opening/bindings.ts';
import { badQuery, prepare, withText } from './prepare.ts';
import { type ReadColumn, readColumn, withMissing } from './read-vector.ts';
import type { Stopper } from './stopper.ts';

type RawResult = import('@duckdb/node-bindings').Result;

/** Runs a question on a connection. Throws BAD_QUERY, QUERY_STOPPED, STORE_FAILED. */
export async function answer(
  duckdb: Bindings,
  connection: Connection,
  stopper: Stopper,
  statement: Statement,
  options: SelectOptions,
  givenNames?: readonly string[],
): Promise<Result> {
  const began = performance.now();
  const prepared = await prepare(duckdb, connection, statement);
  stopper.check();
  try {
    const result = await duckdb.execute_prepared_streaming(prepared.statement);
    const names = givenNames ?? prepared.names ?? namesOf(duckdb, result);
    const columns = names.map((name, i) =>
      readColumn(duckdb, name, duckdb.column_logical_type(result, i), options.kinds?.[name]),
    );
    if (columns.every((column) => column !== null)) {
      const { rows, isCut } = await readRows(duckdb, stopper, result, columns, options);
      const told = columns.map(({ name, kind }) => ({ name, kind }));
      return { columns: told, rows, isCut, tookMs: performance.now() - began };
    }
    const sql = withText(
      statement.sql,
      columns.map((column) => column === null),
    );
    return await answer(duckdb, connection, stopper, { sql, params: statement.params }, options, names);
  } catch (error) {
    throw error instanceof Failure ? error : runFailure(error, statement.sql);
  } finally {
    duckdb.destroy_prepare_sync(prepared.statement);
  }
}

function namesOf(duckdb: Bindings, result: RawResult): string[] {
  return Array.from({ length: duckdb.column_count(result) }, (_, i) => duckdb.column_name(result, i));
}

async function readRows(
  duckdb: Bindings,
  stopper: Stopper,
  result: RawResult,
  columns: readonly ReadColumn[],
  { maxRows = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY }: SelectOptions,
): Promise<Pick<Result, 'rows' | 'isCut'>> {
  let rows: Value[][] = [];
  for (let bytes = 0; ; ) {
    stopper.check();
    const chunk = await duckdb.fetch_chunk(result);
    const size = chunk === null ? 0 : duckdb.data_chunk_get_size(chunk);
    if (chunk === null || size === 0) return { rows, isCut: false };
    const taken = rowsOf(duckdb, chunk, columns, Math.min(size, maxRows - rows.length));
    const isCut = rows.length + size > maxRows;
    bytes += roughBytes(taken);
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    rows = rows.length === 0 ? taken : appended(rows, taken);
    if (isCut) return { rows, isCut };
  }
}

function appended(rows: Value[][], more: Value[][]): Value[][] {
  for (const row of more) rows.push(row);
  return rows;
}

function rowsOf(duckdb: Bindings, chunk: DataChunk, columns: readonly ReadColumn[], count: number): Value[][] {
  const size = duckdb.data_chunk_get_size(chunk);
  const rows = Array.from({ length: count }, () => new Array<Value>(columns.length));
  for (let i = 0; i < columns.length; i++) {
    const values = withMissing(duckdb, duckdb.data_chunk_get_vector(chunk, i), size, columns[i].read);
    for (let row = 0; row < count; row++) rows[row][i] = values[row];
  }
  return rows;
}

/** Memory that rows take in the answer; only what can be large is looked at. */
function roughBytes(rows: readonly (readonly Value[])[]): number {
  let bytes = 0;
  for (const row of rows) {
    bytes += 16 * row.length;
    for (const value of row) {
      if (typeof value === 'string') bytes += value.length;
      else if (Array.isArray(value)) bytes += roughBytes([value]);
    }
  }
  return bytes;
}

function tooLarge(maxBytes: number): Failure {
  const message = `the answer is larger than ${maxBytes} bytes`;
  return new Failure('QUERY_STOPPED', message, 'Ask for fewer rows or columns, or export them.');
}

/** While running: what the engine cannot do is one thing, what the statement is wrong about another. */
function runFailure(error: unknown, sql: string): Failure {
  const words = wordsOf(error);
  if (/^Out of Memory Error/i.test(words)) {
    const hint = 'Ask for less at once: a shorter time, fewer groups.';
    return new Failure('QUERY_STOPPED', `the question needs too much memory (${words})`, hint, error);
  }
  if (/^(?:IO|INTERNAL|FATAL|Serialization|TransactionContext)\b/i.test(words)) {
    return storeFailure(error, 'the store could not be read');
  }
  return badQuery(error, sql);
}
