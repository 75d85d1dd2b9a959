// What every question needs: the engine, its words, the tables by name; and how unknown names and bad limits are told.

import { Failure, nearest } from '../../../../core/index.ts';
import type { AskOptions } from '../../history.ts';
import type { Engine, Result, SelectOptions, Statement } from '../../store.ts';
import type { Column, ColumnKind, Table } from '../../tables/column.ts';
import type { Speech } from './speech.ts';

export interface Asking {
  readonly engine: Engine;
  readonly speech: Speech;
  readonly tables: readonly Table[];
}

const defaultTimeoutMs = 30_000;

/** Asks; `kinds` are those of the columns, in order. At most `most` rows. */
export function ask(
  asking: Asking,
  statement: Statement,
  kinds: Readonly<Record<string, ColumnKind>>,
  options: AskOptions = {},
  most?: number,
): Promise<Result> {
  const { signal, timeoutMs = defaultTimeoutMs } = options;
  const bounds: SelectOptions = {
    kinds,
    timeoutMs,
    ...(signal === undefined ? {} : { signal }),
    ...(most === undefined ? {} : { maxRows: most }),
  };
  return asking.engine.select(statement, bounds);
}

/** The table of this name. Throws BAD_QUERY. */
export function tableCalled(tables: readonly Table[], name: string): Table {
  const table = tables.find((each) => each.name === name);
  if (table !== undefined) return table;
  throw unknownName(
    `there is no table '${name}'`,
    name,
    tables.map((each) => each.name),
  );
}

/** The column of this name, as users write it. Throws BAD_QUERY. */
export function columnCalled(table: Table, name: string): Column {
  const column = table.columns.find((each) => each.name === name);
  if (column !== undefined) return column;
  throw unknownName(
    `${table.name} has no column '${name}'`,
    name,
    table.columns.map((each) => each.name),
  );
}

/** A whole number within bounds, or the fallback. Throws BAD_QUERY. */
export function bounded(
  what: string,
  value: number | undefined,
  fallback: number,
  least: number,
  most: number,
): number {
  if (value === undefined) return fallback;
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Failure('BAD_QUERY', `${what} is ${value}`, `It is a whole number, ${least} to ${most}.`);
}

/** BAD_QUERY for a name that nothing has. */
export function unknownName(message: string, name: string, known: readonly string[]): Failure {
  const near = nearest(name, known);
  const hint = near === undefined ? `There are ${known.join(', ')}.` : `Did you mean '${near}'?`;
  return new Failure('BAD_QUERY', message, hint);
}
