// Packets of the MySQL client/server protocol (MySQL internals: connection phase, command phase), also spoken by MariaDB.
//
//   +--------+--------+--------+--------+-- … --+
//   | body length, little endian | seq  | body  |   longer bodies go on in a next packet after one of 0xffffff
//   +--------+--------+--------+--------+-- … --+

import { findByte, u16le, u24le, u32le, u64le, wireText } from '../../../../core/index.ts';
import { type Probe, probed } from '../../protocol.ts';
import { maskEcho } from './statement.ts';

export const headerBytes = 4;
/** A body of this length goes on in the next packet. */
export const fullBody = 0xffffff;

/** Capability flags of both sides. */
export const can = {
  connectWithDb: 8,
  compress: 0x20,
  protocol41: 0x200,
  tls: 0x800,
  secureConnection: 0x8000,
  pluginAuth: 0x80000,
  connectAttributes: 0x100000,
  lengthEncodedAuth: 0x200000,
  deprecateEof: 0x1000000,
  zstd: 0x4000000,
  queryAttributes: 0x8000000,
} as const;

/** Status flag of OK and EOF: another result follows. */
export const moreResults = 8;

/** Commands by code; Zeek's words. */
export const commandNames: readonly string[] = [
  'sleep',
  'quit',
  'init_db',
  'query',
  'field_list',
  'create_db',
  'drop_db',
  'refresh',
  'shutdown',
  'statistics',
  'process_info',
  'connect',
  'process_kill',
  'debug',
  'ping',
  'time',
  'delayed_insert',
  'change_user',
  'binlog_dump',
  'table_dump',
  'connect_out',
  'register_slave',
  'stmt_prepare',
  'stmt_execute',
  'stmt_send_long_data',
  'stmt_close',
  'stmt_reset',
  'set_option',
  'stmt_fetch',
  'daemon',
  'binlog_dump_gtid',
  'reset_connection',
];

export interface Greeting {
  readonly version: string;
  readonly capabilities: number;
}

/** The server's first packet (HandshakeV9, V10); null when it is none. */
export function readGreeting(b: Uint8Array, o: number, end: number): Greeting | null {
  if (b[o] !== 10 && b[o] !== 9) return null;
  const zero = findByte(b, o + 1, Math.min(end, o + 256), 0);
  if (zero < 0) return null;
  const version = wireText(b, o + 1, zero);
  // Thread id (4), scramble (8), filler (1), lower capabilities (2), charset (1), status (2), upper capabilities (2).
  const flags = zero + 14;
  if (flags + 2 > end) return { version, capabilities: 0 };
  const upper = flags + 7 <= end ? u16le(b, flags + 5) : 0;
  return { version, capabilities: (u16le(b, flags) | (upper << 16)) >>> 0 };
}

export interface Login {
  readonly capabilities: number;
  /** The packet only asks for TLS; the login follows inside. */
  readonly isTlsRequest: boolean;
  readonly user: string;
  readonly database: string;
  readonly plugin: string;
  /** `program_name` or `_client_name` of the attributes. */
  readonly program: string;
}

/** The client's first packet (HandshakeResponse, SSLRequest); null when it is none. */
export function readLogin(b: Uint8Array, o: number, end: number): Login | null {
  if (end - o < 4) return null;
  const low = u16le(b, o);
  if ((low & can.protocol41) === 0) return readOldLogin(b, o, end, low);
  const capabilities = u32le(b, o);
  const bare = { capabilities, user: '', database: '', plugin: '', program: '' };
  if (end - o <= 32) return (low & can.tls) !== 0 ? { ...bare, isTlsRequest: true } : null;
  let at = o + 32;
  const userEnd = findByte(b, at, end, 0);
  if (userEnd < 0) return null;
  const user = wireText(b, at, Math.min(userEnd, at + nameLimit));
  at = afterSecret(b, userEnd + 1, end, capabilities);
  let database = '';
  if ((capabilities & can.connectWithDb) !== 0 && at < end) {
    const zero = endOfText(b, at, end);
    database = wireText(b, at, Math.min(zero, at + nameLimit));
    at = zero + 1;
  }
  let plugin = '';
  if ((capabilities & can.pluginAuth) !== 0 && at < end) {
    const zero = endOfText(b, at, end);
    plugin = wireText(b, at, Math.min(zero, at + nameLimit));
    at = zero + 1;
  }
  const program = (capabilities & can.connectAttributes) !== 0 ? readProgram(b, at, end) : '';
  return { capabilities, isTlsRequest: false, user, database, plugin, program };
}

