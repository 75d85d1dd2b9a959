// A statement checked and prepared: one question, no change of anything.

import { Failure } from '../../../../core/index.ts';
import type { SelectOptions, Statement } from '../../store.ts';
import { type Bindings, type Connection, type PreparedStatement, wordsOf } from '../opening/bindings.ts';
import { bindParams } from './bind.ts';
import { type ReadColumn, readColumn } from './read-vector.ts';

export interface Prepared {
  readonly statement: PreparedStatement;
  readonly columns: readonly ReadColumn[];
}

const refusal = (what: string): Failure =>
  new Failure('BAD_QUERY', what, 'a store is only read by SQL: one SELECT, and nothing else');

const explain = /^\s*EXPLAIN\s+(?:ANALYZE\s+)?/i;

/** Throws BAD_QUERY with the engine's words. */
export async function prepare(
  duckdb: Bindings,
  connection: Connection,
  { sql, params }: Statement,
  kinds: SelectOptions['kinds'] = {},
): Promise<Prepared> {
  // It would end the transactions of others, and is called like a table.
  if (/force_checkpoint/i.test(sql)) throw refusal('force_checkpoint is not a question');
  if (explain.test(sql)) await prepareOne(duckdb, connection, sql.replace(explain, ''), false);
  let statement = await prepareOne(duckdb, connection, sql, explain.test(sql));
  let columns = readColumns(duckdb, statement, kinds);
  if (columns.includes(null)) {
    const names = columnNames(duckdb, statement);
    statement = await prepareOne(duckdb, connection, asText(sql, names, columns), false);
    columns = readColumns(duckdb, statement, kinds, names);
  }
  bindParams(duckdb, statement, params);
  return { statement, columns: columns as ReadColumn[] };
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

function columnNames(duckdb: Bindings, statement: PreparedStatement): string[] {
  return Array.from({ length: duckdb.prepared_statement_column_count(statement) }, (_, i) =>
    duckdb.prepared_statement_column_name(statement, i),
  );
}

function readColumns(
  duckdb: Bindings,
  statement: PreparedStatement,
  kinds: NonNullable<SelectOptions['kinds']>,
  names = columnNames(duckdb, statement),
): (ReadColumn | null)[] {
  return names.map((name, i) =>
    readColumn(duckdb, name, duckdb.prepared_statement_column_logical_type(statement, i), kinds[name]),
  );
}

/** The same question, but columns of other types than ours are made text by the engine. */
function asText(sql: string, names: readonly string[], columns: readonly (ReadColumn | null)[]): string {
  const aliases = names.map((_, i) => `c${i}`);
  const values = aliases.map((alias, i) => (columns[i] === null ? `CAST(${alias} AS VARCHAR)` : alias));
  return `SELECT ${values.join(', ')} FROM (${sql.replace(/;\s*$/, '')}\n) AS q(${aliases.join(', ')})`;
}
