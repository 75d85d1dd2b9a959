// How kinds of columns are kept in DuckDB.

import type { ColumnKind } from '../../tables/column.ts';
import type { Bindings, LogicalType } from './bindings.ts';

/** Type names as in the catalogue. */
export const sqlTypes: Readonly<Record<ColumnKind, string>> = {
  time: 'TIMESTAMP',
  address: 'BLOB',
  u8: 'UTINYINT',
  u16: 'USMALLINT',
  u32: 'UINTEGER',
  u64: 'UBIGINT',
  hash: 'UBIGINT',
  real: 'DOUBLE',
  flag: 'BOOLEAN',
  text: 'VARCHAR',
  word: 'VARCHAR',
  json: 'VARCHAR',
  texts: 'VARCHAR[]',
  reals: 'DOUBLE[]',
};

/** What a row has in a column that came into the table after it; literals. */
export function emptyLiteral(kind: ColumnKind, isNullable: boolean): string {
  if (isNullable || kind === 'time') return 'NULL';
  if (kind === 'text' || kind === 'word' || kind === 'json') return "''";
  if (kind === 'texts' || kind === 'reals') return `[]::${sqlTypes[kind]}`;
  if (kind === 'flag') return 'false';
  if (kind === 'address') return `'${'\\x00'.repeat(16)}'::BLOB`;
  return '0';
}

/** A kind that lies in the catalogue's type; columns that nobody declares any more are filled by it. */
export function kindOfSqlType(type: string): ColumnKind | undefined {
  return (Object.keys(sqlTypes) as ColumnKind[]).find((kind) => sqlTypes[kind] === type);
}

export function logicalType(duckdb: Bindings, kind: ColumnKind): LogicalType {
  const sql = sqlTypes[kind];
  const scalar = duckdb.create_logical_type(
    duckdb.Type[sql.replace('[]', '') as keyof typeof duckdb.Type] as unknown as import('@duckdb/node-bindings').Type,
  );
  return sql.endsWith('[]') ? duckdb.create_list_type(scalar) : scalar;
}

/** An identifier of ours in SQL; names are declared, never typed by users. */
export function quoted(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new Error(`not a name of a table or column: ${name}`);
  return `"${name}"`;
}

/** Text in SQL: paths and settings, where no parameter may stand. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
