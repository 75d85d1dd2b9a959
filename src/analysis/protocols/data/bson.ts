// BSON documents (bsonspec.org, version 1.1), walked over in place and shown as text within bounds.
//
//   +----------------+------+-- … --+---+-------+-- … --+---+
//   | length (4, LE) | type | key   | 0 | value | …     | 0 |
//   +----------------+------+-- … --+---+-------+-- … --+---+

import { findByte, hexText, isSecretName, masked, u32le, u64le, wireText } from '../../../core/index.ts';

export const bsonTypes = {
  double: 1,
  text: 2,
  document: 3,
  array: 4,
  binary: 5,
  objectId: 7,
  boolean: 8,
  date: 9,
  null: 10,
  int32: 16,
  int64: 18,
} as const;

/** Sizes of values that have one. */
const fixedSizes: Readonly<Record<number, number>> = {
  1: 8,
  6: 0,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  16: 4,
  17: 8,
  18: 8,
  19: 16,
  127: 0,
  255: 0,
};

const textLimit = 512;

/** Goes from element to element of one document. What is cut ends it. */
export class BsonReader {
  readonly #b: Uint8Array;
  readonly #end: number;
  #next: number;
  type = 0;
  key = '';
  /** Where the value stands. */
  at = 0;

  /** @param o of the document's length */
  constructor(b: Uint8Array, o: number, end: number) {
    this.#b = b;
    const length = end - o >= 5 ? u32le(b, o) : 0;
    this.#end = length >= 5 ? Math.min(end, o + length) : o;
    this.#next = o + 4;
  }

  next(): boolean {
    const b = this.#b;
    if (this.#next >= this.#end || b[this.#next] === 0) return false;
    this.type = b[this.#next];
    const zero = findByte(b, this.#next + 1, Math.min(this.#end, this.#next + 258), 0);
    if (zero < 0) return false;
    this.key = wireText(b, this.#next + 1, zero);
    this.at = zero + 1;
    const size = sizeOf(b, this.at, this.#end, this.type);
    if (size < 0) return false;
    this.#next = this.at + size;
    return true;
  }

  /** Whether the value is here to its end. */
  get isWhole(): boolean {
    return this.#next <= this.#end;
  }

  /** The value as a number; 0 when it is none. */
  number(): number {
    return this.isWhole ? numberAt(this.#b, this.at, this.type) : 0;
  }

  text(): string {
    if (this.type !== bsonTypes.text) return '';
    const from = this.at + 4;
    return wireText(this.#b, from, Math.min(this.#next - 1, this.#end, from + textLimit));
  }

  /** The document or array that the value is, and no byte beyond it; an empty one when it is something else. */
  inside(): BsonReader {
    const isNested = this.type === bsonTypes.document || this.type === bsonTypes.array;
    return new BsonReader(this.#b, this.at, isNested ? Math.min(this.#end, this.#next) : this.at);
  }
}

function sizeOf(b: Uint8Array, at: number, end: number, type: number): number {
  const fixed = fixedSizes[type];
  if (fixed !== undefined) return fixed;
  if (type === 11) {
    const first = findByte(b, at, end, 0);
    const second = first < 0 ? -1 : findByte(b, first + 1, end, 0);
    return second < 0 ? -1 : second + 1 - at;
  }
  if (at + 4 > end) return -1;
  const length = u32le(b, at);
  if (length > 1 << 26) return -1;
  if (type === 3 || type === 4 || type === 15) return length < 5 ? -1 : length;
  if (type === 5) return length + 5;
  if (type === 12) return length + 16;
  return type === 2 || type === 13 || type === 14 ? length + 4 : -1;
}

const view = new DataView(new ArrayBuffer(8));

function numberAt(b: Uint8Array, o: number, type: number): number {
  if (type === bsonTypes.int32) return u32le(b, o) | 0;
  if (type === bsonTypes.int64) return u64le(b, o);
  if (type === bsonTypes.boolean) return b[o];
  if (type !== bsonTypes.double) return 0;
  for (let i = 0; i < 8; i++) view.setUint8(i, b[o + i]);
  const value = view.getFloat64(0, true);
  return Number.isFinite(value) ? value : 0;
}

/** Levels shown, and characters of a whole text. */
const depthLimit = 6;
const shownLimit = 1024;

/** Keys of secrets, and of what says nothing about a command. */
const secrets = new Set([
  'pwd',
  'password',
  'passwd',
  'key',
  'nonce',
  'payload',
  'speculativeauthenticate',
  'digestpwd',
]);
const technical = new Set(['lsid', '$clusterTime', '$db', 'txnNumber', '$readPreference', '$client']);

/** A document as text: `{find: "orders", filter: {state: "open"}}`. */
export function documentText(b: Uint8Array, o: number, end: number): string {
  const text = shown(b, new BsonReader(b, o, end), end, depthLimit, false, shownLimit);
  return text.length > shownLimit ? `${text.slice(0, shownLimit)}…` : text;
}

function shown(b: Uint8Array, reader: BsonReader, end: number, depth: number, isArray: boolean, room: number): string {
  let out = isArray ? '[' : '{';
  let isFirst = true;
  while (out.length < room && reader.next()) {
    if (technical.has(reader.key)) continue;
    if (!isFirst) out += ', ';
    isFirst = false;
    if (!isArray) out += `${reader.key}: `;
    if (!isArray && (secrets.has(reader.key.toLowerCase()) || isSecretName(reader.key))) out += masked;
    else out += shownValue(b, reader, end, depth, room - out.length);
  }
  return out + (isArray ? ']' : '}');
}

function shownValue(b: Uint8Array, reader: BsonReader, end: number, depth: number, room: number): string {
  const { type, at } = reader;
  switch (type) {
    case bsonTypes.text:
      return `"${reader.text()}"`;
    case bsonTypes.document:
    case bsonTypes.array:
      if (depth <= 1) return type === bsonTypes.array ? '[…]' : '{…}';
      return shown(b, reader.inside(), end, depth - 1, type === bsonTypes.array, room);
    case bsonTypes.objectId:
      return reader.isWhole ? `ObjectId(${hexText(b, at, at + 12)})` : 'ObjectId';
    case bsonTypes.boolean:
      return reader.number() === 1 ? 'true' : 'false';
    case bsonTypes.double:
    case bsonTypes.int32:
    case bsonTypes.int64:
      return `${reader.number()}`;
    case bsonTypes.binary:
      return at + 4 <= end ? `Binary(${u32le(b, at)})` : 'Binary';
    case bsonTypes.null:
      return 'null';
    case bsonTypes.date:
      return reader.isWhole ? `Date(${u64le(b, at)})` : 'Date';
    default:
      return `type ${type}`;
  }
}
