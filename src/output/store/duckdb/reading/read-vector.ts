// Values out of the vectors of a result.

import { formatIpv4, formatIpv6 } from '../../../../core/index.ts';
import type { Value } from '../../store.ts';
import type { ColumnKind } from '../../tables/column.ts';
import type { Bindings, LogicalType, Vector } from '../opening/bindings.ts';

/** How a column is read: its type in the engine, and the kind it has for us. */
export interface ReadColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly read: Reader;
}

/** Values of the first `rows` rows of a vector, missing ones not looked at. */
type Reader = (duckdb: Bindings, vector: Vector, rows: number) => Value[];

const microsPerDay = 86_400_000_000;

/** Whole numbers above 2^53 are text. */
const whole = (value: bigint): Value =>
  value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value.toString();

const finite = (value: number): Value => (Number.isFinite(value) ? value : null);

/** 64 bits: low word, high word. */
function unsigned64(low: number, high: number): Value {
  return high < 0x200000 ? high * 4294967296 + low : ((BigInt(high) << 32n) | BigInt(low)).toString();
}

function signed64(low: number, high: number): Value {
  const top = high | 0;
  if (top >= -0x200000 && top < 0x200000) return top * 4294967296 + low;
  return whole((BigInt(top) << 32n) | BigInt(low));
}

type Get = (view: DataView, at: number) => Value;

/** Values of a fixed width. */
function fixed(width: number, get: Get): Reader {
  return (duckdb, vector, rows) => {
    const data = duckdb.vector_get_data(vector, width * rows);
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const values = new Array<Value>(rows);
    for (let row = 0; row < rows; row++) values[row] = get(view, width * row);
    return values;
  };
}

const low = (view: DataView, at: number): number => view.getUint32(at, true);
const high = (view: DataView, at: number): number => view.getUint32(at + 4, true);
const int64: Get = (view, at) => signed64(low(view, at), high(view, at));
const scaled =
  (factor: number): Get =>
  (view, at) => {
    const value = Number(view.getBigInt64(at, true)) * factor;
    return Number.isSafeInteger(value) ? value : Math.floor(value);
  };

const hugeint: Get = (view, at) => whole((view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true));
const uhugeint: Get = (view, at) => whole((view.getBigUint64(at + 8, true) << 64n) | view.getBigUint64(at, true));

const hash: Get = (view, at) =>
  high(view, at).toString(16).padStart(8, '0') + low(view, at).toString(16).padStart(8, '0');

/** Strings: 16 bytes each, see writing/string-column.ts. `convert` turns bytes into a value. */
function strings(convert: (bytes: Buffer) => Value): Reader {
  return (duckdb, vector, rows) => {
    const data = duckdb.vector_get_data(vector, 16 * rows);
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const values = new Array<Value>(rows);
    // Rows that share their text, as those of a dictionary do, share the pointer.
    const known = new Map<bigint, Value>();
    for (let row = 0, at = 0; row < rows; row++, at += 16) {
      const length = bytes.readUInt32LE(at);
      if (length <= 12) {
        values[row] = convert(bytes.subarray(at + 4, at + 4 + length));
        continue;
      }
      const pointer = bytes.readBigUInt64LE(at + 8);
      let value = known.get(pointer);
      if (value === undefined) {
        const far = duckdb.get_data_from_pointer(data.buffer as ArrayBuffer, data.byteOffset + at + 8, length);
        value = convert(Buffer.from(far.buffer, far.byteOffset, length));
        known.set(pointer, value);
      }
      values[row] = value;
    }
    return values;
  };
}

const text = strings((bytes) => bytes.toString('utf8'));

/** Addresses as they are kept: 16 bytes, IPv4 as ::ffff:a.b.c.d; other bytes as hex digits. */
const address = strings((bytes) => {
  if (bytes.length !== 16) return bytes.toString('hex');
  const [a, b, c, d] = [0, 4, 8, 12].map((at) => bytes.readUInt32BE(at));
  return a === 0 && b === 0 && c === 0xffff ? formatIpv4(d) : formatIpv6(a, b, c, d);
});

function list(items: Reader): Reader {
  return (duckdb, vector, rows) => {
    const data = duckdb.vector_get_data(vector, 16 * rows);
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const child = duckdb.list_vector_get_child(vector);
    const size = duckdb.list_vector_get_size(vector);
    const all = size === 0 ? [] : withMissing(duckdb, child, size, items);
    const isValid = validity(duckdb, vector, rows);
    return Array.from({ length: rows }, (_, row) => {
      // The entry of a missing list is not set.
      if (!isValid(row)) return null;
      const from = low(view, 16 * row);
      return all.slice(from, from + low(view, 16 * row + 8));
    });
  };
}