/** User, database and others are cut here, bytes. */
const nameLimit = 256;

function readOldLogin(b: Uint8Array, o: number, end: number, low: number): Login | null {
  if ((low & can.tls) !== 0 && end - o === 5) {
    return { capabilities: low, isTlsRequest: true, user: '', database: '', plugin: '', program: '' };
  }
  const zero = findByte(b, o + 5, end, 0);
  if (zero < 0) return null;
  const user = wireText(b, o + 5, Math.min(zero, o + 5 + nameLimit));
  return { capabilities: low, isTlsRequest: false, user, database: '', plugin: '', program: '' };
}

/** Position after the answer to the scramble. */
function afterSecret(b: Uint8Array, at: number, end: number, capabilities: number): number {
  if (at >= end) return end;
  if ((capabilities & can.lengthEncodedAuth) !== 0) return lengthEnd(b, at, end) + Math.max(0, lengthOf(b, at, end));
  if ((capabilities & can.secureConnection) !== 0) return at + 1 + b[at];
  return endOfText(b, at, end) + 1;
}

const endOfText = (b: Uint8Array, at: number, end: number): number => {
  const zero = findByte(b, at, end, 0);
  return zero < 0 ? end : zero;
};

/** Attributes of a connection looked through for its program. */
const attributeLimit = 32;

function readProgram(b: Uint8Array, o: number, end: number): string {
  let at = lengthEnd(b, o, end);
  let client = '';
  for (let i = 0; i < attributeLimit && at < end; i++) {
    const keyAt = lengthEnd(b, at, end);
    const keyEnd = keyAt + lengthOf(b, at, end);
    if (keyEnd >= end || keyEnd < keyAt) break;
    const valueAt = lengthEnd(b, keyEnd, end);
    const valueEnd = valueAt + lengthOf(b, keyEnd, end);
    if (valueEnd > end || valueEnd < valueAt) break;
    const key = wireText(b, keyAt, Math.min(keyEnd, keyAt + 32));
    if (key === 'program_name') return wireText(b, valueAt, Math.min(valueEnd, valueAt + nameLimit));
    if (key === '_client_name') client = wireText(b, valueAt, Math.min(valueEnd, valueAt + nameLimit));
    at = valueEnd;
  }
  return client;
}

/** A length-encoded integer; -1 when it is cut or is none (NULL, an error's mark). */
export function lengthOf(b: Uint8Array, o: number, end: number): number {
  if (o >= end) return -1;
  const first = b[o];
  if (first < 0xfb) return first;
  if (first === 0xfc) return o + 3 <= end ? u16le(b, o + 1) : -1;
  if (first === 0xfd) return o + 4 <= end ? u24le(b, o + 1) : -1;
  return first === 0xfe && o + 9 <= end ? u64le(b, o + 1) : -1;
}

/** Position after the length-encoded integer at `o`, at most `end`. */
export function lengthEnd(b: Uint8Array, o: number, end: number): number {
  const first = b[o];
  const size = first === 0xfc ? 3 : first === 0xfd ? 4 : first === 0xfe ? 9 : 1;
  return Math.min(end, o + size);
}

/** Parameters of a query that are passed over. */
const parameterLimit = 1024;

/**
 * Where the statement begins in a COM_QUERY body whose attributes are told (CLIENT_QUERY_ATTRIBUTES).
 * @param o after the command's byte
 */
