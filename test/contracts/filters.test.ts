// Proves that filters find the same rows in memory and in DuckDB.

import {
  BLOB,
  BOOLEAN,
  blobValue,
  DOUBLE,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  TIMESTAMP,
  timestampValue,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import { addressBytes } from '../../src/core/filter/words/addresses.ts';
import type { RowValue } from '../../src/core/index.ts';
import type { ColumnKind, Param } from '../../src/output/store/index.ts';
import { type FilterSubject, filterContract, tableOf } from './filter-contract.ts';
import { asked, type Rows } from './filter-rows.ts';

const types: Partial<Record<ColumnKind, DuckDBType>> = {
  time: TIMESTAMP,
  address: BLOB,
  u8: UTINYINT,
  u16: USMALLINT,
  u32: UINTEGER,
  u64: UBIGINT,
  hash: UBIGINT,
  real: DOUBLE,
  flag: BOOLEAN,
};

function literal(kind: ColumnKind, value: RowValue): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value))
    return `[${value.map((each) => literal(kind === 'texts' ? 'text' : 'real', each)).join(', ')}]`;
  if (kind === 'address') return `from_hex('${Buffer.from(addressBytes(String(value))!).toString('hex')}')`;
  if (kind === 'time') return `make_timestamp(${String(value)}::BIGINT)`;
  if (kind === 'hash') return `${BigInt(`0x${String(value)}`)}`;
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

function bound({ kind, value }: Param): DuckDBValue {
  if (kind === 'address') return blobValue(value as Uint8Array);
  if (kind === 'time') return timestampValue(BigInt(value as number));
  if (kind === 'hash') return BigInt(`0x${String(value)}`);
  return kind === 'u64' ? BigInt(value as number) : (value as string | number | boolean);
}

async function open(rows: Rows): Promise<FilterSubject> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const name of asked) {
    const { columns } = tableOf(name);
    const typeOf = (kind: ColumnKind): string =>
      kind === 'texts' ? 'VARCHAR[]' : kind === 'reals' ? 'DOUBLE[]' : String(types[kind] ?? VARCHAR);
    await connection.run(
      `CREATE TABLE "${name}" (${columns.map((each) => `"${each.name}" ${typeOf(each.kind)}`).join(', ')})`,
    );
    const lines = rows[name].map((row) => `(${columns.map((each) => literal(each.kind, row[each.name])).join(', ')})`);
    await connection.run(`INSERT INTO "${name}" VALUES ${lines.join(', ')}`);
  }
  return {
    dialect: 'duckdb',
    select: async ({ sql, params }) => {
      const typed = params.map(({ kind }) => types[kind] ?? VARCHAR);
      const reader = await connection.runAndReadAll(sql, params.map(bound), typed);
      return reader.getRows().map((row) => row.map(String));
    },
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

filterContract('DuckDB', open);
