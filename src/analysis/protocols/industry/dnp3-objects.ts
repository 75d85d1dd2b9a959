// Objects of DNP3 (IEEE 1815-2012, clause 11 and annex A): headers, and points in Suricata's words.
//
//   +-------+-----------+-----------+----------+-- … --+
//   | group | variation | qualifier | range    | points|   qualifier: prefix code (bits 4-6), range code (bits 0-3)
//   +-------+-----------+-----------+----------+-- … --+

import { masked, u16le, u32le, wireText } from '../../../core/index.ts';

export interface Dnp3Object {
  group: number;
  variation: number;
  qualifier: number;
  prefix_code: number;
  range_code: number;
  start: number;
  stop: number;
  count: number;
  points?: Record<string, unknown>[];
}

/** Objects and points of a message that are kept. */
const objectLimit = 64;
const pointLimit = 256;

const common = 'online restart comm_lost remote_forced local_forced';
/** Sets of flags in one byte, from the lowest bit; `name:2` takes two bits. */
const flagSets: Readonly<Record<string, readonly string[]>> = {
  input: `${common} chatter_filter reserved state`.split(' '),
  double: `${common} chatter_filter state:2`.split(' '),
  output: `${common} reserved0 reserved1 state`.split(' '),
  counter: `${common} rollover discontinuity reserved0`.split(' '),
  analog: `${common} over_range reference_err reserved0`.split(' '),
  crob: 'op_type:4 qu cr tcc:2'.split(' '),
  status: 'status_code:7 reserved'.split(' '),
};

/** Layout of a point by group and variation: a set of flags (`/name`), or `name:type`. */
const layouts: Readonly<Record<string, string>> = {
  '1.2': '/input',
  // The whole byte, as Suricata has it.
  '2.1': 'state:u1',
  '2.2': '/input timestamp:t6',
  '2.3': '/input timestamp:u2',
  '3.2': '/double',
  '4.1': '/double',
  '4.2': '/double timestamp:t6',
  '4.3': '/double relative_time_ms:u2',
  '10.2': '/output',
  '11.1': '/output',
  '11.2': '/output timestamp:t6',
  '12.1': '/crob count:u1 ontime:u4 offtime:u4 /status',
  '12.2': '/crob count:u1 ontime:u4 offtime:u4 /status',
  '20.1': '/counter count:u4',
  '20.2': '/counter count:u2',
  '20.5': 'count:u4',
  '20.6': 'count:u2',
  '21.1': '/counter count:u4',
  '21.2': '/counter count:u2',
  '21.5': '/counter count:u4 timestamp:t6',
  '21.6': '/counter count:u2 timestamp:t6',
  '21.9': 'count:u4',
  '21.10': 'count:u2',
  '22.1': '/counter count:u4',
  '22.2': '/counter count:u2',
  '22.5': '/counter count:u4 timestamp:t6',
  '22.6': '/counter count:u2 timestamp:t6',
  '23.1': '/counter count:u4',
  '23.2': '/counter count:u2',
  '23.5': '/counter count:u4 timestamp:t6',
  '23.6': '/counter count:u2 timestamp:t6',
  '30.1': '/analog value:i4',
  '30.2': '/analog value:i2',
  '30.3': 'value:i4',
  '30.4': 'value:i2',
  '30.5': '/analog value:f4',
  '30.6': '/analog value:f8',
  '31.1': '/analog value:i4',
  '31.2': '/analog value:i2',
  '31.5': 'value:i4',
  '31.6': 'value:i2',
  '31.7': '/analog value:f4',
  '31.8': '/analog value:f8',
  '32.1': '/analog value:i4',
  '32.2': '/analog value:i2',
  '32.3': '/analog value:i4 timestamp:t6',
  '32.4': '/analog value:i2 timestamp:t6',
  '32.5': '/analog value:f4',
  '32.6': '/analog value:f8',
  '32.7': '/analog value:f4 timestamp:t6',
  '32.8': '/analog value:f8 timestamp:t6',
  '40.1': '/analog value:i4',
  '40.2': '/analog value:i2',
  '40.3': '/analog value:f4',
  '40.4': '/analog value:f8',
  '41.1': 'value:i4 control_status:u1',
  '41.2': 'value:i2 control_status:u1',
  '41.3': 'value:f4 control_status:u1',
  '41.4': 'value:f8 control_status:u1',
  '42.1': '/analog value:i4',
  '42.2': '/analog value:i2',
  '42.3': '/analog value:i4 timestamp:t6',
  '42.4': '/analog value:i2 timestamp:t6',
  '42.5': '/analog value:f4',
  '42.6': '/analog value:f8',
  '42.7': '/analog value:f4 timestamp:t6',
  '42.8': '/analog value:f8 timestamp:t6',
  '50.1': 'timestamp:t6',
  '50.2': 'timestamp:t6 interval:u4',
  '50.3': 'timestamp:t6',
  '51.1': 'timestamp:t6',
  '51.2': 'timestamp:t6',
  '52.1': 'delay_secs:u2',
  '52.2': 'delay_ms:u2',
  '70.2':
    'username_offset:u2 username_size:u2 password_offset:u2 password_size:u2 authentication_key:secret4 username:name1',
  '70.3':
    'filename_offset:u2 filename_size:u2 created:t6 permissions:u2 authentication_key:secret4 file_size:u4 operational_mode:u2 maximum_block_size:u2 request_id:u2 filename:text',
  '70.4': 'file_handle:u4 file_size:u4 maximum_block_size:u2 request_id:u2 status_code:u1 optional_text:text',
  '70.5': 'file_handle:u4 block_number:u4',
  '70.6': 'file_handle:u4 block_number:u4 status_code:u1 optional_text:text',
  '70.7':
    'filename_offset:u2 filename_size:u2 file_type:u2 file_size:u4 created_timestamp:t6 permissions:u2 request_id:u2 filename:text',
  '70.8': 'file_specification:text',
};

