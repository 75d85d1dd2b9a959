// Parameters of a statement, each bound with its type.

import { Failure } from '../../../../core/index.ts';
import type { Param } from '../../store.ts';
import type { ColumnKind } from '../../tables/column.ts';
import { type Bindings, type PreparedStatement, wordsOf } from '../opening/bindings.ts';

/**
 * Throws BAD_QUERY where a value does not fit its kind, or places and parameters are not the same. Parameters at the end
 * need not be mentioned; the engine knows no others.
 */
export function bindParams(duckdb: Bindings, prepared: PreparedStatement, params: readonly Param[]): void {
  const places = duckdb.nparams(prepared);
  for (let place = 1; place <= places; place++) {
    const param = params[place - 1];
    if (param === undefined || !isMentioned(duckdb, prepared, place)) {
      const message = `the statement has ${places} places for values, ${params.length} values are given`;
      throw new Failure('BAD_QUERY', message, 'Mention $1, $2 … without a gap, and give a value for each.');
    }
    try {
      binders[param.kind](duckdb, prepared, place, param.value);
    } catch (error) {
      const message = `value ${place} is not a ${param.kind}: ${wordsOf(error)}`;
      throw new Failure('BAD_QUERY', message, 'Check the value.', error);
    }
  }
}

function isMentioned(duckdb: Bindings, prepared: PreparedStatement, number: number): boolean {
  try {
    return duckdb.bind_parameter_index(prepared, String(number)) === number;
  } catch {
    return false;
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