function validity(duckdb: Bindings, vector: Vector, rows: number): (row: number) => boolean {
  const bits = duckdb.vector_get_validity(vector, 8 * Math.ceil(rows / 64));
  if (bits === null || bits.length === 0) return () => true;
  return (row) => (bits[row >> 3] & (1 << (row & 7))) !== 0;
}

/** Values of a vector, null where one is missing. */
export function withMissing(duckdb: Bindings, vector: Vector, rows: number, read: Reader): Value[] {
  const isValid = validity(duckdb, vector, rows);
  // Memory of missing strings is not set: a pointer there leads anywhere.
  if (read === text || read === address) clearMissing(duckdb, vector, rows, isValid);
  const values = read(duckdb, vector, rows);
  for (let row = 0; row < rows; row++) if (!isValid(row)) values[row] = null;
  return values;
}

function clearMissing(duckdb: Bindings, vector: Vector, rows: number, isValid: (row: number) => boolean): void {
  const nothing = new ArrayBuffer(16);
  for (let row = 0; row < rows; row++) {
    if (!isValid(row)) duckdb.copy_data_to_vector(vector, 16 * row, nothing, 0, 16);
  }
}

/** A decimal of up to 15 digits: a whole number of parts of ten. */
function decimal(duckdb: Bindings, type: LogicalType): Reader | null {
  const width = duckdb.decimal_width(type);
  const divisor = 10 ** duckdb.decimal_scale(type);
  if (width <= 4) return fixed(2, (view, at) => view.getInt16(at, true) / divisor);
  if (width <= 9) return fixed(4, (view, at) => view.getInt32(at, true) / divisor);
  return width <= 15 ? fixed(8, (view, at) => Number(view.getBigInt64(at, true)) / divisor) : null;
}

const boolean: Get = (view, at) => view.getUint8(at) !== 0;

/** Types that are read as they are; by name in the engine. */
const known: Readonly<Record<string, readonly [ColumnKind, Reader]>> = {
  BOOLEAN: ['flag', fixed(1, boolean)],
  TINYINT: ['real', fixed(1, (view, at) => view.getInt8(at))],
  SMALLINT: ['real', fixed(2, (view, at) => view.getInt16(at, true))],
  INTEGER: ['real', fixed(4, (view, at) => view.getInt32(at, true))],
  BIGINT: ['u64', fixed(8, int64)],
  HUGEINT: ['u64', fixed(16, hugeint)],
  UTINYINT: ['u8', fixed(1, (view, at) => view.getUint8(at))],
  USMALLINT: ['u16', fixed(2, (view, at) => view.getUint16(at, true))],
  UINTEGER: ['u32', fixed(4, (view, at) => view.getUint32(at, true))],
  UBIGINT: ['u64', fixed(8, (view, at) => unsigned64(low(view, at), high(view, at)))],
  UHUGEINT: ['u64', fixed(16, uhugeint)],
  FLOAT: ['real', fixed(4, (view, at) => finite(view.getFloat32(at, true)))],
  DOUBLE: ['real', fixed(8, (view, at) => finite(view.getFloat64(at, true)))],
  TIMESTAMP: ['time', fixed(8, int64)],
  TIMESTAMP_TZ: ['time', fixed(8, int64)],
  TIMESTAMP_S: ['time', fixed(8, scaled(1e6))],
  TIMESTAMP_MS: ['time', fixed(8, scaled(1e3))],
  TIMESTAMP_NS: ['time', fixed(8, scaled(1e-3))],
  DATE: ['time', fixed(4, (view, at) => view.getInt32(at, true) * microsPerDay)],
  VARCHAR: ['text', text],
  BLOB: ['address', address],
};

/** How a column of this type is read; null: only as text, which the engine has to make of it. */
export function readColumn(
  duckdb: Bindings,
  name: string,
  type: LogicalType,
  asked: ColumnKind | undefined,
): ReadColumn | null {
  const id = duckdb.get_type_id(type);
  const typeName = duckdb.Type[id];
  if (typeName === 'LIST') {
    const item = readColumn(duckdb, name, duckdb.list_type_child_type(type), undefined);
    if (item === null) return null;
    const kind = item.kind === 'text' || item.kind === 'address' ? 'texts' : 'reals';
    return { name, kind: asked ?? kind, read: list(item.read) };
  }
  if (typeName === 'DECIMAL') {
    const read = decimal(duckdb, type);
    return read === null ? null : { name, kind: 'real', read };
  }
  if (typeName === 'UBIGINT' && asked === 'hash') return { name, kind: 'hash', read: fixed(8, hash) };
  const found = known[typeName];
  return found === undefined ? null : { name, kind: asked ?? found[0], read: found[1] };
}