/** Points of one or two bits, packed. */
const packed: Readonly<Record<string, number>> = { '1.1': 1, '3.1': 2, '10.1': 1, '80.1': 1 };

/** Where the reading stands. */
interface Cursor {
  at: number;
  points: number;
}

/**
 * Objects of a message from `o` on.
 * @param hasPoints requests to read name objects without sending them
 * @returns whether all of them could be read
 */
export function readObjects(b: Uint8Array, o: number, end: number, hasPoints: boolean, out: Dnp3Object[]): boolean {
  const cursor: Cursor = { at: o, points: 0 };
  while (cursor.at < end) {
    if (out.length >= objectLimit || end - cursor.at < 3) return false;
    const object = readHeader(b, cursor, end);
    if (object === null) return false;
    out.push(object);
    if (hasPoints && object.count > 0 && !readPoints(object, b, cursor, end)) return false;
  }
  return true;
}

function readHeader(b: Uint8Array, cursor: Cursor, end: number): Dnp3Object | null {
  const { at } = cursor;
  const qualifier = b[at + 2];
  const range = qualifier & 15;
  const object = {
    group: b[at],
    variation: b[at + 1],
    qualifier,
    prefix_code: (qualifier >> 4) & 7,
    range_code: range,
    start: 0,
    stop: 0,
    count: 0,
  };
  const size = rangeSizes[range];
  if (size === undefined || at + 3 + size > end) return null;
  cursor.at = at + 3 + size;
  if (range <= 2) {
    const half = size / 2;
    object.start = numberAt(b, at + 3, half);
    object.stop = numberAt(b, at + 3 + half, half);
    if (object.stop < object.start) return null;
    object.count = object.stop - object.start + 1;
  } else if (size > 0) object.count = numberAt(b, at + 3, size);
  return object;
}

/** Bytes of a range by its code: start and stop, nothing, or a count. */
const rangeSizes: Readonly<Record<number, number>> = { 0: 2, 1: 4, 2: 8, 6: 0, 7: 1, 8: 2, 9: 4, 11: 1 };

const numberAt = (b: Uint8Array, o: number, size: number): number =>
  size === 1 ? b[o] : size === 2 ? u16le(b, o) : u32le(b, o);

function readPoints(object: Dnp3Object, b: Uint8Array, cursor: Cursor, end: number): boolean {
  const points: Record<string, unknown>[] = [];
  const isWhole = readInto(points, object, b, cursor, end);
  // EVE knows no empty list of points.
  if (points.length > 0) object.points = points;
  return isWhole;
}