export function statementStart(b: Uint8Array, o: number, end: number): number {
  const count = lengthOf(b, o, end);
  let at = lengthEnd(b, o, end);
  at = lengthEnd(b, at, end);
  if (count <= 0 || count > parameterLimit) return at;
  at += (count + 7) >> 3;
  const nulls = at - ((count + 7) >> 3);
  if (at >= end || b[at] !== 1) return end;
  at++;
  const types: number[] = [];
  for (let i = 0; i < count && at + 2 < end; i++) {
    types.push(b[at]);
    at += 2;
    at = lengthEnd(b, at, end) + Math.max(0, lengthOf(b, at, end));
  }
  for (let i = 0; i < types.length && at < end; i++) {
    if ((b[nulls + (i >> 3)] & (1 << (i & 7))) !== 0) continue;
    const size = fixedSizes[types[i]];
    if (size !== undefined) at += size;
    else if (isDated(types[i])) at += 1 + b[at];
    else at = lengthEnd(b, at, end) + Math.max(0, lengthOf(b, at, end));
  }
  return Math.min(at, end);
}

/** Bytes of values of a fixed size, by type. */
const fixedSizes: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 4, 4: 4, 5: 8, 6: 0, 8: 8, 9: 4, 13: 2 };
const isDated = (type: number): boolean => type === 7 || (type >= 10 && type <= 12);

export interface ServerError {
  readonly code: number;
  readonly state: string;
  readonly message: string;
}

/** Bytes of an error's text that are kept. */
const messageLimit = 512;

/** An ERR packet, `o` at its 0xff. */
export function readError(b: Uint8Array, o: number, end: number): ServerError {
  if (end - o < 3) return { code: 0, state: '', message: '' };
  const hasState = end - o >= 9 && b[o + 3] === 0x23;
  const at = o + (hasState ? 9 : 3);
  return {
    code: u16le(b, o + 1),
    state: hasState ? wireText(b, o + 4, o + 9) : '',
    message: maskEcho(wireText(b, at, Math.min(end, at + messageLimit))),
  };
}

/** Knows the greeting and the login anywhere, commands and refusals on the port. */
export const mysqlProbe: Probe = (b, at, end, hint) => {
  if (end - at < 5) return end - at < 3 || b[at + 2] === 0 ? probed.maybe : probed.no;
  const length = u24le(b, at);
  const seq = b[at + 3];
  const first = b[at + 4];
  if (length < 1 || length > 1 << 16 || seq > 2) return probed.no;
  if (seq === 0 && first === 10 && length >= 40) return isGreeting(b, at + 5, Math.min(end, at + 4 + length));
  if (seq > 0 && length >= 32) {
    if (end - at < 36) return (b[at + 5] & 2) !== 0 || end - at < 6 ? probed.maybe : probed.no;
    return isLogin(b, at + 4) ? probed.yes : probed.no;
  }
  if (!hint.isPort || seq !== 0) return probed.no;
  if (end - at < 4 + Math.min(length, 8)) return probed.maybe;
  if (first === 0xff) return length > 4 && b[at + 6] >= 4 && b[at + 6] <= 8 ? probed.yes : probed.no;
  return first === 3 && length > 6 && isLetters(b, at + 5, at + 8) ? probed.yes : probed.no;
};

/** A version's text, printable and ended by a zero byte, its first character a digit. */
function isGreeting(b: Uint8Array, o: number, end: number): number {
  if (o < end && (b[o] < 0x30 || b[o] > 0x39)) return probed.no;
  for (let i = o; i < end && i < o + 80; i++) {
    if (b[i] === 0) return i > o + 2 ? probed.yes : probed.no;
    if (b[i] < 0x20 || b[i] > 0x7e) return probed.no;
  }
  return end - o < 80 ? probed.maybe : probed.no;
}

/** Flags of protocol 4.1, a packet size, and reserved bytes of zero. */
export function isLogin(b: Uint8Array, o: number): boolean {
  if ((b[o + 1] & 2) === 0) return false;
  for (let i = o + 9; i < o + 28; i++) if (b[i] !== 0) return false;
  return (b[o + 4] | b[o + 5] | b[o + 6] | b[o + 7]) !== 0;
}

const isLetters = (b: Uint8Array, o: number, end: number): boolean => {
  for (let i = o; i < end; i++) if ((b[i] | 0x20) < 0x61 || (b[i] | 0x20) > 0x7a) return false;
  return true;
};
