// Batches as blocks of ClickHouse's Native format: a column after the other, each as the server keeps it in memory.
// https://clickhouse.com/docs/interfaces/formats/Native

import { Buffer } from 'node:buffer';
import {
  type Batch,
  type ColumnData,
  type FixedData,
  type ListData,
  type TextData,
  widths,
} from '../../batches/index.ts';
import type { Column, Table } from '../../tables/index.ts';
import { sentType } from '../tables/column-types.ts';

/** A column that the table's declaration does not have, such as when a row begins to be kept. */
export interface ExtraColumn {
  readonly name: string;
  readonly type: string;
  readonly values: Uint8Array;
}

/** Version of the dictionaries' encoding, and: this block brings its own keys, use them (SerializationLowCardinality.cpp). */
const keysVersion = 1n;
const ownKeys = 0x600n;

const varintBytes = (value: number): number => {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
};

function putVarint(out: Buffer, at: number, value: number): number {
  let rest = value;
  let to = at;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) out[to++] = (rest & 0x7f) | 0x80;
  out[to++] = rest;
  return to;
}

/** Text with its length before it. */
function named(text: string): Buffer {
  const bytes = Buffer.from(text);
  const out = Buffer.allocUnsafe(varintBytes(bytes.length) + bytes.length);
  bytes.copy(out, putVarint(out, 0, bytes.length));
  return out;
}

const nameAndType = (name: string, type: string): Buffer => Buffer.concat([named(name), named(type)]);

function textSize(data: TextData): number {
  let size = data.bytes.length;
  let from = 0;
  const { ends } = data;
  for (let i = 0; i < ends.length; i++) {
    const length = ends[i] - from;
    size += length < 0x80 ? 1 : varintBytes(length);
    from = ends[i];
  }
  return size;
}

/** Below this many bytes a loop is quicker than a call that copies. */
const copyFrom = 48;

function putText(out: Buffer, at: number, data: TextData): number {
  const { bytes, ends } = data;
  let to = at;
  let from = 0;
  for (let i = 0; i < ends.length; i++) {
    const end = ends[i];
    const length = end - from;
    if (length < copyFrom) {
      out[to++] = length;
      while (from < end) out[to++] = bytes[from++];
      continue;
    }
    to = putVarint(out, to, length);
    out.set(bytes.subarray(from, end), to);
    to += length;
    from = end;
  }
  return to;
}

function putBytes(out: Buffer, at: number, bytes: Uint8Array): number {
  out.set(bytes, at);
  return at + bytes.length;
}

/** One column on its way: how many bytes it takes, and what writes them. */
interface Encoded {
  readonly size: number;
  put(out: Buffer, at: number): number;
}

function encodeFixed(data: FixedData, isNullable: boolean, rows: number): Encoded {
  const { values, missing } = data;
  return {
    size: values.length + (isNullable ? rows : 0),
    put(out, at) {
      let to = at;
      if (isNullable) {
        if (missing === null) out.fill(0, to, to + rows);
        else out.set(missing, to);
        to += rows;
      }
      return putBytes(out, to, values);
    },
  };
}

function encodeText(data: TextData): Encoded {
  return { size: textSize(data), put: (out, at) => putText(out, at, data) };
}

/** Indexes as narrow as the number of words allows. */
function narrow(indexes: Uint32Array, words: number): { readonly kind: bigint; readonly bytes: Uint8Array } {
  if (words <= 0x100) return { kind: 0n, bytes: new Uint8Array(indexes) };
  const wide = words <= 0x10000 ? new Uint16Array(indexes) : indexes;
  const bytes = new Uint8Array(wide.buffer, wide.byteOffset, wide.byteLength);
  return { kind: words <= 0x10000 ? 1n : 2n, bytes };
}

function encodeWords(words: readonly string[], indexes: Uint32Array): Encoded {
  const { kind, bytes } = narrow(indexes, words.length);
  const keys = Buffer.concat(words.map(named));
  return {
    size: 32 + keys.length + bytes.length,
    put(out, at) {
      let to = out.writeBigUInt64LE(keysVersion, at);
      to = out.writeBigUInt64LE(ownKeys | kind, to);
      to = out.writeBigUInt64LE(BigInt(words.length), to);
      to = putBytes(out, to, keys);
      to = out.writeBigUInt64LE(BigInt(indexes.length), to);
      return putBytes(out, to, bytes);
    },
  };
}

function encodeList({ ends, items }: ListData): Encoded {
  const inner = items.shape === 'text' ? encodeText(items) : encodeFixed(items, false, 0);
  return {
    size: ends.length * 8 + inner.size,
    put(out, at) {
      let to = at;
      for (let i = 0; i < ends.length; i++) {
        to = out.writeUInt32LE(ends[i], to);
        to = out.writeUInt32LE(0, to);
      }
      return inner.put(out, to);
    },
  };
}

function encodeColumn(column: Column, data: ColumnData, rows: number): Encoded {
  switch (data.shape) {
    case 'fixed':
      if (data.values.length !== rows * widths[column.kind]) throw new Error(`column ${column.name} is cut`);
      return encodeFixed(data, column.nullable === true, rows);
    case 'text':
      return encodeText(data);
    case 'word':
      return encodeWords(data.words, data.indexes);
    case 'list':
      return encodeList(data);
  }
}

/** Encodes batches of one table. */
export class NativeEncoder {
  readonly table: Table;
  readonly #heads: readonly Buffer[];

  constructor(table: Table) {
    this.table = table;
    this.#heads = table.columns.map((column) => nameAndType(column.name, sentType(column)));
  }

  /** One block of at least one row. */
  encode(batch: Batch, extra: readonly ExtraColumn[] = []): Buffer {
    const { columns } = this.table;
    const encoded = columns.map((column, i) => encodeColumn(column, batch.columns[i], batch.rows));
    const extraHeads = extra.map(({ name, type }) => nameAndType(name, type));
    const count = columns.length + extra.length;
    let size = varintBytes(count) + varintBytes(batch.rows);
    for (const head of [...this.#heads, ...extraHeads]) size += head.length;
    for (const each of encoded) size += each.size;
    for (const { values } of extra) size += values.length;
    const out = Buffer.allocUnsafeSlow(size);
    let to = putVarint(out, putVarint(out, 0, count), batch.rows);
    for (const [i, each] of encoded.entries()) to = each.put(out, putBytes(out, to, this.#heads[i]));
    for (const [i, { values }] of extra.entries()) to = putBytes(out, putBytes(out, to, extraHeads[i]), values);
    if (to !== size) throw new Error(`block of ${this.table.name} has ${to} bytes instead of ${size}`);
    return out;
  }
}
