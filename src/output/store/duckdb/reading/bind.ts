// Parameters of a statement, each bound with its type.

import { Failure } from '../../../../core/index.ts';
import type { Param } from '../../store.ts';
import type { ColumnKind } from '../../tables/column.ts';
import { type Bindings, type PreparedStatement, wordsOf } from '../opening/bindings.ts';

/** Throws BAD_QUERY where a statement has other places than parameters, or a value does not fit its kind. */
export function bindParams(duckdb: Bindings, prepared: PreparedStatement, params: readonly Param[]): void {
  const places = duckdb.nparams(prepared);
  if (places > params.length) {
    const message = `the statement has ${places} places for values, but ${params.length} are given`;
    throw new Failure('BAD_QUERY', message, 'give a value for each of $1, $2 …');
  }
  // A parameter that the statement does not mention has no place.
  for (let i = 1; i <= params.length; i++) {
    const place = places === params.length ? i : placeOf(duckdb, prepared, i);
    if (place === 0) continue;
    try {
      binders[params[i - 1].kind](duckdb, prepared, place, params[i - 1].value);
    } catch (error) {
      const message = `value ${i} is not a ${params[i - 1].kind}: ${wordsOf(error)}`;
      throw new Failure('BAD_QUERY', message, 'check the value', error);
    }
  }
}

function placeOf(duckdb: Bindings, prepared: PreparedStatement, number: number): number {
  try {
    return duckdb.bind_parameter_index(prepared, String(number));
  } catch {
    return 0;
  }
}

type Bind = (duckdb: Bindings, prepared: PreparedStatement, place: number, value: Param['value']) => void;

const whole = (value: Param['value']): bigint => BigInt(value as string | number);

const bindText: Bind = (duckdb, prepared, place, value) => duckdb.bind_varchar(prepared, place, String(value));

const binders: Readonly<Record<ColumnKind, Bind>> = {
  time: (duckdb, prepared, place, value) => duckdb.bind_timestamp(prepared, place, { micros: whole(value) }),
  address: (duckdb, prepared, place, value) => {
    if (!(value instanceof Uint8Array) || value.length !== 16) throw new Error('an address is 16 bytes');
    duckdb.bind_blob(prepared, place, value);
  },
  u8: (duckdb, prepared, place, value) => duckdb.bind_uint8(prepared, place, bounded(value, 0xff)),
  u16: (duckdb, prepared, place, value) => duckdb.bind_uint16(prepared, place, bounded(value, 0xffff)),
  u32: (duckdb, prepared, place, value) => duckdb.bind_uint32(prepared, place, bounded(value, 0xffffffff)),
  u64: (duckdb, prepared, place, value) => duckdb.bind_uint64(prepared, place, unsigned(whole(value))),
  hash: (duckdb, prepared, place, value) => {
    if (!/^[0-9a-f]{1,16}$/i.test(String(value))) throw new Error('a hash is 16 hex digits');
    duckdb.bind_uint64(prepared, place, BigInt(`0x${value}`));
  },
  real: (duckdb, prepared, place, value) => duckdb.bind_double(prepared, place, Number(value)),
  flag: (duckdb, prepared, place, value) => duckdb.bind_boolean(prepared, place, value === true || value === 1),
  text: bindText,
  word: bindText,
  json: bindText,
  texts: (duckdb, prepared, place, value) =>
    bindList(duckdb, prepared, place, duckdb.Type.VARCHAR, (value as string[]).map(duckdb.create_varchar)),
  reals: (duckdb, prepared, place, value) =>
    bindList(duckdb, prepared, place, duckdb.Type.DOUBLE, (value as number[]).map(duckdb.create_double)),
};

function bindList(
  duckdb: Bindings,
  prepared: PreparedStatement,
  place: number,
  type: import('@duckdb/node-bindings').Type,
  values: import('@duckdb/node-bindings').Value[],
): void {
  duckdb.bind_value(prepared, place, duckdb.create_list_value(duckdb.create_logical_type(type), values));
}

function bounded(value: Param['value'], most: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > most) throw new Error(`not between 0 and ${most}`);
  return number;
}

function unsigned(value: bigint): bigint {
  if (value < 0n || value >= 1n << 64n) throw new Error('not between 0 and 2^64 - 1');
  return value;
}
