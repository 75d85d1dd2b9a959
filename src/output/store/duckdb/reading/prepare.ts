// A statement checked and prepared: one question, no change of anything.

import { Failure } from '../../../../core/index.ts';
import type { Statement } from '../../store.ts';
import {
  type Bindings,
  type Connection,
  type LogicalType,
  type PreparedStatement,
  wordsOf,
} from '../opening/bindings.ts';
import { bindParams } from './bind.ts';
import { readColumn } from './read-vector.ts';

const refusal = (what: string): Failure =>
  new Failure('BAD_QUERY', what, 'A store is only read by SQL: one SELECT, and nothing else.');

const explain = /^\s*EXPLAIN\s+(?:ANALYZE\s+)?/i;

/** A statement that can run. */
export interface Prepared {
  readonly statement: PreparedStatement;
  /** What its columns are called for who asked, where the engine would say otherwise. */
  readonly names: readonly string[] | undefined;
}

/** Throws BAD_QUERY with the engine's words. */
export async function prepare(duckdb: Bindings, connection: Connection, { sql, params }: Statement): Promise<Prepared> {
  // It would end the transactions of others, and is called like a table.
  if (/force_checkpoint/i.test(sql)) throw refusal('force_checkpoint is not a question');
  if (explain.test(sql)) await prepareOne(duckdb, connection, sql.replace(explain, ''), false);
  let statement = await prepareOne(duckdb, connection, sql, explain.test(sql));
  const count = duckdb.prepared_statement_column_count(statement);
  const places = Array.from({ length: count }, (_, i) => i);
  const types = places.map((i) => duckdb.prepared_statement_column_logical_type(statement, i));
  const isText = types.map((type) => isKnown(duckdb, type) && readColumn(duckdb, '', type, undefined) === null);
  let names: string[] | undefined;
  if (isText.includes(true)) {
    names = places.map((i) => duckdb.prepared_statement_column_name(statement, i));
    statement = await prepareOne(duckdb, connection, withText(sql, isText), false);
  }
  bindParams(duckdb, statement, params);
  return { statement, names };
}

/** The type of what depends on a parameter is known only when the statement runs. */
function isKnown(duckdb: Bindings, type: LogicalType): boolean {
  return duckdb.get_type_id(type) !== duckdb.Type.INVALID;
}

async function prepareOne(
  duckdb: Bindings,
  connection: Connection,
  sql: string,
  mayExplain: boolean,
): Promise<PreparedStatement> {
  if (sql.replace(/--.*$/gm, '').replace(/[\s;]/g, '') === '') throw refusal('the statement is empty');
  const { extracted_statements: extracted, statement_count: count } = await duckdb.extract_statements(connection, sql);
  if (count === 0) throw badQuery(duckdb.extract_statements_error(extracted), sql);
  if (count > 1) throw refusal(`${count} statements instead of one`);
  let statement: PreparedStatement;
  try {
    statement = await duckdb.prepare_extracted_statement(connection, extracted, 0);
  } catch (error) {
    throw badQuery(error, sql);
  }
  const type = duckdb.prepared_statement_type(statement);
  const { StatementType } = duckdb;
  if (type === StatementType.SELECT || (mayExplain && type === StatementType.EXPLAIN)) return statement;
  throw refusal(`${StatementType[type]} is not a question`);
}

/** The engine's words, with the place in the text where it tells one. */
export function badQuery(error: unknown, sql: string): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const at = /^LINE (\d+): /m.exec(message);
  const words = wordsOf(new Error(message));
  const place = at === null || !sql.includes('\n') ? '' : `, line ${at[1]}`;
  const meant = /^(?:Did you mean|Candidate bindings).*$/m.exec(message);
  return new Failure('BAD_QUERY', `${words}${place}`, meant?.[0] ?? 'see `taplight query --help` for tables', error);
}

/** The same question, but columns of other types than ours are made text by the engine. */
export function withText(sql: string, isText: readonly boolean[]): string {
  const aliases = isText.map((_, i) => `c${i}`);
  const values = aliases.map((alias, i) => (isText[i] ? `CAST(${alias} AS VARCHAR)` : alias));
  return `SELECT ${values.join(', ')} FROM (${sql.replace(/;\s*$/, '')}\n) AS q(${aliases.join(', ')})`;
}