/** Reads the points of an object; false when they are cut or of a kind that is not known. */
function readInto(
  points: Record<string, unknown>[],
  object: Dnp3Object,
  b: Uint8Array,
  cursor: Cursor,
  end: number,
): boolean {
  const key = `${object.group}.${object.variation}`;
  const bits = packed[key];
  if (bits !== undefined) return readPacked(object, points, bits, b, cursor, end);
  const layout = layouts[key];
  const isSized = object.prefix_code >= 4 && object.prefix_code <= 6;
  const octets = object.group >= 110 && object.group <= 113 ? object.variation : 0;
  if (layout === undefined && !isSized && octets === 0) return false;
  const prefixSize = prefixSizes[object.prefix_code] ?? 0;
  for (let i = 0; i < object.count; i++) {
    if (cursor.at + prefixSize > end) return false;
    const prefix = prefixSize > 0 ? numberAt(b, cursor.at, prefixSize) : 0;
    cursor.at += prefixSize;
    const isIndexed = object.prefix_code >= 1 && object.prefix_code <= 3;
    const point: Record<string, unknown> = { prefix, index: isIndexed ? prefix : object.start + i };
    const pointEnd = isSized ? Math.min(end, cursor.at + prefix) : end;
    if (isSized) point.size = prefix;
    if (isSized && cursor.at + prefix > end) return false;
    // All points are walked over, so many are kept.
    if (cursor.points++ < pointLimit) points.push(point);
    if (layout !== undefined && !readPoint(point, layout, b, cursor, pointEnd)) return false;
    if (octets > 0) cursor.at += octets;
    if (isSized) cursor.at = pointEnd;
    if (cursor.at > end) return false;
  }
  return true;
}

const prefixSizes: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 4, 4: 1, 5: 2, 6: 4 };

function readPacked(
  object: Dnp3Object,
  points: Record<string, unknown>[],
  bits: number,
  b: Uint8Array,
  cursor: Cursor,
  end: number,
): boolean {
  const bytes = Math.ceil((object.count * bits) / 8);
  if (cursor.at + bytes > end) return false;
  for (let i = 0; i < object.count && cursor.points < pointLimit; i++) {
    const bit = i * bits;
    const state = (b[cursor.at + (bit >> 3)] >> (bit & 7)) & ((1 << bits) - 1);
    points.push({ prefix: 0, index: object.start + i, state });
    cursor.points++;
  }
  cursor.at += bytes;
  return true;
}

function readPoint(
  point: Record<string, unknown>,
  layout: string,
  b: Uint8Array,
  cursor: Cursor,
  end: number,
): boolean {
  for (const part of layout.split(' ')) {
    if (part[0] === '/') {
      if (cursor.at >= end) return false;
      readFlags(point, part.slice(1), b[cursor.at++]);
      continue;
    }
    const [name, type] = part.split(':');
    if (type === 'text') {
      // A file's name has its own length; other texts take the rest of the point.
      const length = name === 'filename' ? Number(point.filename_size) : end - cursor.at;
      if (cursor.at + length > end) return false;
      point[name] = wireText(b, cursor.at, Math.min(cursor.at + length, cursor.at + 512));
      cursor.at += length;
      continue;
    }
    if (type === 'name1') {
      const length = Math.min(Number(point.username_size), end - cursor.at);
      point[name] = wireText(b, cursor.at, cursor.at + length);
      point.password = masked;
      cursor.at = end;
      continue;
    }
    const size = Number(type.slice(-1));
    if (cursor.at + size > end) return false;
    point[name] = valueAt(b, cursor.at, type);
    cursor.at += size;
  }
  return true;
}

function readFlags(point: Record<string, unknown>, set: string, byte: number): void {
  let bit = 0;
  for (const flag of flagSets[set]) {
    const at = flag.indexOf(':');
    const width = at < 0 ? 1 : Number(flag.slice(at + 1));
    point[at < 0 ? flag : flag.slice(0, at)] = (byte >> bit) & ((1 << width) - 1);
    bit += width;
  }
}

const view = new DataView(new ArrayBuffer(8));

function valueAt(b: Uint8Array, o: number, type: string): number {
  switch (type) {
    case 'u1':
      return b[o];
    case 'u2':
      return u16le(b, o);
    case 'u4':
      return u32le(b, o);
    case 'i2':
      return (u16le(b, o) << 16) >> 16;
    case 'i4':
      return u32le(b, o) | 0;
    case 't6':
      return u16le(b, o + 4) * 4294967296 + u32le(b, o);
    case 'f4':
    case 'f8': {
      const size = type === 'f4' ? 4 : 8;
      for (let i = 0; i < size; i++) view.setUint8(i, b[o + i]);
      const value = size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
      return Number.isFinite(value) ? value : 0;
    }
    default:
      // A key: only that there was none is told.
      return 0;
  }
}
